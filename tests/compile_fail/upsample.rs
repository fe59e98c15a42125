use nn_core::network;

network! { struct Alone: 1x8x8 => upsample => flatten => 1; } //~ expected how many places come of each, as in `upsample(2)`
network! { struct Zero: 1x8x8 => upsample(0) => flatten => 1; } //~ upsampling has at least one place
network! { struct Cubic: 1x8x8 => upsample(2, bicubic) => flatten => 1; } //~ expected `upsample(2)`, `upsample(2, linear)` of a signal or `upsample(2, bilinear)` of an image
network! { struct Named: 1x8x8 => upsample(2, mode = bilinear) => flatten => 1; } //~ expected `upsample(2)`, `upsample(2, linear)` of a signal or `upsample(2, bilinear)` of an image
network! { struct OfImage: 1x8x8 => upsample(2, linear) => flatten => 1; } //~ `linear` is for signals, but the input is an image of 1x8x8; write `bilinear`
network! { struct OfSignal: 1x8 => conv(2, 3) => upsample(2, bilinear) => flatten => 1; } //~ `bilinear` is for images, but the layer before gives a signal of 2x6; write `linear`
network! { struct OfVector: 8 => upsample(2, linear) => 1; } //~ `upsample` takes a signal or an image, as `1x40` or `1x28x28` at the beginning of a network, but the input has 8 values
network! { struct Frames: stream 4 => upsample(2, linear) => 1; } //~ `linear` looks 1 frame ahead, which a stream doesn't; write `upsample(2)`
network! { struct Large: 1x8x8 => upsample(1000000000) => upsample(1000000000) => flatten => 1; } //~ `upsample` gives too many values; an image has below 1,073,741,824
network! { struct Keras: 1x8x8 => UpSampling2D(2) => flatten => 1; } //~ unknown layer `UpSampling2D`; did you mean `upsample`?

fn main() {}
