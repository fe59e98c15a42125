use nn_core::prelude::*;

network! {
    pub struct Deep: 8
        => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu => 8 relu; //~ more than 64 stages in a row; declare a part of them as a network and write its name
}

fn main() {}
