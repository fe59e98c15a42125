//! The table of shapes in the README.

use nn_audio::Shape;

fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(",")
}

/// All but the last column, which is measured: bytes of code.
#[test]
fn the_table_is_true() {
    let rows = Shape::ALL.iter().map(|shape| {
        let [weights, state] = shape.bytes().map(grouped);
        let warm_up = shape.warm_up().map(grouped).unwrap_or_default();
        format!("| {} | {weights} | {state} | {} | {warm_up} |", shape.name(), grouped(shape.multiplications()))
    });
    let (_, table) = include_str!("../README.md").split_once("|---|---:|---:|---:|---:|---:|\n").expect("the table");
    for (row, line) in rows.zip(table.lines()) {
        let code = line.strip_prefix(&row).unwrap_or_else(|| panic!("`{row}`, but the README has `{line}`"));
        let code = code.trim_end_matches('|').trim();
        let number = code.replace(',', "").parse().unwrap_or(0);
        assert!(number > 0 && code == grouped(number), "{line}: `{code}` is no number of bytes");
    }
    assert_eq!(table.lines().take_while(|line| line.starts_with('|')).count(), Shape::ALL.len());
}
