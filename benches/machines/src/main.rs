//! `machines ROW CALLS`, for a program that counts its instructions.

fn main() {
    let numbers: Vec<usize> = std::env::args().skip(1).map(|number| number.parse().expect("a number")).collect();
    machines::call(numbers[0], numbers[1]);
}
