//! What the vectors of all machines have in common, as macros: a machine's module names its registers and intrinsics.
//!
//! **Why this is sound.** The intrinsics of a vector must run only where the CPU has them. The head of each of those modules
//! says why they do.

/// An expression of intrinsics that touch no memory.
macro_rules! cpu {
    ($($expression:tt)*) => {
        // SAFETY: the CPU has them, as the head of the vector's module says.
        unsafe { $($expression)* }
    };
}

/// A vector of `f32`: its register, its half, its intrinsics, and what differs from one to the other.
macro_rules! vector {
    (
        $(#[$doc:meta])* $Vector:ident($Register:ty), $LEN:literal, $Half:ty;
        $add:ident $sub:ident $mul:ident $div:ident $max:ident $min:ident $sqrt:ident;
        $splat:ident $load:ident $store:ident;
        mul_add($a:ident, $b:ident, $c:ident) $mul_add:expr;
        largest($now:ident, $later:ident) $largest:expr;
        if_positive($x:ident, $yes:ident, $no:ident) $if_positive:expr;
        abs($abs_x:ident) $abs:expr;
        neg($neg_x:ident) $neg:expr;
        sum($sum_x:ident) $sum:expr;
        $(sums($sums_of:ident) $sums:expr;)?
        shifted($bits:ident) $shifted:expr;
        signed($size:ident, $signs:ident) $signed:expr;
        split($whole:ident) $split:expr;
        $(first($first_at:ident, $count:ident, $others:ident) $first:expr;)?
        $(write_first($to:ident, $to_count:ident, $what:ident) $write_first:expr;)?
        $(last($last_at:ident, $last_count:ident) $last:expr;)?
        $(write_last($last_to:ident, $last_to_count:ident, $last_what:ident) $write_last:expr;)?
        $(four($at:ident) $four:expr;)?
        $(columns($row_at:ident, $step:ident) $low:ident $high:ident $shuffle:ident, $row_of:expr;
            rows($rows_at:ident, $rows_step:ident, $rows_of:ident) $write_rows:expr;)?
        $(two($two_at:ident) $two:expr;
            twice($twice_at:ident, $twice_count:ident) $twice:expr;
            by_turns($turns_to:ident, $turns_count:ident, $turns:ident) $by_turns:expr;)?
        $(quads($terms:ident, $rows:ident, $start:ident, $sizes:ident) $quads:expr;)?
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        #[repr(transparent)]
        pub struct $Vector($Register);

        vector!(@operators $Vector: Add add $add, Sub sub $sub, Mul mul $mul, Div div $div);

        impl Neg for $Vector {
            type Output = Self;
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn neg(self) -> Self {
                let $neg_x = self.0;
                Self(cpu!($neg))
            }
        }

        impl Sealed for $Vector {}

        impl Lanes<f32> for $Vector {
            type Chunk = [f32; $LEN];
            type Half = $Half;
            const LEN: usize = $LEN;

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn splat(x: f32) -> Self {
                Self(cpu!($splat(x)))
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn load(chunk: &Self::Chunk) -> Self {
                // SAFETY: a chunk is as many readable floats as the vector has; the load asks for no alignment.
                Self(unsafe { $load(chunk.as_ptr()) })
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn store(self, chunk: &mut Self::Chunk) {
                // SAFETY: a chunk is as many writable floats as the vector has; the store asks for no alignment.
                unsafe { $store(chunk.as_mut_ptr(), self.0) }
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn chunks(numbers: &[f32]) -> (&[Self::Chunk], &[f32]) {
                numbers.as_chunks()
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn chunks_mut(numbers: &mut [f32]) -> (&mut [Self::Chunk], &mut [f32]) {
                numbers.as_chunks_mut()
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn mul_add(self, by: Self, plus: Self) -> Self {
                let ($a, $b, $c) = (self.0, by.0, plus.0);
                Self(cpu!($mul_add))
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn max(self, other: Self) -> Self {
                Self(cpu!($max(self.0, other.0)))
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn min(self, other: Self) -> Self {
                Self(cpu!($min(self.0, other.0)))
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn largest(self, later: Self) -> Self {
                let ($now, $later) = (self.0, later.0);
                Self(cpu!($largest))
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn if_positive(self, yes: Self, no: Self) -> Self {
                let ($x, $yes, $no) = (self.0, yes.0, no.0);
                Self(cpu!($if_positive))
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn abs(self) -> Self {
                let $abs_x = self.0;
                Self(cpu!($abs))
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn sqrt(self) -> Self {
                Self(cpu!($sqrt(self.0)))
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn sum(self) -> f32 {
                let $sum_x = self.0;
                $sum
            }
            $(
                #[cfg_attr(not(debug_assertions), inline(always))]
                fn sums(four: [Self; 4]) -> [f32; 4] {
                    let $sums_of = four.map(|vector| vector.0);
                    $sums
                }
            )?
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn map(self, f: impl Fn(f32) -> f32) -> Self {
                let mut lanes = [0.0; $LEN];
                self.store(&mut lanes);
                Self::load(&lanes.map(f))
            }
            $(
                #[cfg_attr(not(debug_assertions), inline(always))]
                unsafe fn read_first($first_at: *const f32, $count: usize, others: Self) -> Self {
                    let $others = others.0;
                    // SAFETY: the caller's promise; lanes that are masked out are not read.
                    Self(unsafe { $first })
                }
            )?
            $(
                #[cfg_attr(not(debug_assertions), inline(always))]
                unsafe fn write_first(self, $to: *mut f32, $to_count: usize) {
                    let $what = self.0;
                    // SAFETY: the caller's promise; lanes that are masked out are not written.
                    unsafe { $write_first }
                }
            )?
            $(
                #[cfg_attr(not(debug_assertions), inline(always))]
                unsafe fn read_last($last_at: *const f32, $last_count: usize) -> Self {
                    // SAFETY: the caller's promise; lanes that are masked out are not read.
                    Self(unsafe { $last })
                }
            )?
            $(
                #[cfg_attr(not(debug_assertions), inline(always))]
                unsafe fn write_last(self, $last_to: *mut f32, $last_to_count: usize) {
                    let $last_what = self.0;
                    // SAFETY: the caller's promise; lanes that are masked out are not written.
                    unsafe { $write_last }
                }
            )?
            $(
                #[cfg_attr(not(debug_assertions), inline(always))]
                unsafe fn read_four($at: *const f32) -> [Self; 4] {
                    // SAFETY: the caller's promise.
                    unsafe { $four }
                }
            )?
            $(
                #[cfg_attr(not(debug_assertions), inline(always))]
                unsafe fn read_columns($row_at: *const f32, $step: usize) -> [Self; 4] {
                    let mut rows = [Self::splat(0.0); 4];
                    // SAFETY: the caller's promise.
                    unsafe {
                        for (row, numbers) in rows.iter_mut().enumerate() {
                            let $row_at = $row_at.add(row * $step);
                            *numbers = Self($row_of);
                        }
                    }
                    Self::turned(rows)
                }
                #[cfg_attr(not(debug_assertions), inline(always))]
                unsafe fn write_columns(columns: [Self; 4], at: *mut f32, $rows_step: usize) {
                    for (row, $rows_of) in Self::turned(columns).into_iter().enumerate() {
                        let $rows_of = $rows_of.0;
                        // SAFETY: the caller's promise.
                        unsafe {
                            let $rows_at = at.add(row * $rows_step);
                            $write_rows
                        }
                    }
                }
            )?
            $(
                const HAS_TURNS: bool = true;
                #[cfg_attr(not(debug_assertions), inline(always))]
                unsafe fn read_two($two_at: *const f32) -> Self {
                    // SAFETY: the caller's promise.
                    Self(unsafe { $two })
                }
                #[cfg_attr(not(debug_assertions), inline(always))]
                unsafe fn read_twice($twice_at: *const f32, $twice_count: usize) -> Self {
                    // SAFETY: the caller's promise; lanes that are masked out are not read.
                    Self(unsafe { $twice })
                }
                #[cfg_attr(not(debug_assertions), inline(always))]
                unsafe fn write_by_turns(self, $turns_to: *mut f32, $turns_count: usize) {
                    let $turns = self.0;
                    // SAFETY: the caller's promise; lanes that are masked out are not written.
                    unsafe { $by_turns }
                }
            )?
            $(
                #[cfg_attr(not(debug_assertions), inline(always))]
                unsafe fn quads($terms: *const f32, $rows: *const f32, $start: Option<*const f32>, $sizes: [usize; 2]) -> Option<[f32; 4]> {
                    // SAFETY: the caller's promise; lanes that are masked out are not read.
                    Some(unsafe { $quads })
                }
            )?
            functions!();
        }

        $(
            impl $Vector {
                /// Of every four lanes, the four numbers of the first vector as the first numbers of all four, and so on.
                #[cfg_attr(not(debug_assertions), inline(always))]
                fn turned(rows: [Self; 4]) -> [Self; 4] {
                    let [a, b, c, d] = rows.map(|row| row.0);
                    cpu!({
                        let [ab, cd] = [$low(a, b), $low(c, d)];
                        let [ab_high, cd_high] = [$high(a, b), $high(c, d)];
                        [
                            Self($shuffle::<0x44>(ab, cd)),
                            Self($shuffle::<0xee>(ab, cd)),
                            Self($shuffle::<0x44>(ab_high, cd_high)),
                            Self($shuffle::<0xee>(ab_high, cd_high)),
                        ]
                    })
                }
            }
        )?

        impl PowerOfTwo for $Vector {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn low_bits_to_exponent(self) -> Self {
                let $bits = self.0;
                Self(cpu!($shifted))
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn or_sign_of(self, x: Self) -> Self {
                let ($size, $signs) = (self.0, x.0);
                Self(cpu!($signed))
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn split(self) -> (Self, Self) {
                let $whole = self.0;
                let (n, m) = cpu!($split);
                (Self(n), Self(m))
            }
        }
    };
    (@operators $Vector:ident: $($Trait:ident $method:ident $intrinsic:ident),*) => {$(
        impl $Trait for $Vector {
            type Output = Self;
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn $method(self, other: Self) -> Self {
                Self(cpu!($intrinsic(self.0, other.0)))
            }
        }
    )*};
}

/// One `f32` with fused operations, for what is left at the end of a slice.
macro_rules! fused_one {
    (mul_add($a:ident, $b:ident, $c:ident) $mul_add:expr) => {
        /// One `f32` with fused operations.
        #[derive(Clone, Copy, Debug)]
        pub struct F32x1Fused(f32);

        operators!([] F32x1Fused);

        impl Sealed for F32x1Fused {}

        impl Lanes<f32> for F32x1Fused {
            one_number!(f32);

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn mul_add(self, by: Self, plus: Self) -> Self {
                let ($a, $b, $c) = (self.0, by.0, plus.0);
                Self(cpu!($mul_add))
            }
            functions!();
        }

        impl PowerOfTwo for F32x1Fused {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn low_bits_to_exponent(self) -> Self {
                Self(One(self.0).low_bits_to_exponent().0)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn or_sign_of(self, x: Self) -> Self {
                Self(One(self.0).or_sign_of(One(x.0)).0)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn split(self) -> (Self, Self) {
                let (n, m) = One(self.0).split();
                (Self(n.0), Self(m.0))
            }
        }
    };
}

/// The functions of a vector of `f32`, as methods of [`Lanes`].
macro_rules! functions {
    () => {
        type Fast = super::fast::Fast<Self>;

        functions!(exp, exp_m1, ln_normal, sigmoid, tanh, gelu, gelu_slope);

        #[cfg_attr(not(debug_assertions), inline(always))]
        fn exp_of_difference(self, largest: Self) -> Self {
            math::exp_of_difference(self, largest)
        }

        #[cfg_attr(not(debug_assertions), inline(always))]
        fn softmax(row: &mut [f32]) -> [f32; 2] {
            math::softmax::<Self, false>(row)
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn softmax_of_lanes(lanes: &mut [Self]) -> [f32; 2] {
            math::softmax_of_lanes::<Self, false>(lanes)
        }
    };
    ($($name:ident),*) => {$(
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn $name(self) -> Self {
            math::$name(self)
        }
    )*};
}
