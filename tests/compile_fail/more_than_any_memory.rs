use nn_core::prelude::*;

network! { pub struct Big: f64; 1073741823 => 1073741823 relu => 1073741823 => 1; } //~ up to this layer the network needs 9,223,372,028,264,841,216 bytes; a program holds 2,147,483,647 at most

network! { pub struct Huge: 1000000 => 1000000 relu => 1; } //~ up to this layer the network needs 4,000,004,000,000 bytes; a program holds 2,147,483,647 at most

// Each layer alone would be possible.
network! { pub struct Many: 16384 => 16384 relu => 16384 relu => 16384; } //~ up to this layer the network needs 2,147,614,720 bytes

// Widths and networks that only the compiler knows.
const WIDE: usize = 65_536;
network! { pub struct Computed: { WIDE } => { WIDE } relu => 1; } //~ `Computed` needs 17,180,393,476 bytes; a program holds 2,147,483,647 at most
network! { pub struct Half: 16384 => 16384; }
network! { pub struct Twice: 16384 => Half relu => Half; } //~ `Twice` needs 2,147,614,720 bytes; a program holds 2,147,483,647 at most
type Type = network!(1024 => 1048576 relu => 1024); //~ up to this layer the network needs 4,299,161,600 bytes

fn main() {
    let _: Type;
}
