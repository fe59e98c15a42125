//! The reader of weights never panics, refuses what is wrong by name or place, and agrees with the official one.

use nn_core::kernel::Isa;
use nn_core::layer::{Backward, Layer, Tensor};
use nn_core::prelude::*;
use nn_core::shape::{Row, Vector};
use nn_core::typenum::{U2, U3};
use nn_core::weights::{Dtype, WeightsError};
use safetensors::tensor::TensorView;
use safetensors::{Dtype as Official, SafeTensors};
use std::collections::BTreeMap;
use tests::files::{Array, members, mutate, mutate_inside, npz, safetensors, singles};
use tests::{parameters, set_parameters};

network! { struct Iris: 4 => 16 relu => 3; }
network! { struct Double: f64; 4 => 16 relu => 3; }

static SAFETENSORS: &[u8] = include_bytes!("models/iris_mlp.safetensors");
static NPZ: &[u8] = include_bytes!("models/iris_mlp.npz");

fn load<N: Trainable>(bytes: &[u8]) -> Result<Vec<N::Number>, WeightsError> {
    let mut net = N::ZERO;
    net.parameters_mut(|_, values| values.fill(N::Number::default()));
    let result = net.load(bytes);
    assert!(result.is_ok() || parameters(&net).iter().all(|p| *p == N::Number::default()), "something was written");
    result.map(|()| parameters(&net))
}

/// What the official reader makes of the file, if the network could take it.
fn official(bytes: &[u8]) -> Option<Vec<f32>> {
    let file = SafeTensors::deserialize(bytes).ok()?;
    let numbers = |name: &str, shape: &[usize]| {
        let tensor = file.tensor(name).ok().filter(|tensor| tensor.shape() == shape)?;
        let numbers: Vec<f32> = match tensor.dtype() {
            Official::F32 => tensor.data().as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect(),
            _ => return None,
        };
        numbers.iter().all(|number| number.is_finite()).then_some(numbers)
    };
    let transposed = |numbers: Vec<f32>, outputs: usize| {
        let inputs = numbers.len() / outputs;
        (0..numbers.len()).map(move |at| numbers[at % outputs * inputs + at / outputs]).collect::<Vec<_>>()
    };
    let first = [transposed(numbers("0.weight", &[16, 4])?, 16), numbers("0.bias", &[16])?].concat();
    let second = [transposed(numbers("2.weight", &[3, 16])?, 3), numbers("2.bias", &[3])?].concat();
    Some([first, second].concat())
}

/// Both formats, so many files each.
fn survives(count: usize) {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let (inside, mut right, mut refused) = (members(NPZ), 0, BTreeMap::new());
    for _ in 0..count {
        let file = mutate(SAFETENSORS, &mut rng);
        let (found, expected) = (load::<Iris>(&file), official(&file));
        match (found, expected) {
            (Ok(found), Some(expected)) => {
                assert_eq!(found, expected);
                right += 1;
            }
            (Err(error), None) => {
                let text = error.to_string();
                assert!(text.contains("byte ") || text.contains('`'), "{text}");
                *refused.entry(format!("{error:?}").chars().take(8).collect::<String>()).or_insert(0) += 1;
            }
            // The official reader passes over keys that the format does not have.
            (Err(error), Some(_)) if error.to_string().contains("expected `dtype`, `shape` and `data_offsets`") => {}
            (found, expected) => {
                let text = String::from_utf8_lossy(&file[..file.len().min(500)]).into_owned();
                panic!("{found:?}, official {expected:?}, {:?}\n{text}", SafeTensors::deserialize(&file).err());
            }
        }
        let file = if right % 2 == 0 { mutate(NPZ, &mut rng) } else { mutate_inside(&inside, &mut rng) };
        if let Err(error) = load::<Iris>(&file) {
            let text = error.to_string();
            assert!(text.contains("byte ") || text.contains('`'), "{text}");
        }
    }
    // Some mutations hurt nothing, most are refused, and for every kind of reason.
    assert!(right > count / 100 && right < count / 2, "{right} of {count}");
    for kind in ["Malforme", "Missing ", "Shape { ", "Dtype { "] {
        assert!(refused.contains_key(kind), "no file was refused as {kind}: {refused:?}");
    }
}

#[test]
fn mutated_files() {
    survives(20_000);
}

/// Half a million of each format, or as many as `MUTATED_FILES` says.
#[test]
#[ignore = "slow without optimisation"]
fn a_million_mutated_files() {
    let count = std::env::var("MUTATED_FILES").ok().and_then(|count| count.parse().ok());
    survives(count.unwrap_or(500_000));
}

#[test]
fn every_truncation_is_refused() {
    for len in 0..SAFETENSORS.len() {
        assert!(load::<Iris>(&SAFETENSORS[..len]).is_err(), "{len}");
    }
    for len in 0..NPZ.len() {
        assert!(load::<Iris>(&NPZ[..len]).is_err(), "{len}");
    }
}

/// A file of tensors, written by the official library.
fn file(tensors: &[(&str, Official, &[usize], Vec<u8>)]) -> Vec<u8> {
    let views = tensors
        .iter()
        .map(|(name, dtype, shape, data)| (*name, TensorView::new(*dtype, shape.to_vec(), data).expect("a tensor")));
    safetensors::serialize(views, None).expect("a file")
}

fn zeros(numbers: usize, bytes: usize) -> Vec<u8> {
    vec![0; numbers * bytes]
}

#[test]
fn what_is_wrong_is_said_with_the_tensor() {
    type Net = network!(2 => 3);
    let of = |weight: (Official, &[usize], Vec<u8>), bias: (Official, &[usize], Vec<u8>)| {
        load::<Net>(&file(&[("0.weight", weight.0, weight.1, weight.2), ("0.bias", bias.0, bias.1, bias.2)]))
    };
    let message = |result: Result<_, WeightsError>| result.map(drop).expect_err("an error").to_string();
    let right = || (Official::F32, &[3][..], zeros(3, 4));
    assert!(of((Official::F32, &[3, 2], zeros(6, 4)), right()).is_ok());
    let wrong = of((Official::F32, &[2, 3], zeros(6, 4)), right());
    assert_eq!(message(wrong), "`0.weight` is [2, 3] in the file, but [3, 2] in the network; it looks transposed");
    let wrong = of((Official::F32, &[3, 3], zeros(9, 4)), right());
    assert_eq!(message(wrong), "`0.weight` is [3, 3] in the file, but [3, 2] in the network");
    let wrong = of((Official::F32, &[3, 2], zeros(6, 4)), (Official::F32, &[1, 1, 1, 1, 3], zeros(3, 4)));
    assert_eq!(message(wrong), "`0.bias` is [1, 1, 1, 1, 3] in the file, but [3] in the network");
    let wrong = of((Official::I32, &[3, 2], zeros(6, 4)), right());
    assert_eq!(message(wrong), "the numbers of `0.weight` are no floating-point numbers");
    let wrong = of((Official::F64, &[3, 2], zeros(6, 8)), right());
    let advice = "which the network's can't hold; write the file in single precision, or `f64;` before the input";
    assert_eq!(message(wrong), format!("the numbers of `0.weight` are F64, {advice}"));
    let mut infinite = zeros(6, 4);
    infinite[16..20].copy_from_slice(&f32::INFINITY.to_le_bytes());
    assert_eq!(message(of((Official::F32, &[3, 2], infinite), right())), "number 4 of `0.weight` is not finite");
    let bias = file(&[("0.bias", Official::F32, &[3], zeros(3, 4))]);
    assert_eq!(message(load::<Net>(&bias)), "the file has no tensor `0.weight`");
    assert_eq!(message(load::<Net>(b"no file of weights")), "the header is longer than the file at byte 0");
    assert_eq!(message(load::<Net>(&[255; 40])), "the header is longer than the file at byte 0");
    assert_eq!(message(load::<Net>(&[])), "the file ends at byte 0");
    let path = "the file is a path, not the bytes of a file; `weights::load_file` takes a path";
    assert_eq!(message(load::<Net>(b"models/net.safetensors")), path);
    let net = Net::ZERO;
    assert_eq!(net.save(&mut [0; 10]), Err(WeightsError::Buffer { needed: Net::SAVED_LEN, found: 10 }));
}

/// Overlaps, holes, repetitions and spaces, in headers written by hand.
#[test]
fn headers_by_hand() {
    type Net = network!(1 => 1);
    let of = |header: &str, data: usize| {
        let bytes = [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &vec![0; data]].concat();
        (load::<Net>(&bytes).map(drop).map_err(|error| error.to_string()), SafeTensors::deserialize(&bytes).is_ok())
    };
    let tensor = |name: &str, shape: &str, from: usize, to: usize| {
        format!(r#""{name}":{{"dtype":"F32","shape":{shape},"data_offsets":[{from},{to}]}}"#)
    };
    let (weight, bias) = (tensor("0.weight", "[1,1]", 0, 4), tensor("0.bias", "[1]", 4, 8));
    assert_eq!(of(&format!("{{{weight},{bias}}}"), 8), (Ok(()), true));
    assert_eq!(of(&format!("{{{bias} ,\n\t{weight} }}   "), 8), (Ok(()), true));
    assert_eq!(of(&format!(r#"{{"__metadata__":{{"a":"b\"\u00e4"}},{weight},{bias}}}"#), 8), (Ok(()), true));
    let escaped = weight.replace("0.weight", r"0\u002eweight");
    assert_eq!(of(&format!("{{{escaped},{bias}}}"), 8), (Ok(()), true));
    let empty = tensor("empty", "[0,7]", 8, 8);
    assert_eq!(of(&format!("{{{weight},{empty},{bias}}}"), 8).0, Ok(()));

    let hole = tensor("0.bias", "[1]", 8, 12);
    let message = |place| Err(format!("the data of the tensors overlap, or have a hole at byte {place}"));
    let header = format!("{{{weight},{hole}}}");
    assert_eq!(of(&header, 12), (message(8 + header.len() + 4), false));
    let overlap = tensor("0.bias", "[1]", 0, 4);
    let header = format!("{{{weight},{overlap}}}");
    assert_eq!(of(&header, 4), (message(8 + header.len() + 4), false));
    let header = format!("{{{weight},{bias}}}");
    assert_eq!(of(&header, 9), (message(8 + header.len() + 8), false));
    let (again, third) = (tensor("0.weight", "[1,1]", 8, 12), "the file has more than one tensor `0.weight`");
    assert_eq!(of(&format!("{{{weight},{bias},{again}}}"), 12).0, Err(third.to_string()));
    for (problem, header) in [
        ("expected `:`", r#"{"a"}"#.to_string()),
        ("a string has no end", r#"{"a"#.to_string()),
        ("unknown dtype", format!("{{{weight},{}}}", bias.replace("F32", "F33"))),
        ("the data of a tensor are not as long as its shape", format!("{{{weight},{}}}", bias.replace("[1]", "[2]"))),
        ("the data of a tensor end after the file", format!("{{{weight},{}}}", bias.replace("8", "80"))),
        ("expected `dtype`, `shape` and `data_offsets`", format!("{{{weight},{}}}", bias.replace("shape", "shade"))),
        ("a shape is too large", format!("{{{weight},{}}}", bias.replace("[1]", "[4294967296,4294967296,16]"))),
        ("the header has more than one value", format!("{{{weight},{bias}}} {{}}")),
    ] {
        let (result, is_right) = of(&header, 8);
        let error = result.expect_err("an error");
        assert!(error.starts_with(problem) && error.contains(" at byte "), "{error}, not {problem}");
        assert!(!is_right, "{header}");
    }
}

/// Files that are taken for weights: a pointer of Git LFS, and what `torch.save` writes, now and before version 1.6.
#[test]
fn other_files_are_known() {
    let saved: &[u8] = include_bytes!("models/wrong/saved.pt");
    let pointer: &[u8] = include_bytes!("models/wrong/pointer.safetensors");
    let old: &[u8] = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.";
    for (file, words) in [(pointer, "git lfs pull"), (saved, "`torch.save`"), (old, "`torch.save`")] {
        let error = load::<Iris>(file).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
    // A header of 640 bytes begins like an old pickle, and is none.
    let mut file = vec![0; 8 + 640];
    file[..8].copy_from_slice(&640_u64.to_le_bytes());
    assert!(!load::<Iris>(&file).unwrap_err().to_string().contains("torch"));
}

#[test]
fn halves_are_widened_and_singles_too() {
    type Net = network!(1 => 2);
    type Wide = network!(f64; 1 => 2);
    let halves: Vec<u8> = [0x3c00_u16, 0xc100].iter().flat_map(|bits| bits.to_le_bytes()).collect();
    let brains: Vec<u8> = [0x3fc0_u16, 0xbf80].iter().flat_map(|bits| bits.to_le_bytes()).collect();
    let bytes = file(&[("0.weight", Official::F16, &[2, 1], halves), ("0.bias", Official::BF16, &[2], brains)]);
    assert_eq!(load::<Net>(&bytes), Ok(vec![1.0, -2.5, 1.5, -1.0]));
    assert_eq!(load::<Wide>(&bytes), Ok(vec![1.0, -2.5, 1.5, -1.0]));
    let singles = load::<Iris>(SAFETENSORS).expect("a file");
    let doubles = load::<Double>(SAFETENSORS).expect("a file");
    assert!(singles.iter().zip(doubles).all(|(single, double)| f64::from(*single) == double));
    let found = load::<Net>(&file(&[
        ("0.weight", Official::F64, &[2, 1], zeros(2, 8)),
        ("0.bias", Official::F32, &[2], zeros(2, 4)),
    ]));
    assert!(matches!(found, Err(WeightsError::Dtype { found: Dtype::F64, .. })), "{found:?}");
}

/// Names, blocks, branches and nested networks: what is written is read again, here and by the official library.
#[test]
fn what_is_saved_is_read() {
    network! { struct Inner: f64; 6 => inner: 5 tanh => 4; }
    network! {
        struct Outer: f64;
            3 => first: 6 relu => dropout(0.5) => [6 relu => deep: 6] => (2 | 3 sigmoid => 4 | wide: 6 => Inner) => Last => 2;
    }
    network! { struct Last: f64; 10 => 3; }
    let mut net = Outer::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(7));
    let mut bytes = vec![0xff; Outer::SAVED_LEN + 5];
    let len = net.save(&mut bytes).expect("room");
    assert_eq!(len, Outer::SAVED_LEN);
    assert_eq!(bytes[len..], [0xff; 5]);
    let bytes = &bytes[..len];
    assert_eq!(load::<Outer>(bytes), Ok(parameters(&net)));
    let official = SafeTensors::deserialize(bytes).expect("a file");
    let mut names = official.names();
    names.sort_unstable();
    let layers =
        ["3.0", "3.deep", "4.0.0", "4.1.0", "4.1.2", "4.2.1.2", "4.2.1.inner", "4.2.wide", "5.0", "6", "first"];
    let expected: Vec<_> =
        layers.iter().flat_map(|layer| [format!("{layer}.bias"), format!("{layer}.weight")]).collect();
    assert_eq!(names, expected);
    let tensor = official.tensor("first.weight").expect("a tensor");
    assert_eq!((tensor.shape(), tensor.dtype()), (&[6, 3][..], Official::F64));
    let one_by_two = &tensor.data()[8 * 5..8 * 6];
    assert_eq!(one_by_two, net.first().weights[2][1].to_le_bytes());
    // All numbers aligned: as the format wants it.
    assert_eq!((bytes.len() - Outer::FLASH) % 8, 0);
}

#[test]
fn a_layer_of_the_user_has_its_own_names() {
    let mut net = Iris::ZERO;
    let numbers: Vec<f32> = (0..131).map(|number| number as f32).collect();
    set_parameters(&mut net, &numbers);
    let mut bytes = [0; Iris::SAVED_LEN];
    net.save(&mut bytes).expect("room");
    // The first row of the file's matrix is all that goes to the first node.
    let file = SafeTensors::deserialize(&bytes).expect("a file");
    let weight = file.tensor("0.weight").expect("a tensor");
    let first_row: Vec<_> = weight.data()[..16].as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    assert_eq!(first_row, [0.0, 16.0, 32.0, 48.0]);
}

/// Two filters over three values: a layer with a tensor of three dimensions, and one with a hole in its shape.
struct Filters<const SHAPE: usize> {
    weights: [f32; 6],
}

impl<const SHAPE: usize> Layer for Filters<SHAPE> {
    type T = f32;
    type In = Vector<U3>;
    type Out = Vector<U2>;
    const ZEROED: Self = Self { weights: [0.0; 6] };
    const LABEL: &'static str = "filters";
    const MULTIPLIES: usize = 6;
    const TENSORS: &'static [Tensor] = match SHAPE {
        3 => &[Tensor::new("weight", Kind::Weight, &[1, 2, 3])],
        _ => &[Tensor::new("weight", Kind::Weight, &[1, 1, 1, 2, 3])],
    };

    fn forward_rows<K: Isa>(&self, _: K, _: &[Row<f32, Self::In>], _: &mut [Row<f32, Self::Out>]) {}
}

impl<const SHAPE: usize> Backward for Filters<SHAPE> {
    fn backward_rows<K: Isa>(
        &self,
        _: K,
        _: &[Row<f32, Self::In>],
        _: &[Row<f32, Self::Out>],
        _: Option<&mut [Row<f32, Self::In>]>,
        _: &mut Self,
    ) {
    }

    fn tensors<const N: usize>(all: [&mut Self; N], each: &mut impl FnMut([&mut [f32]; N])) {
        each(all.map(|layer| layer.weights.as_mut_slice()));
    }

    fn read_tensors(&self, each: &mut impl FnMut(&[f32])) {
        each(&self.weights);
    }
}

/// Tensors of more than two dimensions, whose numbers are in the order of rows here.
#[test]
fn many_dimensions() {
    type Three = network!(3 => Filters<3>);
    type Five = network!(3 => Filters<5>);
    let of = |fortran, shape, numbers: &[f32]| npz(&[Array("0.weight.npy", "'<f4'", fortran, shape, singles(numbers))]);
    let (rows, columns) = ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
    assert_eq!(load::<Three>(&of(false, "(1, 2, 3)", &rows)), Ok(rows.to_vec()));
    assert_eq!(load::<Three>(&of(true, "(1, 2, 3)", &columns)), Ok(rows.to_vec()));
    assert_eq!(load::<Five>(&of(true, "(1, 1, 1, 2, 3)", &columns)), Ok(rows.to_vec()));
    for wrong in ["(1, 1, 1, 1, 6)", "(1, 1, 1, 3, 2)", "(1, 1, 1, 2)", "(1, 1, 1, 1, 2, 3)", "(2, 3)", "(6,)", "()"] {
        let numbers =
            &rows[..wrong.bytes().filter(u8::is_ascii_digit).map(|digit| usize::from(digit - b'0')).product()];
        let error = load::<Five>(&of(false, wrong, numbers)).expect_err("another shape");
        assert!(matches!(error, WeightsError::Shape { .. }), "{wrong}: {error}");
    }
    let mut net = Five::ZERO;
    net.load(&of(false, "(1, 1, 1, 2, 3)", &rows)).expect("a file");
    let mut bytes = [0; Five::SAVED_LEN];
    net.save(&mut bytes).expect("room");
    assert_eq!(load::<Five>(&bytes), Ok(rows.to_vec()));
    assert!(SafeTensors::deserialize(&bytes).is_ok());
}

/// Names are whole, however long they are and however deep they stand: in files, in errors and in summaries.
#[test]
fn long_names_are_whole() {
    network! { struct Attention: 4 => key_value_projection_of_block_1: 4 relu => 3; }
    network! { struct Encoder: 4 => self_attention_of_encoder_layer1: Attention => 2; }
    network! { struct Whole: 4 => encoder_of_the_left_half_of_it: Encoder relu => encoder_of_the_right_half_of_it: Last; }
    network! { struct Last: 2 => self_attention_of_encoder_layer1: Small; }
    network! { struct Small: 2 => key_value_projection_of_block_1: 2; }
    let mut net = Whole::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(3));
    let mut bytes = vec![0; Whole::SAVED_LEN];
    net.save(&mut bytes).expect("room");
    assert_eq!(load::<Whole>(&bytes), Ok(parameters(&net)));
    let official = SafeTensors::deserialize(&bytes).expect("a file");
    assert_eq!(official.len(), 8);
    let layer = "encoder_of_the_left_half_of_it.self_attention_of_encoder_layer1.key_value_projection_of_block_1";
    assert!(official.tensor(&format!("{layer}.weight")).is_ok());
    let error = net.load(&safetensors("{}", &[])).expect_err("no tensor");
    assert_eq!(error.to_string(), format!("the file has no tensor `{layer}.weight`"));
    assert!(matches!(error, WeightsError::Missing { name } if name == format!("{layer}.weight").as_str()));
    assert_eq!(error, net.load(&safetensors("{ }", &[])).expect_err("no tensor"));
    assert!(Whole::summary().to_string().contains(&format!("  {layer} dense ")), "{}", Whole::summary());
}

/// A gigabyte that a header promises is not there, and none is taken.
#[test]
fn hostile_numbers() {
    type Net = network!(1 => 1);
    for length in [u64::MAX, 1 << 63, 1 << 40, 100] {
        assert!(load::<Net>(&[&length.to_le_bytes()[..], &[b' '; 20]].concat()).is_err());
    }
    let offsets = [(0, u64::MAX), (u64::MAX, 0), (4, 0), (0, 5), (u64::MAX - 3, u64::MAX), (1 << 32, (1 << 32) + 4)];
    for (begin, end) in offsets {
        let header = format!(r#"{{"0.weight":{{"dtype":"F32","shape":[1,1],"data_offsets":[{begin},{end}]}}}}"#);
        assert!(load::<Net>(&safetensors(&header, &[0; 8])).is_err(), "{header}");
    }
    // Archives whose list lies outside, overlaps itself, or says that there is more than there is.
    let archive = npz(&[Array("0.weight.npy", "'<f4'", false, "(1, 1)", singles(&[1.0]))]);
    let end = archive.len() - 22;
    let list = u32::from_le_bytes(archive[end + 16..end + 20].try_into().expect("four bytes")) as usize;
    for (at, len) in [(end + 10, 2), (end + 16, 4), (list + 20, 4), (list + 28, 2), (list + 42, 4), (26, 2), (28, 2)] {
        let mut wrong = archive.clone();
        wrong[at..at + len].fill(0xff);
        assert!(load::<Net>(&wrong).is_err(), "{at}");
    }
}
