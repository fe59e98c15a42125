//! Newtypes around what lies elsewhere.

/// `newtype! { [generics] Outer<…>: Inner<…>, name }`: a function `name` from a borrowed `Inner` to an `Outer` whose field `0` it
/// is, beside which there is nothing of a size.
macro_rules! newtype {
    ([$($generics:tt)*] $Outer:ty: $Inner:ty, $name:ident) => {
        impl<$($generics)*> $Outer {
            /// It, around what lies elsewhere.
            #[allow(unsafe_code)]
            pub(crate) fn $name(inner: &mut $Inner) -> &mut Self {
                let _: fn(&Self) -> &$Inner = |outer| &outer.0;
                const {
                    assert!(core::mem::offset_of!(Self, 0) == 0 && size_of::<Self>() == size_of::<$Inner>());
                    assert!(align_of::<Self>() == align_of::<$Inner>());
                }
                // SAFETY: its field `0` is an `Inner`, begins where it does, and is as long and aligned alike; so what else there is
                // in it has no size.
                unsafe { &mut *(&raw mut *inner).cast() }
            }
        }
    };
}
pub(crate) use newtype;

#[cfg(test)]
mod tests {
    #[repr(C)]
    struct Outer<const N: usize>([f32; N], ());
    newtype! { [const N: usize] Outer<N>: [f32; N], around }

    #[test]
    fn it_is_what_it_is_around() {
        let mut inner = [1.0, 2.0, 3.0];
        let outer = Outer::around(&mut inner);
        outer.0[1] = 5.0;
        let Outer([first, ..], ()) = outer;
        *first = 4.0;
        assert_eq!(inner, [4.0, 5.0, 3.0]);
        assert_eq!(Outer::around(&mut []).0, []);
    }
}
