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
/// The optimiser has to see the whole program: opt-level "s", 2 or 3, `lto = true` and `panic = "abort"`, as the profile of the
/// program says them. `forward`, `forward_batch`, training, metrics, `load` and `save` link so; CI builds a program that
/// calls them all, at each of these levels. The number of codegen units is of no matter then, and `lto = "thin"` mostly does.
/// Without link-time optimisation nothing links at any level: code that was compiled with a library keeps the panics that no
/// program reaches. At opt-level 1 and "z" what links is chance. Printing (`core::fmt`) can panic.
///
/// Where something can panic, the linker says
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
/// All programs in `examples/bare-metal` and `examples/web` are built with it.
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
