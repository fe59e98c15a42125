use nn_core::network;

network! { struct Position: 8 => batch_norm(1e-3) => 1; } //~ expected `batch_norm`, or `batch_norm(eps = 1e-5, momentum = 0.1)`
network! { struct Zero: 8 => batch_norm(eps = 0) => 1; } //~ `eps` is a decimal number above zero, as in `eps = 1e-5`
network! { struct Keras: 8 => batch_norm(momentum = 1.5) => 1; } //~ `momentum` is a decimal number above 0, 1 at most, as in `momentum = 0.1`
network! { struct Unknown: 8 => batch_norm(epsilon = 1e-3) => 1; } //~ expected `batch_norm`, or `batch_norm(eps = 1e-5, momentum = 0.1)`
network! { struct Keras2: 8 => BatchNormalization() => 1; } //~ unknown layer `BatchNormalization`; did you mean `batch_norm`?

fn main() {}
