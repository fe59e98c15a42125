//! The state of a stream: how large it is, and that what is loaded is what was saved and nothing else is taken for it.

use nn_core::network::StateError;
use nn_core::prelude::*;

network! { struct Amp: stream 1 => lstm(5) => 1; }
network! { struct Voice: f64; stream 2 => gru(3, start = learned) tanh => [rnn(3)] => 2; }
network! { struct Wider: stream 1 => lstm(6) => 1; }
network! { struct Longer: stream 1 => gru(5) => gru(5) => 1; }
network! { struct Window: stream 1 => window(4) => conv(2, 3, padding = causal) => 1; }
network! { struct Forgetful: stream 1 => 4 relu => 1; }

fn net<N: Stream + nn_core::network::Learns>() -> N {
    let mut net = N::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(7));
    net.parameters_mut(|kind, values| {
        if kind == Kind::Bias {
            values.iter_mut().enumerate().for_each(|(at, value)| *value = number::<N::Number>(at));
        }
    });
    net
}

fn number<T: nn_core::scalar::Scalar>(of: usize) -> T {
    T::from_f64((of * 5 % 7) as f64 / 8.0 - 0.25)
}

/// A stream that was saved goes on as the one that was not.
fn goes_on<N, const IN: usize, const OUT: usize>(len: usize)
where
    N: Stream<Input = [<N as Network>::Number; IN], Output = [<N as Network>::Number; OUT]> + nn_core::network::Learns,
{
    let net = net::<N>();
    let frame = |at: usize| core::array::from_fn(|channel| number(at * 3 + channel));
    for frames in [0, 1, 6] {
        let mut state = State::<N>::NEW;
        for at in 0..frames {
            net.step(&frame(at), &mut state);
        }
        let mut bytes = vec![0xa5; State::<N>::SAVED_LEN + 3];
        assert_eq!(state.save(&mut bytes), Ok(len));
        assert_eq!(bytes[len..], [0xa5; 3]);

        let mut again = State::NEW;
        net.step(&frame(1), &mut again);
        again.load(&bytes[..len]).expect("what was saved");
        for at in 0..4 {
            assert_eq!(net.step(&frame(at), &mut again), net.step(&frame(at), &mut state));
        }
    }
}

#[test]
fn a_stream_goes_on_after_it_was_saved() {
    goes_on::<Amp, 1, 1>(24 + 10 * 4);
    goes_on::<Voice, 2, 2>(24 + 6 * 8 + 1); // and whether it has begun
    goes_on::<Window, 1, 1>(State::<Window>::SAVED_LEN);
    goes_on::<Forgetful, 1, 1>(24);
    assert_eq!((Amp::STATE, Voice::STATE, Forgetful::STATE), (40, 56, 0));
    assert_eq!(size_of::<State<Voice>>(), Voice::STATE);
}

#[test]
fn what_is_not_finite_is_saved_bit_for_bit() {
    let net = net::<Amp>();
    let (mut state, mut again) = (net.start(), net.start());
    net.step(&[f32::NAN], &mut state);
    let (mut bytes, mut bytes_again) = ([0; State::<Amp>::SAVED_LEN], [1; State::<Amp>::SAVED_LEN]);
    state.save(&mut bytes).expect("room");
    again.load(&bytes).expect("what was saved");
    again.save(&mut bytes_again).expect("room");
    assert_eq!(bytes, bytes_again);
    assert!(!again.is_finite());
}

#[test]
fn damage_is_found() {
    let net = net::<Voice>();
    let mut state = net.start();
    net.step(&[0.5, -0.5], &mut state);
    let mut bytes = [0; State::<Voice>::SAVED_LEN];
    state.save(&mut bytes).expect("room");
    let mut other = net.start();
    for at in 0..bytes.len() {
        for flipped in [1, 0x80, 0xff] {
            let mut bytes = bytes;
            bytes[at] ^= flipped;
            let expected = if at < 8 { StateError::Unknown } else { StateError::Damaged };
            assert_eq!(other.load(&bytes), Err(expected), "byte {at}");
        }
        let short = if at < 8 { StateError::Unknown } else { StateError::Damaged };
        assert_eq!(other.load(&bytes[..at]), Err(short), "{at} bytes");
    }
    assert_eq!(other.load(&[&bytes[..], &[0]].concat()), Err(StateError::Damaged));
    // Nothing of it was taken over.
    assert_eq!(net.step(&[0.1, 0.2], &mut other), net.step(&[0.1, 0.2], &mut net.start()));
    let mut short = [0; State::<Voice>::SAVED_LEN - 1];
    let error = StateError::Buffer { needed: short.len() + 1, found: short.len() };
    assert_eq!(state.save(&mut short), Err(error));
    assert_eq!(short, [0; State::<Voice>::SAVED_LEN - 1]);
    assert_eq!(error.to_string(), "a state takes 73 bytes, but there is room for 72");
}

#[test]
fn the_state_of_another_network_is_foreign() {
    let mut bytes = [0; State::<Amp>::SAVED_LEN];
    State::<Amp>::NEW.save(&mut bytes).expect("room");
    assert_eq!(State::<Wider>::default().load(&bytes), Err(StateError::Foreign));
    // As many numbers, of other layers.
    assert_eq!(State::<Longer>::SAVED_LEN, State::<Amp>::SAVED_LEN);
    assert_eq!(State::<Longer>::default().load(&bytes), Err(StateError::Foreign));
    assert_eq!(State::<Amp>::default().load(b"nnckpt01 and what follows"), Err(StateError::Unknown));
}

#[test]
fn the_summary_says_how_much_is_remembered() {
    let of = |text: String| text.lines().last().map(str::to_owned);
    assert_eq!(of(Amp::summary().to_string()).as_deref(), Some("  state: 40 bytes, remembers for ever"));
    assert_eq!(of(Forgetful::summary().to_string()).as_deref(), Some("  working memory: 5 values, 20 bytes"));
}
