//! An amplifier that Neural Amp Modeler learnt, "A2" with 3 channels, plays from flash in blocks of 64 samples, as PyTorch recorded it.
#![no_std]
#![no_main]

use bare_metal_examples::recorded::{is_near, tensor};
use bare_metal_examples::{counted, finish, number, program};
use nn_core::prelude::*;

network! {
    #[weights("../../tests/models/amplifiers/a2_lite.safetensors")]
    struct Amp: stream 1 => wavenet(a2_lite);
}

/// The first samples after silence, until the network has heard as far back as it listens.
const LEN: usize = Amp::WARM_UP.unwrap();
const FILE: &[u8] = include_bytes!("../../../../tests/models/amplifiers/recordings.safetensors");
static RIFF: [f32; LEN] = tensor(FILE, "riff");
static RECORDED: [f32; LEN] = tensor(FILE, "a2_lite_cold");

program!(main(State<Amp> = State::NEW));

fn main(state: &mut State<Amp>) -> ! {
    let (mut y, mut right) = ([[0.0]; 64], 0);
    for (x, recorded) in RIFF.chunks(y.len()).zip(RECORDED.chunks(y.len())) {
        let (x, y) = (x.as_chunks().0, y.get_mut(..x.len()).unwrap_or_default());
        let played = counted(|| Amp::TRAINED.process(x, y, state));
        let near = played.is_ok() && is_near(y.as_flattened(), recorded, 1e-5);
        right += if near { y.len() } else { 0 };
    }
    number("right", right);
    number("data", size_of_val(&RIFF) + size_of_val(&RECORDED));
    number("promised", Amp::RAM + Amp::STATE + size_of_val(&y));
    finish(right == LEN)
}
