//! Runs one case once, for callgrind to count the instructions of [`counted`]; `benchmarks/instructions.py` calls it.
//!
//! Threads would be counted by chance, so the caller ties the process to one core.

#[path = "../benches/cases/mod.rs"]
mod cases;

use std::env;
use std::hint::black_box;
use std::process::ExitCode;

use cases::Tuples;
use shoal_core::models::Spec;
use shoal_core::{Error, Limits, Monitor, Objective, Table, Task, class_histogram};

const ROWS: usize = 300_000;
const SEARCHED: usize = 30_000;

/// What callgrind is told to count, by this name.
#[inline(never)]
fn counted<R>(work: impl FnOnce() -> R) -> R {
    black_box(work())
}

fn main() -> ExitCode {
    let case = env::args().nth(1).unwrap_or_default();
    match run(&case) {
        Some(Ok(())) => ExitCode::SUCCESS,
        Some(Err(error)) => {
            eprintln!("{case}: {error}");
            ExitCode::FAILURE
        }
        None => {
            eprintln!("{case:?} is no case");
            ExitCode::FAILURE
        }
    }
}

fn run(case: &str) -> Option<Result<(), Error>> {
    let (kind, tuples) = case.split_once('/')?;
    let tuples = Tuples::ALL.into_iter().find(|each| each.name() == tuples)?;
    match kind {
        "sizes" => Some(sizes(tuples)),
        "table" => Some(table(tuples)),
        "search" => Some(search(tuples)),
        _ => None,
    }
}

fn sizes(tuples: Tuples) -> Result<(), Error> {
    let columns = cases::columns(ROWS, tuples);
    let borrowed = cases::borrowed(&columns);
    counted(|| class_histogram(&borrowed, &Monitor::new())).map(|_| ())
}

fn table(tuples: Tuples) -> Result<(), Error> {
    let (columns, maps) = (cases::columns(ROWS, tuples), cases::maps(&cases::CARDINALITIES));
    let attributes = cases::attributes(&columns, &maps);
    counted(|| Table::new(&attributes, &[], None, None, &Monitor::new())).map(|_| ())
}

fn search(tuples: Tuples) -> Result<(), Error> {
    let (columns, maps) = (cases::columns(SEARCHED, tuples), cases::maps(&cases::CARDINALITIES));
    let attributes = cases::attributes(&columns, &maps);
    let table = Table::new(&attributes, &[], None, None, &Monitor::new())?;
    let task = Task {
        models: &[Spec::KAnonymity { k: 5 }],
        suppression_limit: SEARCHED as u64 / 50,
        objective: Objective::default(),
        limits: Limits { threads: 1, ..Limits::default() },
        anytime: false,
    };
    counted(|| table.search(&task, &Monitor::new())).map(|_| ())
}
