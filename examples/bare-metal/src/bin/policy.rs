//! RAPTOR, a policy that flies quadrotors and remembers how they answer (Eschmann et al. 2025), acts as it was recorded.
#![no_std]
#![no_main]

use bare_metal_examples::recorded::{is_near, tensor};
use bare_metal_examples::{counted, finish, number, program};
use nn_core::prelude::*;

network! {
    #[weights("../data/raptor.safetensors")]
    struct Raptor: stream 22 => 16 relu => gru(16, start = learned) => 4;
}

/// Two flights of so many steps.
const STEPS: usize = 500;
const FILE: &[u8] = include_bytes!("../../../../tests/models/raptor.expected.safetensors");
static SEEN: [f32; 2 * STEPS * 22] = tensor(FILE, "x");
static DONE: [f32; 2 * STEPS * 4] = tensor(FILE, "y");

program!(main());

fn main() -> ! {
    let (mut state, mut right) = (State::NEW, 0);
    for (step, (seen, done)) in SEEN.as_chunks().0.iter().zip(DONE.as_chunks::<4>().0).enumerate() {
        if step == STEPS {
            state.restart(Raptor::TRAINED);
        }
        let action = counted(|| Raptor::TRAINED.step(seen, &mut state));
        right += usize::from(is_near(&action, done, 2e-6));
    }
    number("right", right);
    number("data", size_of_val(&SEEN) + size_of_val(&DONE));
    number("promised", Raptor::RAM + Raptor::STATE + 4 * size_of::<f32>());
    finish(right == 2 * STEPS)
}
