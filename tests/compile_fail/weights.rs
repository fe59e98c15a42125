use nn_core::prelude::*;

network! { #[weights("no_such_file.safetensors")] pub struct NoFile: 4 => 3 relu => 2; } //~ can't read
network! { #[weights("../../../../tests/models/wrong/text.safetensors")] pub struct Text: 4 => 3 relu => 2; } //~ is not a safetensors file
network! { #[weights("../../../../tests/models/wrong/pointer.safetensors")] pub struct Pointer: 4 => 3 relu => 2; } //~ is a Git LFS pointer, not the file itself; run `git lfs pull`
network! { #[weights("../../../../tests/models/wrong/saved.pt")] pub struct Saved: 4 => 3 relu => 2; } //~ is written by `torch.save`; write it with safetensors' `save_file`
network! { #[weights("../../../../tests/models/wrong/compressed.npz")] pub struct Packed: 4 => 3 relu => 2; } //~ is compressed; write it with `numpy.savez`
network! { #[weights("../../../../tests/models/wrong/renamed.safetensors")] pub struct Renamed: 4 => 3 relu => 2; } //~ `0.weight` not found; the file has `fc1.weight`; name the layer `fc1:`
//~^ `2.weight` not found; the file has `head.out.weight`; write `names("2" = "head.out")` after the path
network! { #[weights("../../../../tests/models/wrong/transposed.safetensors")] pub struct Turned: 4 => 3 relu => 2; } //~ `0.weight` is [4, 3] in the file, but [3, 4] here; it looks transposed
//~^ `2.bias` is [5] in the file, but [2] here
network! { #[weights("../../../../tests/models/wrong/integers.safetensors")] pub struct Integers: 4 => 3 relu => 2; } //~ the numbers of `0.weight` are I32; parameters are floating-point numbers
network! { #[weights("../../../../tests/models/wrong/doubles.safetensors")] pub struct Doubles: 4 => 3 relu => 2; } //~ the numbers of `2.weight` are F64, which `f32` can't hold; write `f64;` before the input
network! { #[weights("../../../../tests/models/wrong/not_a_number.safetensors")] pub struct Nan: 4 => 3 relu => 2; } //~ number 1 of `0.bias` is NaN
network! { #[weights("../../../../tests/models/wrong/missing.safetensors")] pub struct Missing: 4 => 3 relu => 2; } //~ `2.bias` not found in the file
network! { #[weights("../../../../tests/models/wrong/extra.safetensors")] pub struct Wider: 4 => 5 relu => 2; } //~ `0.weight` is [3, 4] in the file, but [5, 4] here
//~^ `2.weight` is [2, 3] in the file, but [2, 5] here
network! { #[weights("../../../../tests/models/wrong/extra.safetensors", names("5" = "head"))] pub struct NoLayer: 4 => 3 relu => 2; } //~ the network has no layer `5`

network! { #[weights("../../../../tests/models/wrong/skipped.safetensors")] pub struct Forgotten: 4 => 3 => 3 relu => 2; } //~ the file skips the place of `1.weight`: is an activation missing after `3`?
network! { #[weights("../../../../tests/models/wrong/extra.safetensors")] pub struct Free<const H: usize>: 4 => {H} relu => 2; } //~ a network with parameters has no weights; their number depends on them
type Unnamed = network!(#[weights("../../../../tests/models/wrong/extra.safetensors")] 4 => 3 relu => 2); //~ a file belongs to an item: `pub struct Name: …;`

network! { #[weights] pub struct NoPath: 4 => 3 relu => 2; } //~ expected `#[weights("path")]`
network! { #[weights("a", 1)] pub struct Strange: 4 => 3 relu => 2; } //~ expected `#[weights("path")]`
network! { #[weights("a", names("0"))] pub struct NoPair: 4 => 3 relu => 2; } //~ expected a pair of names, as `"0" = "fc1"`
network! { #[golden("a")] pub struct NoTolerance: 4 => 3 relu => 2; } //~ expected `#[golden("path", tolerance = 1e-4)]`, with a tolerance above zero
network! { #[golden("a", tolerance = 0.0)] pub struct ZeroTolerance: 4 => 3 relu => 2; } //~ with a tolerance above zero
network! { #[golden("a", tolerance = 0.1)] pub struct NoWeights: 4 => 3 relu => 2; } //~ golden samples are for a network with `#[weights]`
network! {
    #[weights("../../../../tests/models/wrong/extra.safetensors")]
    #[golden("../../../../tests/models/wrong/samples.safetensors", tolerance = 0.1)] //~ `x` has rows of 7 in the file, but the network takes 4
    pub struct Samples: 4 => 3 relu => 2;
}
network! {
    #[weights("../../../../tests/models/wrong/extra.safetensors")]
    #[golden("../../../../tests/models/wrong/uneven.safetensors", tolerance = 0.1)] //~ the file has 5 inputs `x`, but 4 outputs `logits`
    pub struct Uneven: 4 => 3 relu => 2;
}
network! {
    #[weights("../../../../tests/models/wrong/extra.safetensors")]
    #[golden("../../../../tests/models/wrong/missing.safetensors", tolerance = 0.1)] //~ `x` not found in
    pub struct NoSamples: 4 => 3 relu => 2;
}

fn main() {
    // A network whose file is wrong is still there for its uses.
    let _ = (NoFile::TRAINED.forward(&[0.0; 4]), Samples::self_test());
}
