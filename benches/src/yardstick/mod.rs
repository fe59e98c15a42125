//! The yardstick: kernels written by hand for one network each, with the instructions of AVX2 and of AVX-512.

mod batch;
mod dense;
pub mod image;
mod math;
mod simd;
mod single;
mod tiny;
mod tiny_training;
mod training;
mod update;

pub use math::EXP2;
pub use simd::{Avx2, Avx512};

use crate::networks::{BATCH, Case, Net, Task};
use crate::timing::Entry;
use std::hint::black_box;

/// The instructions of a kernel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum By {
    Avx2,
    Avx512,
}

impl By {
    /// Those that this processor has.
    pub fn detected() -> Vec<Self> {
        let avx2 = Avx2::detect().map(|_| Self::Avx2);
        avx2.into_iter().chain(Avx512::detect().map(|_| Self::Avx512)).collect()
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Avx2 => "by hand, AVX2",
            Self::Avx512 => "by hand, AVX-512",
        }
    }
}

/// Declares instances of kernels: functions that are called through a pointer and use an instruction set throughout.
macro_rules! kernels {
    ($($name:ident($Isa:ident; $($arg:ident: $T:ty),*) $(-> $R:ty)? { $kernel:expr })*) => {
        $(kernels! { @$Isa $name($($arg: $T),*) $(-> $R)? { $kernel } })*
    };
    (@Avx2 $($rest:tt)*) => { kernels! { "avx2,fma", Avx2, $($rest)* } };
    (@Avx512 $($rest:tt)*) => { kernels! { "avx512f,avx512dq,avx2,fma", Avx512, $($rest)* } };
    ($features:literal, $Isa:ident, $name:ident($($arg:ident: $T:ty),*) $(-> $R:ty)? { $kernel:expr }) => {
        #[target_feature(enable = $features)]
        fn $name($($arg: $T),*) $(-> $R)? {
            // SAFETY: who calls the function made sure of the instructions.
            let token = unsafe { $Isa::assume() };
            $kernel(token, $($arg),*)
        }
    };
}
use kernels;

/// A network with its input, its output and the kernel that this processor can run.
struct Hand<N, X, Y> {
    net: Box<N>,
    x: Box<X>,
    y: Box<Y>,
    kernel: unsafe fn(&N, &X, &mut Y),
}

impl<N: 'static, X: 'static, Y: 'static> Hand<N, X, Y> {
    fn entry(self, by: By, values: impl Fn(&Y) -> Vec<f32> + 'static) -> Entry {
        let call = |hand: &mut Self| {
            // SAFETY: `contestants` asks only for kernels that this processor can run.
            unsafe { (hand.kernel)(&hand.net, black_box(&hand.x), &mut hand.y) };
            black_box(&mut hand.y);
        };
        Entry::job(by.name(), self, call, move |hand| values(&hand.y))
    }
}

/// A value of all bytes zero that never was on the stack.
///
/// # Safety
/// All bytes zero must be a valid `T`.
unsafe fn zeroed<T>() -> Box<T> {
    // SAFETY: by the contract of this function.
    unsafe { Box::new_zeroed().assume_init() }
}

/// The kernels for a case that this processor can run.
pub fn contestants(case: &Case) -> Vec<Entry> {
    let contestant = |by| match (&case.task, case.net, case.rows) {
        (Task::Train { .. }, Net::A, _) | (_, Net::A, BATCH) => tiny_training::contestant(case, by),
        (Task::Train { .. }, ..) => training::contestant(case, by),
        (Task::Forward, Net::A | Net::B, _) => tiny::contestant(case, by),
        (Task::Forward, _, 1) => single::contestant(case, by),
        (Task::Forward, ..) => batch::contestant(case, by),
    };
    By::detected().into_iter().filter_map(contestant).collect()
}
