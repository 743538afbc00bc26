//! Grouping a million rows of nine columns (sizes of classes alone, and all that a table keeps of its rows), and searches
//! of a generated lattice, which spend their time in roll-ups.

mod cases;

use std::hint::black_box;

use cases::Tuples;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use shoal_core::models::Spec;
use shoal_core::{Limits, Monitor, Objective, Table, Task, class_histogram};

const ROWS: usize = 1_000_000;
const SEARCHED: usize = 30_000;

fn grouping(criterion: &mut Criterion) {
    let maps = cases::maps(&cases::CARDINALITIES);
    let mut group = criterion.benchmark_group("grouping of 1 M rows");
    group.throughput(Throughput::Elements(ROWS as u64)).sample_size(20);
    for tuples in Tuples::ALL {
        let columns = cases::columns(ROWS, tuples);
        let borrowed = cases::borrowed(&columns);
        group.bench_function(format!("sizes, {} tuples", tuples.name()), |bencher| {
            bencher.iter(|| class_histogram(black_box(&borrowed), &Monitor::new()));
        });
        let attributes = cases::attributes(&columns, &maps);
        group.bench_function(format!("table, {} tuples", tuples.name()), |bencher| {
            bencher.iter(|| Table::new(black_box(&attributes), &[], None, None, &Monitor::new()).is_ok());
        });
    }
    group.finish();
}

fn search(criterion: &mut Criterion) {
    let maps = cases::maps(&cases::CARDINALITIES);
    let mut group = criterion.benchmark_group("search, 30,000 rows, k = 5");
    group.sample_size(10);
    for (tuples, limit) in [(Tuples::Many, 0), (Tuples::Many, SEARCHED as u64 / 50), (Tuples::NearUnique, 0)]
    {
        let columns = cases::columns(SEARCHED, tuples);
        let attributes = cases::attributes(&columns, &maps);
        let table = match Table::new(&attributes, &[], None, None, &Monitor::new()) {
            Ok(table) => table,
            Err(error) => panic!("a generated table: {error}"),
        };
        let task = Task {
            models: &[Spec::KAnonymity { k: 5 }],
            suppression_limit: limit,
            objective: Objective::default(),
            limits: Limits { threads: 1, ..Limits::default() },
            anytime: false,
        };
        group.bench_function(format!("{} tuples, {limit} rows suppressed", tuples.name()), |bencher| {
            bencher.iter(|| table.search(black_box(&task), &Monitor::new()).is_ok());
        });
    }
    group.finish();
}

criterion_group!(benches, grouping, search);
criterion_main!(benches);
