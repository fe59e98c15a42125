//! The functions of the module, and all of its unsafe code.
//!
//! A pointer is the address in the module's memory of numbers that the other functions change in place.
#![allow(unsafe_code)]

use crate::State;
use core::cell::UnsafeCell;

struct Single(UnsafeCell<State>);

// SAFETY: the module is built without shared memory, so an instance of it runs on one thread.
unsafe impl Sync for Single {}

static STATE: Single = Single(UnsafeCell::new(State::NEW));

/// Lends the state to `work`.
fn with<T>(work: impl FnOnce(&mut State) -> T) -> T {
    // SAFETY: no other reference to the state exists. Only this function makes one, only the functions below call it, none
    // of them within `work`, and the module imports nothing through which a caller could come back meanwhile.
    work(unsafe { &mut *STATE.0.get() })
}

// As a function that does not exist is an import in WebAssembly, a module in which something can panic imports one: whoever
// instantiates it without imports, as `page.js` does, is refused.
nn_core::no_panic_handler!();

/// Forgets the drawing.
#[unsafe(no_mangle)]
pub extern "C" fn digit_clear() {
    with(|state| {
        state.drawing.clear();
        state.digits.pixels = [0.0; _];
    });
}

/// Begins a stroke at `x` to the right and `y` down, both from 0 to 32. Outside, the pen does not write.
#[unsafe(no_mangle)]
pub extern "C" fn digit_pen_down(x: f32, y: f32) {
    with(|state| {
        state.drawing.pen_down([x, y]);
        state.digits.pixels = crate::pixels::of(state.drawing.points());
    });
}

/// Goes on with the stroke to `x` and `y`, in a straight line.
#[unsafe(no_mangle)]
pub extern "C" fn digit_pen_move(x: f32, y: f32) {
    with(|state| {
        state.drawing.pen_move([x, y]);
        state.digits.pixels = crate::pixels::of(state.drawing.points());
    });
}

/// Reads the digit that the pixels show, and returns the most probable one.
#[unsafe(no_mangle)]
pub extern "C" fn digit_read() -> usize {
    with(|state| state.digits.read())
}

/// The drawing: 32x32 bytes, 1 where there is ink.
#[unsafe(no_mangle)]
pub extern "C" fn digit_drawing() -> *const u8 {
    with(|state| state.drawing.bitmap.as_ptr())
}

/// What the network sees: 28x28 numbers of type `f32`, from 0 to 1. They may be set before [`digit_read`] instead of drawing.
#[unsafe(no_mangle)]
pub extern "C" fn digit_pixels() -> *mut f32 {
    with(|state| state.digits.pixels.as_mut_ptr())
}

/// What the eight filters of the first convolution found at the last [`digit_read`], after ReLU and pool, as `f32`: 13x13 places, row by
/// row, each with all eight.
#[unsafe(no_mangle)]
pub extern "C" fn digit_found() -> *const f32 {
    with(|state| state.digits.found.as_flattened().as_ptr())
}

/// The probabilities of the ten digits at the last [`digit_read`], as `f32`.
#[unsafe(no_mangle)]
pub extern "C" fn digit_probabilities() -> *const f32 {
    with(|state| state.digits.probabilities.as_ptr())
}

/// Makes an untrained network for the exclusive or. Its first weights follow from the seed.
#[unsafe(no_mangle)]
pub extern "C" fn xor_start(seed: u32) {
    with(|state| state.xor = Some(crate::xor::Learner::new(seed.into())));
}

/// Makes so many steps of training, and returns the loss before the last one; NaN if there was none.
#[unsafe(no_mangle)]
pub extern "C" fn xor_train(steps: u32) -> f32 {
    with(|state| state.xor.as_mut().and_then(|learner| learner.train(steps).ok()).unwrap_or(f32::NAN))
}

/// How probable the network finds it that the exclusive or is one; NaN before the first [`xor_start`].
#[unsafe(no_mangle)]
pub extern "C" fn xor_predict(a: f32, b: f32) -> f32 {
    with(|state| state.xor.as_ref().map_or(f32::NAN, |learner| learner.predict([a, b])))
}

/// Draws what [`xor_predict`] says all over the plane: 48x48 bytes from 0 to 255, `a` from -0.25 to 1.25 to the right and
/// `b` as much upwards, the top row first.
#[unsafe(no_mangle)]
pub extern "C" fn xor_map() -> *const u8 {
    with(|State { xor, map, .. }| {
        if let Some(learner) = xor {
            learner.draw(map);
        }
        map.as_ptr()
    })
}
