//! 442 patients: ten measurements and the progression of diabetes a year later (Efron et al. 2004).

static CSV: &str = include_str!("../data/diabetes.csv");

/// The measurements' names.
pub const NAMES: [&str; 10] = ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"];

/// A patient: measurements, scaled to mean 0 and deviation 1 over the training rows, and the progression.
pub type Patient = ([f64; 10], [f64; 1]);

/// The patients for training and for testing.
///
/// # Panics
/// If the committed file is not what `data/README.md` says.
pub fn patients() -> [Vec<Patient>; 2] {
    let rows: Vec<[f64; 11]> = CSV
        .lines()
        .skip(1)
        .map(|line| {
            let values: Vec<f64> = line.split(',').map(|value| value.trim().parse().expect("a number")).collect();
            values.try_into().expect("eleven columns")
        })
        .collect();
    let train: Vec<_> = rows.iter().enumerate().filter(|(row, _)| !super::is_test(*row)).map(|(_, row)| row).collect();
    let mean_of = |f: &dyn Fn(&[f64; 11]) -> f64| train.iter().map(|row| f(row)).sum::<f64>() / train.len() as f64;
    let scale: [(f64, f64); 10] = core::array::from_fn(|column| {
        let mean = mean_of(&|row| row[column]);
        (mean, mean_of(&|row| (row[column] - mean).powi(2)).sqrt())
    });
    let patient = |row: &[f64; 11]| {
        let inputs = core::array::from_fn(|column| (row[column] - scale[column].0) / scale[column].1);
        (inputs, [row[10]])
    };
    [false, true].map(|test| {
        let part = rows.iter().enumerate().filter(|(row, _)| super::is_test(*row) == test);
        part.map(|(_, row)| patient(row)).collect()
    })
}
