use nn_core::prelude::*;

network! { pub struct Wide<const C: usize>: {C}x8x8 => conv({C}, 1, padding = 363) => global_avg_pool => 1; }

fn main() {
    let net = Wide::<1_024>::ZERO; // 734x734 places of 1,024 channels are more than 2 GiB
    println!("{:?}", net.forward(&[[[0.0; 8]; 8]; 1_024])); //~ bytes; a program holds 2,147,483,647 at most
}
