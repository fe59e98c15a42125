//! Networks of images that others have measured, as their papers draw them.

use nn_core::prelude::*;

network! {
    /// LeNet-5, which reads digits (LeCun, Bottou, Bengio, Haffner 1998; every filter sees all channels, as in today's copies).
    pub struct Lenet5: 1x28x28
        => conv1: conv(6, 5, padding = 2) tanh => avg_pool(2)
        => conv2: conv(16, 5) tanh => avg_pool(2) => flatten
        => dense1: 120 tanh => dense2: 84 tanh => dense3: 10;
}

network! {
    /// The keyword spotter of MLPerf Tiny: ten features of 49 moments of a second of sound, twelve words (DS-CNN; Zhang et al. 2017).
    pub struct DsCnn: 1x49x10
        => conv: conv(64, 10x4, stride = 2, padding = same) relu
        => depthwise1: depthwise(3, padding = 1) relu => pointwise1: conv(64, 1) relu
        => depthwise2: depthwise(3, padding = 1) relu => pointwise2: conv(64, 1) relu
        => depthwise3: depthwise(3, padding = 1) relu => pointwise3: conv(64, 1) relu
        => depthwise4: depthwise(3, padding = 1) relu => pointwise4: conv(64, 1) relu
        => global_avg_pool => dense: 12;
}

network! {
    /// The classifier of pictures of MLPerf Tiny: ten kinds of things (ResNet; He et al. 2015, with eight layers).
    pub struct Resnet8: 3x32x32
        => conv(16, 3, padding = 1) relu
        => [conv(16, 3, padding = 1) relu => conv(16, 3, padding = 1)] relu
        => (conv(32, 3, stride = 2, padding = same) relu => conv(32, 3, padding = 1) + conv(32, 1, stride = 2)) relu
        => (conv(64, 3, stride = 2, padding = same) relu => conv(64, 3, padding = 1) + conv(64, 1, stride = 2)) relu
        => global_avg_pool => 10;
}

network! {
    /// A convolution of each channel, and one of all of them at each place: five of them stand in the middle of a [`Mobilenet`].
    pub struct Separable: 128x6x6
        => depthwise(3, padding = 1, bias = false) => batch_norm(eps = 1e-3) relu
        => conv(128, 1, bias = false) => batch_norm(eps = 1e-3) relu;
}

network! {
    /// The end of a [`Mobilenet`].
    pub struct MobilenetEnd: 128x6x6
        => depthwise(3, stride = 2, padding = same, bias = false) => batch_norm(eps = 1e-3) relu
        => conv(256, 1, bias = false) => batch_norm(eps = 1e-3) relu
        => depthwise(3, padding = 1, bias = false) => batch_norm(eps = 1e-3) relu
        => conv(256, 1, bias = false) => batch_norm(eps = 1e-3) relu
        => global_avg_pool => 2;
}

network! {
    /// The person detector of MLPerf Tiny (MobileNet V1 of a quarter of the width; Howard et al. 2017).
    pub struct Mobilenet: 3x96x96 => conv(8, 3, stride = 2, padding = same, bias = false) => batch_norm(eps = 1e-3) relu
        => depthwise(3, padding = 1, bias = false) => batch_norm(eps = 1e-3) relu => conv(16, 1, bias = false) => batch_norm(eps = 1e-3) relu
        => depthwise(3, stride = 2, padding = same, bias = false) => batch_norm(eps = 1e-3) relu => conv(32, 1, bias = false) => batch_norm(eps = 1e-3) relu
        => depthwise(3, padding = 1, bias = false) => batch_norm(eps = 1e-3) relu => conv(32, 1, bias = false) => batch_norm(eps = 1e-3) relu
        => depthwise(3, stride = 2, padding = same, bias = false) => batch_norm(eps = 1e-3) relu => conv(64, 1, bias = false) => batch_norm(eps = 1e-3) relu
        => depthwise(3, padding = 1, bias = false) => batch_norm(eps = 1e-3) relu => conv(64, 1, bias = false) => batch_norm(eps = 1e-3) relu
        => depthwise(3, stride = 2, padding = same, bias = false) => batch_norm(eps = 1e-3) relu => conv(128, 1, bias = false) => batch_norm(eps = 1e-3) relu
        => Separable => Separable => Separable => Separable => Separable => MobilenetEnd;
}
