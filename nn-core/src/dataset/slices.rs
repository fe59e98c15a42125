//! Samples that lie side by side.

use super::Dataset;

/// Samples `(input, target)`, or with a mark before each step where an episode begins.
macro_rules! samples {
    ([$($generics:tt)*] $Sample:ty => $Input:ty, |$sample:ident, $step:ident| $begins:expr) => {
        impl<I: Clone, T: Clone, $($generics)*> Dataset for [$Sample] {
            type Input = $Input;
            type Target = T;
            #[inline]
            fn len(&self) -> usize {
                <[$Sample]>::len(self)
            }
            #[inline]
            fn input(&self, index: usize, into: &mut $Input) -> Option<()> {
                into.clone_from(&self.get(index)?.0);
                Some(())
            }
            #[inline]
            fn target(&self, index: usize) -> Option<T> {
                Some(self.get(index)?.1.clone())
            }
            #[inline]
            fn begins(&self, index: usize, $step: usize) -> bool {
                self.get(index).is_some_and(|$sample| $begins)
            }
        }
        samples! { as_slice [const N: usize, $($generics)*] [$Sample; N] => $Input }
        #[cfg(feature = "std")]
        samples! { as_slice [$($generics)*] std::vec::Vec<$Sample> => $Input }
    };
    (as_slice [$($generics:tt)*] $Samples:ty => $Input:ty) => {
        impl<I: Clone, T: Clone, $($generics)*> Dataset for $Samples {
            type Input = $Input;
            type Target = T;
            #[inline]
            fn len(&self) -> usize {
                self.as_slice().len()
            }
            #[inline]
            fn input(&self, index: usize, into: &mut $Input) -> Option<()> {
                self.as_slice().input(index, into)
            }
            #[inline]
            fn target(&self, index: usize) -> Option<T> {
                self.as_slice().target(index)
            }
            #[inline]
            fn begins(&self, index: usize, step: usize) -> bool {
                self.as_slice().begins(index, step)
            }
        }
    };
}
samples! { [] (I, T) => I, |_sample, _step| false }
samples! { [const STEPS: usize] ([I; STEPS], T, [bool; STEPS]) => [I; STEPS], |sample, step| sample.2.get(step) == Some(&true) }
