//! Lines for the host, `name: value`. Without `core::fmt`, which is larger than the networks.

use semihosting::io::{Write, stdout};
use semihosting::process;

/// Writes a line.
pub fn text(name: &str, value: &str) {
    if let Ok(mut host) = stdout() {
        for part in [name, ": ", value, "\n"] {
            // Nobody is left to tell if the host does not listen.
            let _ = host.write(part.as_bytes());
        }
    }
}

/// Writes a line with a number.
#[inline(never)]
pub fn number(name: &str, value: usize) {
    let (mut digits, mut rest) = ([0; 10], value);
    let mut first = 0;
    for (at, digit) in digits.iter_mut().enumerate().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
        first = at;
        if rest == 0 {
            break;
        }
    }
    let digits = digits.get(first..).unwrap_or_default();
    text(name, core::str::from_utf8(digits).unwrap_or_default());
}

/// Writes how deep the stack was, and ends the program: successfully, if it did what it is for.
pub fn finish(success: bool) -> ! {
    number("stack", crate::stack());
    process::exit(i32::from(!success))
}
