//! The table of shapes in the README.

use nn_audio::Shape;

fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(",")
}

#[test]
fn the_table_is_true() {
    let rows: Vec<_> = Shape::ALL
        .iter()
        .map(|shape| {
            let [weights, state] = shape.bytes().map(grouped);
            let warm_up = shape.warm_up().map(grouped).unwrap_or_default();
            format!("| {} | {weights} | {state} | {} | {warm_up} |", shape.name(), grouped(shape.multiplications()))
        })
        .collect();
    let table = rows.join("\n");
    assert!(include_str!("../README.md").contains(&table), "the table is\n{table}");
}
