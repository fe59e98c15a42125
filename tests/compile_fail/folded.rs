use nn_core::prelude::*;

network! { struct Pooled: 1x8x8 => conv(4, 3) => max_pool(2) => batch_norm => flatten => 1; }
network! { struct First: 4 => batch_norm => 1; }
network! { struct Streamed: stream 4 => dense(3) => batch_norm => 1; }

fn main() {
    Pooled::ZERO.folded(); //~ the batch norms of `Pooled` can't be folded
    First::ZERO.folded(); //~ the batch norms of `First` can't be folded
    Streamed::ZERO.folded(); //~ `Streamed` cannot be trained
}
