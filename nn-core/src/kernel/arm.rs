//! What a Cortex-M with a floating-point unit does in fewer instructions than the compiler finds: loads of several numbers, and,
//! where it takes it for slow, `vmla`, which multiplies and adds with two roundings.
//!
//! Stable Rust names the registers of the unit as overwritten only, so that a row is one block of assembly. Its tests are the
//! programs for these processors.
#![allow(unsafe_code)]

pub mod planar;

use super::jobs::{Product, Start};
use super::product::parts;
use crate::number::storage::Plain;
use core::arch::asm;

/// The same, of which the compiler knows nothing.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn hidden(mut at: *const f32) -> *const f32 {
    // SAFETY: it does nothing.
    unsafe { asm!("/* {} */", inout(reg) at, options(pure, nomem, nostack, preserves_flags)) };
    at
}

/// Nothing, which the compiler does not repeat in a loop on its own account.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn once() {
    // SAFETY: it does nothing.
    unsafe { asm!("", options(nomem, nostack, preserves_flags)) };
}

/// What totals begin with, and sums where there is no bias.
static ZEROS: [f32; 8] = [0.0; 8];

/// One term of eight columns, the number of `a` being so far from `{a}`.
macro_rules! term {
    ($offset:literal) => {
        concat!(
            "vldr s24, [{a}, #",
            $offset,
            "]\n",
            "vldmia {b}, {{s0-s7}}\n add {b}, {b}, #{TERMS_ON}\n",
            "vmla.f32 s8, s24, s0\n vmla.f32 s9, s24, s1\n vmla.f32 s10, s24, s2\n vmla.f32 s11, s24, s3\n",
            "vmla.f32 s12, s24, s4\n vmla.f32 s13, s24, s5\n vmla.f32 s14, s24, s6\n vmla.f32 s15, s24, s7",
        )
    };
}

/// Terms of a part that are computed at a time.
const fn unrolled(terms: usize) -> usize {
    if terms.is_multiple_of(4) {
        4
    } else if terms.is_multiple_of(2) {
        2
    } else {
        1
    }
}

/// By how many bytes the weights are behind those of the next part or, if there is one part, of the next columns.
const fn back(terms: usize, columns: usize) -> usize {
    (4 * terms * columns).wrapping_sub(if parts(terms, columns) > 1 { 4 * columns } else { 32 })
}

/// Whether [`eights`] can do it: every part has as many terms, and all steps are small.
const fn fits(terms: usize, columns: usize) -> bool {
    let parts = parts(terms, columns);
    columns >= 8 && terms > 0 && terms.is_multiple_of(parts) && 4 * columns * parts < 4_096 && 4 * terms < 4_096
}

/// The eights of the columns of a row, if it is of sizes that [`eights`] can do. Says how many columns these are.
///
/// # Safety
/// As [`Native::columns`](super::native::Native).
#[cfg_attr(not(debug_assertions), inline(always))]
pub unsafe fn columns<I: Plain<f32>, O: Plain<f32>>(product: &Product<f32>) -> usize {
    if const { fits(I::LEN, O::LEN) } {
        // SAFETY: the caller's promise.
        unsafe { eights::<I, O>(product) };
        const { O::LEN / 8 * 8 }
    } else {
        0
    }
}

/// One row of `I` terms, of as many of its `O` columns as are a multiple of eight: the sums of [`Product::compute`], in the
/// same order.
///
/// # Safety
/// As [`columns`]; the sizes [fit](fits).
#[cfg_attr(not(debug_assertions), inline(always))]
unsafe fn eights<I: Plain<f32>, O: Plain<f32>>(product: &Product<f32>) {
    let (start, start_step) = if let Start::Row(start) = product.start { (start, 32) } else { (ZEROS.as_ptr(), 0) };
    // SAFETY: the caller's promise. Processors whose programs pass numbers in registers of the unit have it.
    unsafe {
        asm!(
            "2:", // Eight columns.
            ".if {PARTS} > 1",
            "movs {parts}, #{PARTS}",
            "vldmia {zeros}, {{s16-s23}}",
            ".endif",
            "vldmia {start}, {{s8-s15}}",
            "3:", // A part.
            ".if {ROUNDS} > 1",
            "movw {n}, #{ROUNDS}",
            ".endif",
            "4:", // Some terms.
            concat!(term!("0"), "\n.if {UNROLLED} > 1\n", term!("{PARTS} * 4"), "\n.endif"),
            concat!(".if {UNROLLED} > 2\n", term!("{PARTS} * 8"), "\n", term!("{PARTS} * 12"), "\n.endif"),
            ".if {ROUNDS} > 1",
            "add {a}, {a}, #{UNROLLED} * {PARTS} * 4",
            "subs {n}, {n}, #1",
            "bne 4b",
            "sub {a}, {a}, #{TERMS} * 4",
            ".endif",
            ".if {PARTS} > 1",
            // Nothing is changed by it that they begin with 0: with a second part, which does so too, none is -0 at the end.
            "vadd.f32 s16, s16, s8\n vadd.f32 s17, s17, s9\n vadd.f32 s18, s18, s10\n vadd.f32 s19, s19, s11",
            "vadd.f32 s20, s20, s12\n vadd.f32 s21, s21, s13\n vadd.f32 s22, s22, s14\n vadd.f32 s23, s23, s15",
            "vldmia {zeros}, {{s8-s15}}",
            "add {a}, {a}, #4",
            "sub {b}, {b}, {back}",
            "subs {parts}, {parts}, #1",
            "bne 3b",
            "vstmia {c}!, {{s16-s23}}",
            "sub {a}, {a}, #{PARTS} * 4",
            "sub {b}, {b}, #{TERMS_ON} - 32",
            ".else",
            "vstmia {c}!, {{s8-s15}}",
            "sub {b}, {b}, {back}",
            ".endif",
            "add {start}, {start}, {start_step}",
            "subs {blocks}, {blocks}, #1",
            "bne 2b",
            PARTS = const parts(I::LEN, O::LEN),
            TERMS = const I::LEN,
            UNROLLED = const unrolled(I::LEN / parts(I::LEN, O::LEN)),
            ROUNDS = const I::LEN / parts(I::LEN, O::LEN) / unrolled(I::LEN / parts(I::LEN, O::LEN)),
            TERMS_ON = const 4 * O::LEN * parts(I::LEN, O::LEN),
            a = inout(reg) product.a.0 => _,
            b = inout(reg) product.b.0 => _,
            c = inout(reg) product.c.0 => _,
            start = inout(reg) start => _,
            start_step = in(reg) start_step,
            zeros = in(reg) ZEROS.as_ptr(),
            back = in(reg) const { back(I::LEN, O::LEN) },
            blocks = inout(reg) O::LEN / 8 => _,
            parts = out(reg) _,
            n = out(reg) _,
            out("s0") _, out("s1") _, out("s2") _, out("s3") _, out("s4") _, out("s5") _, out("s6") _, out("s7") _,
            out("s8") _, out("s9") _, out("s10") _, out("s11") _, out("s12") _, out("s13") _, out("s14") _, out("s15") _,
            out("s16") _, out("s17") _, out("s18") _, out("s19") _, out("s20") _, out("s21") _, out("s22") _, out("s23") _,
            out("s24") _,
            options(nostack),
        );
    }
}

/// As [`Native::rectify`](super::native::Native::rectify): the eights of the numbers, if they are worth a call.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn rectify(numbers: &mut [f32]) -> usize {
    let (eights, _) = numbers.as_chunks_mut();
    if eights.len() < 2 {
        return 0;
    }
    rectify_eights(eights);
    8 * eights.len()
}

/// One number of eight.
macro_rules! rectified {
    ($register:literal) => {
        concat!("vcmp.f32 ", $register, ", #0.0\n vmrs APSR_nzcv, fpscr\n it mi\n vmovmi.f32 ", $register, ", s8")
    };
}

#[inline(never)]
fn rectify_eights(eights: &mut [[f32; 8]]) {
    // SAFETY: there is one at least, and they are read and written as they are. The machine has the registers, as in `eights`.
    unsafe {
        asm!(
            "vmov s8, {zero}",
            "2:",
            "vldmia {at}, {{s0-s7}}",
            rectified!("s0"), rectified!("s1"), rectified!("s2"), rectified!("s3"),
            rectified!("s4"), rectified!("s5"), rectified!("s6"), rectified!("s7"),
            "vstmia {at}!, {{s0-s7}}",
            "subs {count}, {count}, #1",
            "bne 2b",
            zero = in(reg) 0,
            at = inout(reg) eights.as_mut_ptr() => _,
            count = inout(reg) eights.len() => _,
            out("s0") _, out("s1") _, out("s2") _, out("s3") _, out("s4") _, out("s5") _, out("s6") _, out("s7") _,
            out("s8") _,
            options(nostack),
        );
    }
}
