use nn_core::network;

network! { struct Alone: 8 => group_norm => 1; } //~ expected a number of groups, as in `group_norm(4)` or `group_norm(4, eps = 1e-5)`
network! { struct Position: 8 => group_norm(4, 1e-3) => 1; } //~ expected a number of groups, as in `group_norm(4)` or `group_norm(4, eps = 1e-5)`
network! { struct Zero: 8 => group_norm(0) => 1; } //~ a group norm has at least one group
network! { struct Eps: 8 => group_norm(4, eps = 0) => 1; } //~ `eps` is a decimal number above zero, as in `eps = 1e-5`
network! { struct Values: 8 => group_norm(3) => 1; } //~ 3 groups do not divide 8 values
network! { struct Channels: 6x4x4 => group_norm(4) => flatten => 1; } //~ 4 groups do not divide 6 channels
network! { struct Elsewhere<const C: usize>: {C}x8 => group_norm(4) => flatten => 1; } //~ groups need channels that are written as a number
network! { struct Frames: stream 8x3 => group_norm(4) => flatten => 1; } //~ `group_norm` needs all frames of a signal, which a stream never has; `layer_norm` is over each frame
network! { struct Torch: 8 => GroupNorm(4) => 1; } //~ unknown layer `GroupNorm`; did you mean `group_norm`?

fn main() {}
