//! How the boundary between two classes bends: `cargo run --release --example decision_boundary`.
//!
//! Two half moons, and a network of 2-8-4-1 before it learns, after a few epochs, after more, and at the end.

use examples::lessons::decision_boundary::{Sample, Snapshot, learn, moons};
use examples::plot::{self, FONT, Page};
use plotters::coord::types::RangedCoordf32;
use plotters::prelude::*;
use std::error::Error;

const SEED: u64 = 8;
/// The squares along an edge of a panel, and the tones that their probabilities are shown in.
const SQUARES: usize = 32;
const TONES: usize = 6;
/// The part of the plane that is shown: the least coordinates, and the greatest.
const SHOWN: [[f32; 2]; 2] = [[-1.5, -1.0], [2.5, 1.5]];

type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf32, RangedCoordf32>>;

fn main() -> Result<(), Box<dyn Error>> {
    let samples = moons(SEED);
    let snapshots = learn(&samples, SEED)?;
    println!("{:>5}{:>20}", "epoch", "held-out accuracy");
    for Snapshot { epoch, accuracy, .. } in &snapshots {
        println!("{epoch:>5}{accuracy:>20.2}");
    }
    let title = "Learning bends the boundary between the classes";
    let path = plot::page("decision_boundary", title, |page| {
        let (head, body) = page.split_vertically(66);
        legend(&head)?;
        body.margin(0, 4, 8, 16)
            .split_evenly((2, 2))
            .iter()
            .zip(&snapshots)
            .try_for_each(|(part, snapshot)| panel(part, snapshot, &samples))
    })?;
    println!("{}", path.display());
    Ok(())
}

fn legend(head: &Page<'_>) -> Result<(), Box<dyn Error>> {
    let text = |text: &str, x| head.draw(&Text::new(text.to_owned(), (x, 46), (FONT, 14)));
    head.draw(&Circle::new((60, 52), 3, BLACK))?;
    text("first moon", 72)?;
    head.draw(&Cross::new((190, 52), 3, BLACK))?;
    text("second moon", 202)?;
    for (at, tone) in (0..).map(|at| 330 + 14 * at).zip(0..TONES) {
        head.draw(&Rectangle::new([(at, 45), (at + 14, 59)], color(tone).filled()))?;
    }
    head.draw(&Rectangle::new([(330, 45), (414, 59)], BLACK))?;
    text("probability of the second moon, 0 to 1", 424)?;
    head.draw(&PathElement::new([(700, 52), (724, 52)], BLACK.stroke_width(2)))?;
    text("1/2", 732)?;
    Ok(())
}

/// The probability in the background, with the boundary and the samples on it.
fn panel(part: &Page<'_>, snapshot: &Snapshot, samples: &[Sample]) -> Result<(), Box<dyn Error>> {
    let [[left, bottom], [right, top]] = SHOWN;
    let mut chart = ChartBuilder::on(part)
        .caption(format!("epoch {}: accuracy {:.2}", snapshot.epoch, snapshot.accuracy), (FONT, 15))
        .margin_right(14)
        .x_label_area_size(34)
        .y_label_area_size(50)
        .build_cartesian_2d(left..right, bottom..top)?;
    background(&chart, snapshot)?;
    chart
        .configure_mesh()
        .disable_mesh()
        .label_style((FONT, 12))
        .axis_desc_style((FONT, 13))
        .x_labels(5)
        .y_labels(6)
        .x_desc("x")
        .y_desc("y")
        .x_label_formatter(&|x| format!("{x:.0}"))
        .y_label_formatter(&|y| format!("{y:.1}"))
        .draw()?;
    for (point, [class]) in samples {
        let place = (point[0], point[1]);
        if *class > 0.5 {
            chart.plotting_area().draw(&Cross::new(place, 3, BLACK))?;
        } else {
            chart.plotting_area().draw(&Circle::new(place, 3, BLACK))?;
        }
    }
    Ok(())
}

/// Squares of one tone in a row are drawn as one, which keeps the file small.
fn background(chart: &Chart<'_, '_>, snapshot: &Snapshot) -> Result<(), Box<dyn Error>> {
    let [least, greatest] = SHOWN;
    let edge = |axis: usize, at: usize| least[axis] + (greatest[axis] - least[axis]) * at as f32 / SQUARES as f32;
    let middle = |axis, at| (edge(axis, at) + edge(axis, at + 1)) / 2.0;
    let tone = |column, row| {
        let probability = snapshot.probability([middle(0, column), middle(1, row)]);
        ((probability * TONES as f32) as usize).min(TONES - 1)
    };
    let tones: Vec<Vec<usize>> =
        (0..SQUARES).map(|row| (0..SQUARES).map(|column| tone(column, row)).collect()).collect();
    let area = chart.plotting_area();
    for (row, tones) in tones.iter().enumerate() {
        let mut first = 0;
        for run in tones.chunk_by(|a, b| a == b) {
            let corners = [(edge(0, first), edge(1, row)), (edge(0, first + run.len()), edge(1, row + 1))];
            area.draw(&Rectangle::new(corners, color(run[0]).filled()))?;
            first += run.len();
        }
    }
    let is_second = |column: usize, row: usize| tones[row][column] >= TONES / 2;
    let line = |from, to| area.draw(&PathElement::new([from, to], BLACK.stroke_width(2)));
    for (row, column) in (0..SQUARES).flat_map(|row| (0..SQUARES).map(move |column| (row, column))) {
        let corner = (edge(0, column), edge(1, row));
        if column > 0 && is_second(column, row) != is_second(column - 1, row) {
            line(corner, (corner.0, edge(1, row + 1)))?;
        }
        if row > 0 && is_second(column, row) != is_second(column, row - 1) {
            line(corner, (edge(0, column + 1), corner.1))?;
        }
    }
    Ok(())
}

/// From white to blue, darker with the probability.
fn color(tone: usize) -> RGBColor {
    let share = tone as f64 / (TONES - 1) as f64;
    let part = |least: f64| (255.0 - share * (255.0 - least)) as u8;
    RGBColor(part(90.0), part(160.0), part(215.0))
}
