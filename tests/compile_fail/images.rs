use nn_core::network;

network! { struct TooLong: 1x4x9 => conv(3, 5x3) relu => flatten => 1; } //~ a kernel of 5x3 spans 5 rows: the input has 4 rows
network! { struct Padded: 1x9x1 => conv(3, 5, padding = 1x1) => flatten => 1; } //~ a kernel of 5 spans 5 columns: the input with its padding has 3 columns
network! { struct Dilated: 2x4x4 => conv(3, 3, stride = 2, dilation = 2) => flatten => 1; } //~ a kernel of 3 spans 5 rows: the input has 4 rows
network! { struct Shrunk: 1x28x28 => conv(8, 5) => max_pool(8) => max_pool(4) => flatten => 1; } //~ a kernel of 4 spans 4 rows: the input has 3 rows
network! { struct Grouped: 6x5x5 => conv(8, 3, groups = 4) => flatten => 1; } //~ 4 groups do not divide 6 channels
network! { struct NotFlat: 1x28x28 => conv(8, 3) relu => 10; } //~ `10` takes a vector, but the layer before gives an image of 8x26x26; put `flatten` between them
network! { struct OfVector: 784 => conv(16, 3x3) relu => 10; } //~ `conv` takes a signal or an image, as `1x40` or `1x28x28` at the beginning of a network, but the input has 784 values
network! { struct OfFlat: 1x4x4 => flatten => max_pool(2) => 10; } //~ `max_pool` takes a signal or an image
network! { struct OfSignal: 1x40 => conv(8, 3x3) => flatten => 1; } //~ `3x3` is for images, but the input is a signal of 1x40
network! { struct Sides: 1x40 => conv(8, 3, padding = 1x1) => flatten => 1; } //~ a padding of rows and columns is for images, but
network! { struct Cell: 1x8x8 => lstm(4) => last => 1; } //~ `lstm` takes a signal
network! { struct Last: 1x8x8 => last => 1; } //~ `last` takes a signal
network! { struct Causal: 1x8x8 => conv(2, 3, padding = causal) => flatten => 1; } //~ `causal` is for signals and streams; an image has no time
network! { struct Pooled: 1x8x8 => max_pool(3, padding = 1x2) => flatten => 1; } //~ padding 2 is more than half of 3
network! { struct Position: 1x8x8 => conv(2, 3, 1) => flatten => 1; } //~ after the kernel, arguments have names; say `stride = 1`
network! { struct Residual: 4x8x8 => [conv(4, 3)] => flatten => 1; } //~ a residual block gives what it takes; this one takes an image of 4x8x8 and gives an image of 4x6x6
network! { struct Channels: 4x8x8 => [conv(6, 3, padding = 1)] => flatten => 1; } //~ this one takes an image of 4x8x8 and gives an image of 6x8x8
network! { struct Branches: 4x8x9 => (conv(4, 3) | conv(4, 3, padding = 1)) => flatten => 1; } //~ branches are joined at each place; one gives an image of 4x6x7, another an image of 4x8x9
network! { struct Added: 4x8x8 => (conv(4, 1) + conv(6, 1)) => flatten => 1; } //~ branches are added value by value; one gives an image of 4x8x8, another an image of 6x8x8
network! { struct Streamed: stream 1x28x28 => 1; } //~ a stream takes frames of values, as `40` or `40x3`; images are not frames of it yet
network! { struct Frames: stream 4 => conv(8, 3x3, padding = causal) => 1; } //~ `3x3` is for images; the frames of a stream have one axis
network! { struct Four: 1x2x3x4 => flatten => 1; } //~ `1x2x3x4` has 4 axes; there are signals, `3x40`, and images, `1x28x28`
network! { struct Nothing: 1x0x28 => flatten => 1; } //~ an image must have at least one row and column
network! { struct Large: 3x60000x60000 => flatten => 1; } //~ `3x60000x60000` is too large; an image has below 1,073,741,824 values
network! { struct PadOfVector: 8 => pad(1) => 1; } //~ `pad` takes a signal or an image, as `1x40` or `1x28x28` at the beginning of a network, but the input has 8 values
network! { struct PadOfSignal: 1x8 => pad(1x2) => flatten => 1; } //~ a padding of rows and columns is for images, but the input is a signal of 1x8
network! { struct PadAlone: 1x8x8 => pad => flatten => 1; } //~ expected how many zeros stand on each side, as in `pad(1)`, `pad(1x2)` or `pad((1, 0))`
network! { struct PadSame: 1x8x8 => pad(same) => flatten => 1; } //~ expected how many zeros stand on each side, as in `pad(1)`, `pad(1x2)` or `pad((1, 0))`
network! { struct PadNamed: 1x8x8 => pad(padding = 1) => flatten => 1; } //~ expected how many zeros stand on each side
network! { struct PadStream: stream 4 => pad(1) => 1; } //~ a stream has no ends that zeros could stand at; say `padding = causal` where a window needs frames before
network! { struct PadLarge: 1x8x8 => pad(1000000) => global_avg_pool => 1; } //~ `pad` gives too many values; an image has below 1,073,741,824
network! { struct PadKeras: 1x8x8 => ZeroPadding2D(1) => flatten => 1; } //~ unknown layer `ZeroPadding2D`; did you mean `pad`?
network! { struct Zero: 1x8x8 => conv(8, 0x3) => flatten => 1; } //~ a kernel has at least one tap along each axis
network! { struct ConvLarge: 1x8x8 => conv(8, 3, padding = 100000) => global_avg_pool => 1; } //~ `conv` gives too many values; an image has below 1,073,741,824
network! { struct DepthwiseLarge: 1000x1000x1000 => depthwise(1, multiplier = 2) => global_avg_pool => 1; } //~ `depthwise` gives too many values; an image has below 1,073,741,824
network! { struct MultiplierLarge: 1000x8x8 => depthwise(1, multiplier = 2000000) => global_avg_pool => 1; } //~ `depthwise` gives too many values; an image has below 1,073,741,824
network! { struct PoolLarge: 1x1073741823 => max_pool(2, stride = 1, padding = 1) => global_avg_pool => 1; } //~ `max_pool` gives too many values; a signal has below 1,073,741,824

fn main() {}
