//! A tap of a convolution of three channels, along a block of frames that lies channel by channel, and copies of frames.
#![allow(unsafe_code)]

use core::arch::asm;

/// An input of four frames times its three weights, added to three sums of each.
macro_rules! input {
    ($x:literal, $a:literal, $b:literal, $c:literal) => {
        concat!(
            "vldmia {", $x, "}!, {{s12-s15}}\n",
            input!(@ $a, "s0", "s1", "s2", "s3"),
            input!(@ $b, "s4", "s5", "s6", "s7"),
            input!(@ $c, "s8", "s9", "s10", "s11"),
        )
    };
    (@ $weight:literal, $a:literal, $b:literal, $c:literal, $d:literal) => {
        concat!(
            "vmla.f32 ", $a, ", s12, ", $weight, "\n vmla.f32 ", $b, ", s13, ", $weight, "\n",
            "vmla.f32 ", $c, ", s14, ", $weight, "\n vmla.f32 ", $d, ", s15, ", $weight, "\n",
        )
    };
}

/// As [`Native::three_channels`](super::super::native::Native::three_channels): the nine weights stay in registers. Four frames at a time,
/// then one.
///
/// # Safety
/// As for it.
#[inline(never)]
pub unsafe fn three_channels(x: (*const f32, usize), weights: *const f32, y: (*mut f32, usize), frames: usize) {
    let (x, [x1, x2]) = (x.0, [x.1, 2 * x.1].map(|by| x.0.wrapping_add(by)));
    let (y, [y1, y2]) = (y.0, [y.1, 2 * y.1].map(|by| y.0.wrapping_add(by)));
    // SAFETY: the caller's promise. Processors whose programs pass numbers in registers of the unit have it.
    unsafe {
        asm!(
            "vldmia {weights}, {{s20-s28}}",
            "lsrs {n}, {frames}, #2",
            "beq 3f",
            "2:", // Four frames.
            "vldmia {y0}, {{s0-s3}}",
            "vldmia {y1}, {{s4-s7}}",
            "vldmia {y2}, {{s8-s11}}",
            input!("x0", "s20", "s21", "s22"),
            input!("x1", "s23", "s24", "s25"),
            input!("x2", "s26", "s27", "s28"),
            "vstmia {y0}!, {{s0-s3}}",
            "vstmia {y1}!, {{s4-s7}}",
            "vstmia {y2}!, {{s8-s11}}",
            "subs {n}, {n}, #1",
            "bne 2b",
            "3:",
            "ands {n}, {frames}, #3",
            "beq 5f",
            "4:", // One frame.
            "vldr s0, [{y0}]\n vldr s1, [{y1}]\n vldr s2, [{y2}]",
            "vldmia {x0}!, {{s12}}\n vldmia {x1}!, {{s13}}\n vldmia {x2}!, {{s14}}",
            "vmla.f32 s0, s12, s20\n vmla.f32 s1, s12, s21\n vmla.f32 s2, s12, s22",
            "vmla.f32 s0, s13, s23\n vmla.f32 s1, s13, s24\n vmla.f32 s2, s13, s25",
            "vmla.f32 s0, s14, s26\n vmla.f32 s1, s14, s27\n vmla.f32 s2, s14, s28",
            "vstmia {y0}!, {{s0}}\n vstmia {y1}!, {{s1}}\n vstmia {y2}!, {{s2}}",
            "subs {n}, {n}, #1",
            "bne 4b",
            "5:",
            weights = in(reg) weights,
            frames = in(reg) frames,
            n = out(reg) _,
            x0 = inout(reg) x => _, x1 = inout(reg) x1 => _, x2 = inout(reg) x2 => _,
            y0 = inout(reg) y => _, y1 = inout(reg) y1 => _, y2 = inout(reg) y2 => _,
            out("s0") _, out("s1") _, out("s2") _, out("s3") _, out("s4") _, out("s5") _, out("s6") _, out("s7") _,
            out("s8") _, out("s9") _, out("s10") _, out("s11") _, out("s12") _, out("s13") _, out("s14") _, out("s15") _,
            out("s20") _, out("s21") _, out("s22") _, out("s23") _, out("s24") _, out("s25") _, out("s26") _, out("s27") _,
            out("s28") _,
            options(nostack),
        );
    }
}

/// As [`Native::copy`](super::super::native::Native::copy): sixteen numbers at a time.
#[inline(never)]
pub fn copy(from: &[f32], to: &mut [f32]) {
    // SAFETY: so many numbers can be read and written. The machine has the registers, as above.
    unsafe {
        asm!(
            "subs {n}, {n}, #16",
            "blo 3f",
            "2:",
            "vldmia {from}!, {{s0-s15}}",
            "vstmia {to}!, {{s0-s15}}",
            "subs {n}, {n}, #16",
            "bhs 2b",
            "3:",
            "adds {n}, {n}, #16",
            "beq 5f",
            "4:",
            "ldr {number}, [{from}], #4",
            "str {number}, [{to}], #4",
            "subs {n}, {n}, #1",
            "bne 4b",
            "5:",
            n = inout(reg) from.len().min(to.len()) => _,
            from = inout(reg) from.as_ptr() => _,
            to = inout(reg) to.as_mut_ptr() => _,
            number = out(reg) _,
            out("s0") _, out("s1") _, out("s2") _, out("s3") _, out("s4") _, out("s5") _, out("s6") _, out("s7") _,
            out("s8") _, out("s9") _, out("s10") _, out("s11") _, out("s12") _, out("s13") _, out("s14") _, out("s15") _,
            options(nostack),
        );
    }
}
