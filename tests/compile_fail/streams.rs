use nn_core::prelude::*;

network! { pub struct Outside: 1 => lstm(8) => 1; } //~ `lstm` remembers from one frame to the next; declare the network as a stream, `stream 1 => lstm(20)`
network! { pub struct Alone: stream 1 => lstm => 1; } //~ expected the number of nodes, as in `lstm(20)`
network! { pub struct Empty: stream 1 => lstm() => 1; } //~ expected `lstm(20)`, `lstm(20, bias = false)` or `lstm(20, start = learned)`
network! { pub struct Zero: stream 1 => lstm(0) => 1; } //~ a layer must have at least one node
network! { pub struct Bias: stream 1 => lstm(8, bias = 3) => 1; } //~ expected `bias = true` or `bias = false`
network! { pub struct Start: stream 1 => lstm(8, start = 1) => 1; } //~ expected `start = zero` or `start = learned`
network! { pub struct Positional: stream 1 => gru(8, false) => 1; } //~ expected `gru(20)`, `gru(20, bias = false)` or `gru(20, start = learned)`
network! { pub struct Gates: stream 1 => gru(8, activation = relu) => 1; } //~ the activations of `gru` are `sigmoid` and `tanh`; leave `activation` out
network! { pub struct Gelu: stream 1 => rnn(8, activation = gelu) => 1; } //~ expected `activation = tanh` or `activation = relu`
network! { pub struct Lstm: stream 1 => LSTM(8) => 1; } //~ unknown layer `LSTM`; did you mean `lstm`?
network! { pub struct Gru: stream 1 => GRU(8) => 1; } //~ unknown layer `GRU`; did you mean `gru`?
network! { pub struct Simple: stream 1 => SimpleRNN(8) => 1; } //~ unknown layer `SimpleRNN`; did you mean `rnn`?
network! { pub struct Function: stream 1 => 8 gru => 1; } //~ `gru` is a layer; write `=>` before it
network! { pub struct NoFrame: stream => 1; } //~ expected the width of a frame before `=>`, as in `stream 1 => …`
network! { pub struct Twice: stream stream 1 => 1; } //~ `stream` is written twice
network! { pub struct Number: stream f64; 1 => 1; } //~ the number type stands before `stream`, `f64; stream …`
network! { pub struct Semicolon: stream; 1 => 1; } //~ expected the width of a frame after `stream`, found `;`
network! { pub struct Misspelt: steam 1 => lstm(8) => 1; } //~ unknown word `steam`; did you mean `stream`?
network! { pub struct Late: 1 => stream => 1; } //~ `stream` stands before the width of a frame, as in `stream 1 => …`
network! { #[budget(state = 60)] pub struct Budget: stream 1 => lstm(8) => 1; } //~ `Budget` needs 64 bytes of state; its budget is 60
pub type Precise = network!(f64; stream 1 => lstm(8) => 1);

fn main() {}
