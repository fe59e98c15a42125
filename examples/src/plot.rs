//! Plots, written as SVG to `target/plots`.
//!
//! Series differ in colour and in how they are drawn, so that they can be told apart without colour.

use plotters::coord::ranged1d::{AsRangedCoord, ValueFormatter};
use plotters::coord::{CoordTranslate, Shift};
use plotters::element::DashedPathElement;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

/// Colours that people with any colour vision tell apart (Okabe, Ito 2008).
pub const BLUE: RGBColor = RGBColor(0, 114, 178);
/// The second of them.
pub const VERMILION: RGBColor = RGBColor(213, 94, 0);
/// The third of them.
pub const GREEN: RGBColor = RGBColor(0, 158, 115);

/// The size of a plot in pixels.
pub const SIZE: (u32, u32) = (800, 500);
/// The height of what is above the axes: the title, and the legend below it.
const HEAD: u32 = 76;
/// The font of a plot, which the viewer has.
pub const FONT: &str = "sans-serif";

/// A page of a plot.
pub type Page<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// How a series is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mark {
    /// A line without gaps.
    Line,
    /// A thick and pale line, for what others are compared with.
    Wide,
    /// A line with gaps.
    Dashes,
    /// A line of short dashes.
    Dots,
    /// A circle at each point.
    Circles,
    /// A cross at each point.
    Crosses,
}

/// Points that belong together.
#[derive(Clone, Debug)]
pub struct Series {
    /// What the legend says.
    pub label: String,
    /// How it is drawn.
    pub mark: Mark,
    /// Its colour.
    pub color: RGBColor,
    /// Where it is.
    pub points: Vec<(f64, f64)>,
}

/// One axis.
pub struct Axis<'a, R> {
    /// What is measured along it.
    pub label: &'a str,
    /// From where to where.
    pub range: R,
    /// What is written at a place.
    pub tick: &'a dyn Fn(&f64) -> String,
}

/// Draws a page with a title, and returns the path of its file.
///
/// # Errors
/// If `draw` fails, or the file can't be written.
pub fn page(
    name: &str,
    title: &str,
    draw: impl FnOnce(&Page<'_>) -> Result<(), Box<dyn Error>>,
) -> Result<PathBuf, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/plots");
    fs::create_dir_all(&folder)?;
    let path = folder.canonicalize()?.join(name).with_extension("svg");
    {
        let page = SVGBackend::new(&path, SIZE).into_drawing_area();
        page.fill(&WHITE)?;
        let style = TextStyle::from((FONT, 21)).pos(Pos::new(HPos::Center, VPos::Top));
        page.draw(&Text::new(title, (SIZE.0 as i32 / 2, 16), style))?;
        draw(&page)?;
        page.present()?;
    }
    Ok(path)
}

/// A place to one decimal, for [`Axis::tick`]; zero without a sign.
pub fn tenths(place: &f64) -> String {
    format!("{:.1}", (10.0 * place).round() / 10.0 + 0.0)
}

/// Draws series over two axes, and returns the path of the plot.
///
/// # Errors
/// If the file can't be written.
pub fn draw<X, Y>(
    name: &str,
    title: &str,
    x: Axis<'_, X>,
    y: Axis<'_, Y>,
    series: &[Series],
) -> Result<PathBuf, Box<dyn Error>>
where
    X: AsRangedCoord<Value = f64, CoordDescType: ValueFormatter<f64>>,
    Y: AsRangedCoord<Value = f64, CoordDescType: ValueFormatter<f64>>,
{
    page(name, title, |page| {
        let (head, body) = page.split_vertically(HEAD);
        legend(&head, series)?;
        let mut chart = ChartBuilder::on(&body)
            .margin(8)
            .margin_right(32)
            .x_label_area_size(48)
            .y_label_area_size(76)
            .build_cartesian_2d(x.range, y.range)?;
        chart
            .configure_mesh()
            .bold_line_style(BLACK.mix(0.12))
            .light_line_style(TRANSPARENT)
            .label_style((FONT, 14))
            .axis_desc_style((FONT, 16))
            .x_desc(x.label)
            .y_desc(y.label)
            .x_label_formatter(x.tick)
            .y_label_formatter(y.tick)
            .draw()?;
        series.iter().try_for_each(|series| mark(chart.plotting_area(), series, series.points.clone()))
    })
}

/// The legend in a line, so that it covers no point.
fn legend(head: &Page<'_>, series: &[Series]) -> Result<(), Box<dyn Error>> {
    let width = (SIZE.0 - 60) / series.len().max(1) as u32;
    let style = TextStyle::from((FONT, 14)).pos(Pos::new(HPos::Left, VPos::Center));
    for (at, series) in (0..).zip(series) {
        let (left, middle) = ((40 + at * width) as i32, 60);
        let ends = match series.mark {
            Mark::Circles | Mark::Crosses => vec![(left + 22, middle)],
            Mark::Line | Mark::Wide | Mark::Dashes | Mark::Dots => vec![(left, middle), (left + 34, middle)],
        };
        mark(head, series, ends)?;
        head.draw(&Text::new(series.label.as_str(), (left + 42, middle), style.clone()))?;
    }
    Ok(())
}

/// Draws points as a series says.
fn mark<C>(area: &DrawingArea<SVGBackend<'_>, C>, series: &Series, points: Vec<C::From>) -> Result<(), Box<dyn Error>>
where
    C: CoordTranslate<From: Clone + 'static>,
{
    let line = series.color.stroke_width(2);
    match series.mark {
        Mark::Line => area.draw(&PathElement::new(points, line))?,
        Mark::Wide => area.draw(&PathElement::new(points, series.color.mix(0.3).stroke_width(7)))?,
        Mark::Dashes => area.draw(&DashedPathElement::new(points, 9, 5, line))?,
        Mark::Dots => area.draw(&DashedPathElement::new(points, 2, 4, line))?,
        Mark::Circles => points.into_iter().try_for_each(|point| area.draw(&Circle::new(point, 6, line)))?,
        Mark::Crosses => points.into_iter().try_for_each(|point| area.draw(&Cross::new(point, 4, line)))?,
    }
    Ok(())
}
