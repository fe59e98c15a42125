//! What is read when a network is compiled and what is read when it runs are the same, of any file.

use super::file::Source;
use super::found::Numbers;
use super::number::Format;
use super::trained;
use crate::ast::Declaration;
use crate::parse;
use crate::report::Report;
use crate::resolve;
use nn_core::prelude::*;
use proc_macro2::TokenStream;
use tests::files::{Array, archive, members, mutate, mutate_inside, npz, safetensors, singles};
use tests::parameters;

nn_core::network! { struct Iris: 4 => 16 relu => 3; }
nn_core::network! { struct Small: 2 => 3; }
nn_core::network! { struct Double: f64; 2 => 3; }

/// A declaration as the macro knows it.
struct Declared(Declaration, resolve::Network);

impl Declared {
    fn of(text: &str) -> Self {
        let mut report = Report::default();
        let tokens: TokenStream = format!("#[weights(\"a\")] {text}").parse().expect("tokens");
        let declaration = parse::declaration(tokens.into_iter().collect(), &mut report);
        let network = resolve::network(&declaration, &mut report);
        Self(declaration, network)
    }

    /// The bytes of the parameters that the macro reads, or how many mistakes it tells.
    fn read(&self, bytes: &[u8], is_big_endian: bool) -> Result<Vec<u8>, usize> {
        let (Self(declaration, network), mut report) = (self, Report::default());
        let source = Source { path: "a".into(), bytes: bytes.to_vec() };
        let format = Format { is_double: declaration.scalar == "f64", is_big_endian };
        let weights = declaration.attributes.weights.as_ref().expect("an attribute");
        let trained = trained::from(&source, weights, format, network, &mut report);
        assert_eq!(trained.is_none(), !report.is_empty());
        match trained.ok_or_else(|| report.errors().count())?.numbers {
            Numbers::Whole(bytes) => Ok(bytes),
            Numbers::Tensors(_) => panic!("all shapes are known"),
        }
    }
}

/// Whether the network takes the file; both readers say the same.
fn takes<N: Trainable>(declared: &Declared, bytes: &[u8], to_bytes: fn(&N::Number) -> Vec<u8>) -> Result<(), String> {
    let mut net = N::ZERO;
    let loaded = net.load(bytes).map(|()| parameters(&net).iter().flat_map(to_bytes).collect::<Vec<_>>());
    match (declared.read(bytes, false), loaded) {
        (Ok(compiled), Ok(loaded)) => {
            assert_eq!(compiled, loaded);
            Ok(())
        }
        (Err(_), Err(error)) => Err(error.to_string()),
        (compiled, loaded) => panic!("compiled {compiled:?}, loaded {loaded:?}"),
    }
}

fn small(bytes: &[u8]) -> Result<(), String> {
    takes::<Small>(&Declared::of("struct Small: 2 => 3;"), bytes, |number| number.to_le_bytes().to_vec())
}

fn double(bytes: &[u8]) -> Result<(), String> {
    takes::<Double>(&Declared::of("struct Double: f64; 2 => 3;"), bytes, |number| number.to_le_bytes().to_vec())
}

static SAFETENSORS: &[u8] = include_bytes!("../../../tests/models/iris_mlp.safetensors");
static NPZ: &[u8] = include_bytes!("../../../tests/models/iris_mlp.npz");

fn agree(count: usize) {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let (declared, inside) = (Declared::of("struct Iris: 4 => 16 relu => 3;"), members(NPZ));
    let (mut right, mut wrong) = (0, 0);
    for round in 0..count {
        let file = match round % 4 {
            0 | 1 => mutate(SAFETENSORS, &mut rng),
            2 => mutate(NPZ, &mut rng),
            _ => mutate_inside(&inside, &mut rng),
        };
        let result = takes::<Iris>(&declared, &file, |number| number.to_le_bytes().to_vec());
        *(if result.is_ok() { &mut right } else { &mut wrong }) += 1;
    }
    assert!(right > count / 100 && wrong > count / 4, "{right} right, {wrong} wrong");
}

#[test]
fn both_readers_agree_about_damaged_files() {
    agree(2_000);
}

/// Half a million of each format, or as many of both as `MUTATED_FILES` says.
#[test]
#[ignore = "slow without optimisation"]
fn both_readers_agree_about_a_million_damaged_files() {
    let count = std::env::var("MUTATED_FILES").ok().and_then(|count| count.parse().ok());
    agree(count.unwrap_or(1_000_000));
}

fn weight(name: &str) -> Array<'_> {
    Array(name, "'<f4'", false, "(3, 2)", singles(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]))
}

fn bias(name: &str) -> Array<'_> {
    Array(name, "'<f4'", false, "(3,)", singles(&[7.0, 8.0, 9.0]))
}

#[test]
fn members_of_archives() {
    let right = || vec![weight("0.weight.npy"), bias("0.bias.npy")];
    assert_eq!(small(&npz(&right())), Ok(()));
    // A member is an array if it begins as one.
    assert_eq!(small(&npz(&[weight("0.weight"), bias("0.bias.npy")])), Ok(()));
    let more = |name: &'static str, bytes: &[u8]| {
        let archived = npz(&right());
        archive(&[vec![(name, bytes.to_vec())], members(&archived)].concat())
    };
    assert_eq!(small(&more("config.json", b"{}")), Ok(()));
    assert_eq!(small(&more("notes.npy", b"no array")), Ok(()));
    assert!(small(&more("0.weight", b"no array")).is_ok());
    assert!(small(&more("0.weight", &members(&npz(&right()))[0].1)).unwrap_err().contains("more than one"));
    let records = Array("history.npy", "[('shape', '<f4'), ('step', '<i4')]", false, "(1,)", vec![0; 8]);
    assert_eq!(small(&npz(&[records, weight("0.weight.npy"), bias("0.bias.npy")])), Ok(()));
    let records = Array("0.bias.npy", "[('loss', '<f4')]", false, "(3,)", vec![0; 12]);
    assert!(small(&npz(&[weight("0.weight.npy"), records])).unwrap_err().contains("no floating-point numbers"));
    // Folders are a part of the name; a comment follows the list.
    assert!(small(&npz(&[weight("params/0.weight.npy"), bias("0.bias.npy")])).is_err());
    let mut commented = npz(&right());
    let end = commented.len();
    commented[end - 2] = 7;
    commented.extend(b"comment");
    assert_eq!(small(&commented), Ok(()));
}

#[test]
fn numbers_of_archives() {
    let of = |descr, fortran, shape, numbers| {
        small(&npz(&[Array("0.weight.npy", descr, fortran, shape, numbers), bias("0.bias.npy")]))
    };
    let six = [1.0_f32, 2.0, 3.0, 4.0, 5.0, 6.0];
    assert_eq!(of("'>f4'", false, "(3, 2)", six.iter().flat_map(|number| number.to_be_bytes()).collect()), Ok(()));
    assert_eq!(of("'<f4'", true, "(3, 2)", singles(&six)), Ok(()));
    assert!(of("'<f4'", false, "(2, 3)", singles(&six)).unwrap_err().contains("looks transposed"));
    assert!(of("'<f4'", false, "(3, 2, 1, 1, 1)", singles(&six)).unwrap_err().contains("[3, 2, 1, 1, 1]"));
    let nine_dimensions = "(1, 1, 1, 1, 1, 1, 1, 3, 2)";
    assert!(of("'<f4'", false, nine_dimensions, singles(&six)).unwrap_err().contains("[1, 1, 1, 1, 1, 1, 1, 3, …]"));
    assert!(of("'<f4'", false, "(4294967296, 4294967296)", singles(&six)).unwrap_err().contains("too large"));
    assert!(of("'<f4'", false, "(3, 2)", singles(&six[1..])).unwrap_err().contains("not as long"));
    assert!(of("'<f8'", false, "(3, 2)", vec![0; 48]).unwrap_err().contains("`f64;` before the input"));
    assert!(of("'<i4'", false, "(3, 2)", vec![0; 24]).unwrap_err().contains("no floating-point"));
    assert!(of("'<f4'", false, "(3, 2)", singles(&[f32::NAN; 6])).unwrap_err().contains("not finite"));
    // Columns, highest byte first, double: all at once.
    let doubles = six.iter().flat_map(|number| f64::from(*number).to_be_bytes()).collect();
    let file = npz(&[Array("0.weight.npy", "'>f8'", true, "(3, 2)", doubles), bias("0.bias.npy")]);
    assert_eq!(double(&file), Ok(()));
    let mut net = Double::ZERO;
    net.load(&file).expect("a file");
    assert_eq!(parameters(&net)[..6], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]); // memory has the columns, too
}

/// What was changed by accident has another check sum.
#[test]
fn a_flipped_bit_is_seen() {
    let mut file = npz(&[weight("0.weight.npy"), bias("0.bias.npy")]);
    let at = file.windows(4).position(|bytes| bytes == 6.0_f32.to_le_bytes()).expect("the last weight");
    file[at] ^= 1;
    assert!(small(&file).unwrap_err().contains("check sum"));
}

fn tensors(layers: &[(&str, &str)]) -> Vec<u8> {
    let mut header = String::new();
    for (name, at) in layers {
        header += &format!("{}\"{name}\":{{\"dtype\":\"F32\",{at}}}", if header.is_empty() { "{" } else { "," });
    }
    safetensors(&(header + "}"), &singles(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]))
}

const WEIGHT: &str = r#""shape":[3,2],"data_offsets":[0,24]"#;
const KERNEL: &str = r#""shape":[2,3],"data_offsets":[0,24]"#;
const BIAS: &str = r#""shape":[3],"data_offsets":[24,36]"#;

#[test]
fn words_that_all_names_begin_with() {
    for words in ["", "module.", "_orig_mod.", "module._orig_mod.", "0.", "a.b.c."] {
        let [weight, bias] = ["weight", "bias"].map(|name| format!("{words}0.{name}"));
        assert_eq!(small(&tensors(&[(&weight, WEIGHT), (&bias, BIAS)])), Ok(()), "{words}");
    }
    assert!(small(&tensors(&[("module.0.weight", WEIGHT), ("0.bias", BIAS)])).is_err());
    assert!(small(&tensors(&[("module0.weight", WEIGHT), ("module0.bias", BIAS)])).is_err());
    assert!(small(&tensors(&[("10.weight", WEIGHT), ("10.bias", BIAS)])).is_err());
}

#[test]
fn kernels_are_the_other_way_round() {
    let file = tensors(&[("0.kernel", KERNEL), ("0.bias", BIAS)]);
    assert_eq!(small(&file), Ok(()));
    let mut net = Small::ZERO;
    net.load(&file).expect("a file");
    assert_eq!(parameters(&net), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]); // memory has rows of inputs, too
    assert!(small(&tensors(&[("0.kernel", WEIGHT), ("0.bias", BIAS)])).is_err());
}

/// On a machine where the highest byte comes first, so it does in the program.
#[test]
fn bytes_are_those_of_the_target() {
    let file = tensors(&[("0.weight", WEIGHT), ("0.bias", BIAS)]);
    let declared = Declared::of("struct Small: 2 => 3;");
    let [little, mut big] = [false, true].map(|is_big| declared.read(&file, is_big).expect("a file"));
    assert_eq!(little[..8], [1.0_f32.to_le_bytes(), 3.0_f32.to_le_bytes()].concat());
    assert_ne!(little, big);
    big.chunks_exact_mut(4).for_each(<[u8]>::reverse);
    assert_eq!(little, big);
}

/// Sixteen thousand tensors, the last first: the time grows with the length of a file, not with its square.
#[test]
fn many_tensors_in_any_order() {
    let names: Vec<_> = (0..16_000).map(|at| format!("extra.{at}")).collect();
    let offsets: Vec<_> =
        (0..16_000).map(|at| format!(r#""shape":[1],"data_offsets":[{},{}]"#, 36 + 4 * at, 40 + 4 * at)).collect();
    let mut layers = vec![("0.weight", WEIGHT), ("0.bias", BIAS)];
    layers.extend(names.iter().map(String::as_str).zip(offsets.iter().map(String::as_str)));
    layers.reverse();
    let mut file = tensors(&layers);
    file.resize(file.len() + 4 * 16_000, 0);
    let start = std::time::Instant::now();
    assert_eq!(small(&file), Ok(()));
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    file.truncate(file.len() - 4);
    assert!(small(&file).is_err());
}
