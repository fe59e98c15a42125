//! Words that are near enough to another to be meant.

/// "; did you mean `relu`?" for the nearest of pairs of a name and the word that it stands for, if it is near enough.
pub fn nearest<'a>(name: &str, words: impl Iterator<Item = (&'a str, &'a str)>) -> Option<String> {
    let folded = name.to_lowercase();
    let (distance, word) = words.map(|(name, word)| (distance(&folded, name), word)).min()?;
    (distance <= word.len().min(folded.len()) / 3 + 1).then(|| format!("; did you mean `{word}`?"))
}

/// Insertions, deletions, substitutions and swaps of neighbours between two words.
pub fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let changed = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = changed.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}
