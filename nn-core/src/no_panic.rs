//! A panic handler that does not exist.

/// A panic handler that calls a function which does not exist, so that a program links only if the linker finds no way to a
/// panic.
///
/// ```ignore
/// #![no_std]
/// #![no_main]
/// nn_core::no_panic_handler!(); // instead of `use panic_halt as _;`
/// ```
#[macro_export]
macro_rules! no_panic_handler {
    () => {
        #[panic_handler]
        fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
            unsafe extern "C" {
                safe fn a_panic_can_be_reached() -> !;
            }
            a_panic_can_be_reached()
        }
    };
}
