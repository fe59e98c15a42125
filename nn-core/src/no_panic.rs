//! A panic handler that does not exist.

/// A panic handler that calls a function which does not exist, so that a program links only if no panic can be reached.
///
/// It takes the place of `use panic_halt as _;` and the like, in a binary without the standard library:
///
/// ```ignore
/// #![no_std]
/// #![no_main]
///
/// nn_core::no_panic_handler!();
/// ```
///
/// The optimiser has to see the whole program: `lto = true` and `codegen-units = 1`, opt-level "s", 2 or 3, and
/// `panic = "abort"`. Where something can panic, the linker says
///
/// ```text
/// undefined symbol: a_panic_can_be_reached
/// >>> referenced by …
/// ```
///
/// In WebAssembly, where undefined functions are imports, the module then imports `a_panic_can_be_reached`, and can't be
/// instantiated without it. To find the panic, define the function for a moment (`-C link-arg=--defsym=a_panic_can_be_reached=0`)
/// and look in the disassembly for what calls `core::panicking`.
///
/// All programs in `examples/cortex-m` and `examples/web` are built with it.
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
