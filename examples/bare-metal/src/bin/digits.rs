//! 64-32-10, trained by PyTorch, reads the held-out digits from flash.
#![no_std]
#![no_main]

use bare_metal_examples::{counted, digits, finish, number, program, text};
use nn_core::dataset::Dataset;
use nn_core::metric::largest;
use nn_core::prelude::*;

network! {
    #[weights("../../tests/models/digits_mlp.safetensors")]
    struct Digits: 64 => 32 relu => 10;
}

program!(main([u8; digits::TEST] = [0; digits::TEST]));

fn main(classes: &mut [u8; digits::TEST]) -> ! {
    let (test, mut x, mut right) = (digits::test(), [0.0; 64], 0);
    for (index, class) in classes.iter_mut().enumerate() {
        let read = test.input(index, &mut x);
        let logits = counted(|| Digits::TRAINED.forward(&x));
        let found = largest(&logits);
        right += usize::from(read.is_some() && test.target(index) == Some(found));
        *class = b'0' + found as u8;
    }
    text("classes", core::str::from_utf8(classes).unwrap_or("not digits"));
    number("right", right);
    number("data", digits::BYTES.len());
    number("of", digits::TEST);
    number("promised", Digits::RAM + size_of_val(&x) + 10 * size_of::<f32>() + digits::TEST);
    // 348 by PyTorch.
    finish(right == 348)
}
