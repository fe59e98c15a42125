//! Nothing allocates: not declaring, not training, not running.

use nn_core::prelude::*;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

/// Counts the allocations of each thread; the test runner's own threads may allocate as they like.
struct Counting;

#[allow(unsafe_code)]
// SAFETY: every call is passed on unchanged to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

fn allocations(f: impl FnOnce()) -> usize {
    let before = ALLOCATIONS.get();
    f();
    ALLOCATIONS.get() - before
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| drop(std::hint::black_box(Box::new(1)))), 1);
}

fn learns<O: Optimizer<Network = Xor>>(mut optimizer: O) {
    let count = allocations(|| {
        let data = [([0.0, 0.0], [0.0]), ([0.0, 1.0], [1.0]), ([1.0, 0.0], [1.0]), ([1.0, 1.0], [0.0])];
        let mut net = Xor::ZERO;
        net.init(&mut ChaCha8Rng::seed_from_u64(1));
        let mut memory = Training::<Xor, 3>::ZERO;
        let mut trainer = Trainer::new(&mut memory, &mut optimizer, BinaryCrossEntropyWithLogits);
        let result = trainer.fit(&mut net, &data, &mut [0; 4], 20, |_| Continue(()));
        assert!(result.is_ok());

        let mut seen = 0;
        let mut outputs = [[0.0]; 2];
        net.forward_batch(&[[0.0, 1.0], [1.0, 1.0]], &mut outputs);
        assert_eq!(net.activations(&[0.0, 1.0], |_, values| seen += values.len()), outputs[0]);
        assert_eq!(seen, 8 + 8 + 4 + 4 + 1);
        assert_eq!(net.forward(&[0.0, 1.0]), outputs[0]);
    });
    assert_eq!(count, 0);
}

network! { struct Xor: 2 => 8 relu => 4 sigmoid => 1; }

#[test]
fn nothing_allocates() {
    learns(Sgd::new(0.1));
    learns(Momentum::new(0.1, 0.9));
    learns(Adam::new(0.01));
}
