use nn_core::network;

network! { struct Alone: 3x8 => conv_transpose => flatten => 1; } //~ expected filters and a kernel, as in `conv_transpose(8, 4, stride = 2, padding = 1)`
network! { struct NoKernel: 3x8 => conv_transpose(4) => flatten => 1; } //~ expected filters, a kernel and then arguments by name, as in `conv_transpose(8, 4, stride = 2, padding = 1)`
network! { struct Position: 3x8 => conv_transpose(4, 3, 2) => flatten => 1; } //~ after the kernel, arguments have names; say `stride = 2`
network! { struct Unknown: 3x8 => conv_transpose(4, 3, outputs = 2) => flatten => 1; } //~ `conv_transpose` has no argument `outputs`; it has `stride`, `padding`, `output_padding`, `dilation`, `groups`, `bias`
network! { struct Beyond: 3x8 => conv_transpose(4, 3, stride = 2, output_padding = 2) => flatten => 1; } //~ an output padding of 2 is not below the stride, 2, or the dilation, 1
network! { struct Rows: 3x8x8 => conv_transpose(4, 3, stride = 1x2, output_padding = 1) => flatten => 1; } //~ an output padding of 1 is not below the stride, 1x2, or the dilation, 1
network! { struct Sides: 3x8 => conv_transpose(4, 3, output_padding = (0, 1)) => flatten => 1; } //~ expected `output_padding = 1` or `1x0`
network! { struct OfSignal: 3x8 => conv_transpose(4, 3, stride = 2x2, output_padding = 1x1) => flatten => 1; } //~ `2x2` is for images, but the input is a signal of 3x8
network! { struct Same: 3x8 => conv_transpose(4, 3, padding = same) => flatten => 1; } //~ expected `padding = 1`, `1x2` or `(1, 0)`
network! { struct Groups: 4x8 => conv_transpose(6, 3, groups = 4) => flatten => 1; } //~ 4 groups do not divide 6 filters
network! { struct Channels: 6x8x8 => conv_transpose(4, 3, groups = 4) => flatten => 1; } //~ 4 groups do not divide 6 channels
network! { struct Nothing: 3x2 => conv_transpose(4, 2, padding = 2) => flatten => 1; } //~ the padding leaves nothing of 3 places
network! { struct OfVector: 8 => conv_transpose(4, 3) => 1; } //~ `conv_transpose` takes a signal or an image, as `1x40` or `1x28x28` at the beginning of a network, but the input has 8 values
network! { struct Frames: stream 4 => conv_transpose(4, 2, stride = 2) => 1; } //~ `conv_transpose` has no streaming form yet
network! { struct Large: 1x8x8 => conv_transpose(4, 3, stride = 100000) => flatten => 1; } //~ `conv_transpose` gives too many values; an image has below 1,073,741,824
network! { struct Keras: 3x8x8 => Conv2DTranspose(4, 3) => flatten => 1; } //~ unknown layer `Conv2DTranspose`; did you mean `conv_transpose`?

fn main() {}
