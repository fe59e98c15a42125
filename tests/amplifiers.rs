//! Networks that guitarists play, by other people: what they give as it was recorded.

use nn_core::kernel::InstructionSet;
use nn_core::prelude::*;
use safetensors::SafeTensors;
use std::sync::LazyLock;

network! { struct Standard: stream 1 => wavenet(a1_standard); }
network! { struct Lite: stream 1 => wavenet(a1_lite); }
network! { struct Feather: stream 1 => wavenet(a1_feather); }
network! { struct Nano: stream 1 => wavenet(a1_nano); }
network! { struct Full: stream 1 => wavenet(a2_full); }
network! { struct Small: stream 1 => wavenet(a2_lite); }
network! { struct Tiny: stream 1 => wavenet(channels = (3, 2), kernel = 3, dilations = ((1, 2), (8))); }
network! { struct Lstm: stream 1 => lstm(3, start = learned) => 1; }
network! { struct Gru8: stream 1 => [gru(8) => 1]; }
network! { struct Lstm8: stream 1 => [lstm(8) => 1]; }

static RECORDINGS: LazyLock<SafeTensors<'static>> = LazyLock::new(|| {
    SafeTensors::deserialize(include_bytes!("models/amplifiers/recordings.safetensors")).expect("a file")
});

fn recording(name: &str) -> Vec<[f32; 1]> {
    let tensor = RECORDINGS.tensor(name).expect("a recording");
    tensor.data().as_chunks().0.iter().map(|bytes| [f32::from_le_bytes(*bytes)]).collect()
}

/// What a network gives, in blocks of these lengths.
fn play<N>(net: &N, x: &[[f32; 1]], state: &mut State<N>, lengths: &[usize]) -> Vec<[f32; 1]>
where
    N: Stream<Input = [f32; 1], Output = [f32; 1]>,
{
    let (mut y, mut at) = (vec![[f32::NAN]; x.len()], 0);
    for length in lengths.iter().cycle() {
        let end = x.len().min(at + length);
        net.process(&x[at..end], &mut y[at..end], state).expect("as many");
        at = end;
        if at == x.len() {
            return y;
        }
    }
    unreachable!("there are lengths")
}

/// How far a recording may be from ours.
const TOLERANCE: f32 = 1e-5;

fn assert_near(found: &[[f32; 1]], expected: &[[f32; 1]], name: &str) {
    assert_eq!(found.len(), expected.len(), "{name}");
    for (t, ([found], [expected])) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() < TOLERANCE, "{name}, sample {t}: {found} and {expected}");
    }
}

/// So many samples tell of the blocks.
const SHORT: usize = 500;

/// That a network gives its recording after so much silence and without it, on every instruction set, and the same bits in blocks of any
/// length.
fn agrees<N>(net: &N, x: &str, name: &str, silence: usize)
where
    N: Stream<Number = f32, Input = [f32; 1], Output = [f32; 1]>,
{
    let (x, y) = (recording(x), recording(name));
    let (mut state, mut warm) = (Box::new(State::NEW), Box::new(State::NEW));
    if silence > 0 {
        let cold = recording(&format!("{name}_cold"));
        assert_near(&play(net, &x[..cold.len()], &mut state, &[64]), &cold, &format!("{name}, cold"));
        state.restart(net);
        play(net, &vec![[0.0]; silence], &mut state, &[64]);
    }
    warm.copy_from(&state);
    assert_near(&play(net, &x[..y.len()], &mut state, &[64]), &y, name);
    let best = InstructionSet::current();
    for set in InstructionSet::ALL.into_iter().filter(|set| set.select()) {
        let mut all = [&[64][..], &[1], &[2, 3, 1, 5, 7, 0, 4], &[65, 63, 128, 31, 17]].into_iter().map(|lengths| {
            state.copy_from(&warm);
            (play(net, &x[..SHORT], &mut state, lengths), lengths)
        });
        let (heard, _) = all.next().expect("blocks");
        assert_near(&heard, &y[..SHORT], &format!("{name} on {set:?}"));
        for (other, lengths) in all {
            let differs = heard.iter().zip(&other).position(|(a, b)| a[0].to_bits() != b[0].to_bits());
            assert_eq!(differs, None, "{name} on {set:?}, in blocks of {lengths:?}");
        }
    }
    assert!(best.select());
}

/// The network with the weights of a file.
macro_rules! net {
    ($Net:ident, $file:literal) => {{
        let mut net = Box::new($Net::ZERO);
        net.load(include_bytes!(concat!("models/amplifiers/", $file, ".safetensors"))).expect("a file");
        net
    }};
}

#[test]
fn amplifiers_sound_as_recorded() {
    agrees(&*net!(Tiny, "tiny"), "riff", "tiny", 22);
    agrees(&*net!(Standard, "a1_standard"), "riff", "a1_standard", 4_092);
    agrees(&*net!(Lite, "a1_lite"), "plucked", "a1_lite", 4_092);
    agrees(&*net!(Feather, "a1_feather"), "plucked", "a1_feather", 4_092);
    agrees(&*net!(Nano, "a1_nano"), "plucked", "a1_nano", 4_092);
    agrees(&*net!(Full, "a2_full"), "riff", "a2_full", 6_346);
    agrees(&*net!(Small, "a2_lite"), "riff", "a2_lite", 6_346);
    agrees(&*net!(Lstm, "lstm"), "riff", "lstm", 0);
    agrees(&*net!(Gru8, "gru8_ts9"), "plucked", "gru8_ts9", 0);
    agrees(&*net!(Lstm8, "lstm8_ts9"), "plucked", "lstm8_ts9", 0);
}

#[test]
fn their_sizes_are_known() {
    macro_rules! sizes {
        ($($Net:ident: $parameters:literal, $macs:literal, $field:literal, $state:literal;)*) => {$(
            assert_eq!(($Net::PARAMETERS, $Net::MACS), ($parameters, $macs), "{}", $Net::NAME);
            assert_eq!(($Net::FIELD, $Net::WARM_UP), (Some($field), Some($field - 1)), "{}", $Net::NAME);
            assert_eq!(($Net::STATE, size_of::<State<$Net>>()), ($state, $state), "{}", $Net::NAME);
        )*};
    }
    // All numbers of a `.nam` but its last. The state is the frames that taps look back to, and a place for each layer.
    sizes! {
        Standard: 13_801, 13_320, 4_093, 196_576;
        Lite: 6_553, 6_228, 4_093, 104_464;
        Feather: 3_025, 2_808, 4_093, 69_696;
        Nano: 841, 732, 4_093, 34_928;
        Full: 12_145, 11_776, 6_347, 203_264;
        Small: 1_870, 1_731, 6_347, 76_432;
    }
}
