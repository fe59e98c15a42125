use nn_core::prelude::*;

network! { 2 => 8 rleu => 4 sigmod => 1 } //~ unknown activation `rleu`; did you mean `relu`?
//~^ unknown activation `sigmod`; did you mean `sigmoid`?
network! { [budget(ram = 1)] pub struct Brackets: 2 => 8 relu => 1; } //~ expected `#` before an attribute, as in `#[budget(…)]`
network! { #[weights("a", names("0" = ))] 2 => 8 } //~ expected a pair of names, as `"0" = "fc1"`
//~^ a file belongs to an item: `pub struct Name: …;`
network! { #[] pub struct Empty: 2 => 8 relu => 1; } //~ expected an attribute, as in `#[budget(…)]`
network! { pub(carte) struct Visible: 2 => 8 relu => 1; } //~ expected a visibility, as in `pub(crate)`
network! { pub struct match: 2 => 1; } //~ `match` is a keyword and can't be the name of a network
network! { pub struct _: 2 => 1; } //~ `_` is a keyword and can't be the name of a network
network! { Struct Xor: 2 => 1; } //~ expected `struct` and a name, as in `pub struct Xor: 2 => 1;`

fn main() {}
