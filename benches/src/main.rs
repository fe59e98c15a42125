//! How fast this library is, against what one would take instead, on the same networks and in the same run.

#[cfg(not(all(target_arch = "x86_64", target_os = "linux")))]
compile_error!("the yardstick is written for x86-64, and the machine is read as on Linux");

#[cfg(feature = "nam-rs")]
mod captures;
mod check;
mod core_pinning;
mod images;
mod machine;
mod naive;
mod networks;
mod ours;
mod peers;
mod python;
mod report;
mod streams;
mod timing;
mod yardstick;

use machine::Machine;
use networks::Case;
use report::Row;
use yardstick::By;

/// What the command line says.
struct Options {
    check: bool,
    streams: bool,
    captures: bool,
    images: bool,
    rounds: usize,
    core: Option<usize>,
    only: Option<String>,
    date: Option<String>,
}

impl Options {
    fn read() -> Self {
        let mut options = Self {
            check: false,
            streams: false,
            captures: false,
            images: false,
            rounds: 40,
            core: None,
            only: None,
            date: None,
        };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().unwrap_or_else(|| usage());
            match argument.as_str() {
                "--check" => options.check = true,
                "--streams" => options.streams = true,
                "--captures" => options.captures = true,
                "--images" => options.images = true,
                "--rounds" => options.rounds = value().parse().unwrap_or_else(|_| usage()),
                "--core" => options.core = Some(value().parse().unwrap_or_else(|_| usage())),
                "--only" => options.only = Some(value()),
                "--date" => options.date = Some(value()),
                _ => usage(),
            }
        }
        options
    }
}

fn usage() -> ! {
    eprintln!("options: --check --streams --captures --images --rounds COUNT --core NUMBER --only ROW --date DATE");
    std::process::exit(2)
}

/// The date of the system.
fn today() -> String {
    let date = std::process::Command::new("date").arg("+%F").output();
    date.map_or_else(|_| String::new(), |date| String::from_utf8_lossy(&date.stdout).trim().to_owned())
}

fn measure(case: &Case, limit: f64, rounds: usize) -> Row {
    let mut entries = vec![ours::contestant(case)];
    entries.extend(naive::contestant(case));
    entries.extend(yardstick::contestants(case));
    entries.extend(peers::contestants(case));
    let mut expected = Vec::new();
    for entry in &mut entries {
        entry.contestant.call();
        let values = entry.contestant.values();
        if expected.is_empty() {
            expected.clone_from(&values);
        }
        check::agree(case, entry.name, &values, &expected);
    }
    let times = timing::race(&mut entries, rounds);
    let figures = entries.iter().zip(times).map(|(entry, time)| (entry.name.to_owned(), time)).collect();
    Row { name: case.name, limit, figures, expected }
}

fn main() {
    let options = Options::read();
    core_pinning::pin(options.core);
    // SAFETY: there is no other thread yet.
    unsafe { std::env::set_var("RAYON_NUM_THREADS", "1") };
    for by in [By::Avx2, By::Avx512] {
        if !By::detected().contains(&by) {
            println!("{}: skipped, this processor does not have it", by.name());
        }
    }
    let machine = Machine::measure();
    if options.streams {
        report::head(&machine, &options.date.unwrap_or_else(today));
        return streams::measure(&machine, options.rounds, options.only.as_deref());
    }
    if options.images {
        let date = options.date.unwrap_or_else(today);
        return images::measure(&machine, options.rounds, options.only.as_deref(), &date);
    }
    if options.captures {
        report::head(&machine, &options.date.unwrap_or_else(today));
        #[cfg(feature = "nam-rs")]
        captures::measure(options.rounds, options.only.as_deref());
        #[cfg(not(feature = "nam-rs"))]
        println!("Captures are measured with the feature nam-rs.");
        return;
    }
    let mut cases = Case::all();
    cases.retain(|case| options.only.as_ref().is_none_or(|only| only == case.name));
    let mut rows: Vec<Row> = cases.iter().map(|case| measure(case, machine.limit(case), options.rounds)).collect();
    let files: Vec<_> = cases.iter().zip(&rows).map(|(case, row)| python::written(case, &row.expected)).collect();
    python::add_figures("python_peers.py", &files, &mut rows, options.rounds).expect("files for Python");
    report::print(&machine, &rows, &options.date.unwrap_or_else(today));
    if options.check && report::is_beaten(&rows) {
        std::process::exit(1);
    }
}
