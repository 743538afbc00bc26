//! Laws that hold for every table, on tables too large for an oracle.

#![allow(clippy::unwrap_used)] // a test may panic

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use shoal_core::models::{Distance, Ratio, Spec};
use shoal_core::{
    Attribute, Error, Found, Hierarchy, LimitKind, Limits, Measure, Monitor, Objective, SensitiveColumn,
    Table, Task,
};

const LEAVES: u32 = 32;

/// Skewed codes from a multiplicative generator.
fn columns(count: usize, rows: usize) -> Vec<Vec<u32>> {
    let mut state = 42u64;
    (0..count)
        .map(|_| {
            (0..rows)
                .map(|_| {
                    state =
                        state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    let (a, b) = ((state >> 40) as u32 % LEAVES, (state >> 20) as u32 % LEAVES);
                    a * b / LEAVES
                })
                .collect()
        })
        .collect()
}

/// A table of these columns, of which the last is sensitive as well.
fn table(columns: &[Vec<u32>], counts: Option<&[u32]>, monitor: &Monitor) -> Result<Table, Error> {
    let maps: Vec<Vec<u32>> = (1..=5).map(|bits| (0..LEAVES).map(|leaf| leaf >> bits).collect()).collect();
    let attributes: Vec<Attribute<'_>> = columns
        .iter()
        .enumerate()
        .map(|(j, codes)| Attribute {
            codes,
            hierarchy: Hierarchy::new(j, LEAVES, maps.iter().map(Vec::as_slice).collect()).unwrap(),
        })
        .collect();
    let sensitive = SensitiveColumn {
        codes: &columns[columns.len() - 1],
        values: LEAVES,
        reference: None,
        positions: None,
        generalizations: Vec::new(),
    };
    Table::new(&attributes, &[sensitive], None, counts, monitor)
}

fn task(models: &[Spec], limit: u64) -> Task<'_> {
    Task {
        models,
        suppression_limit: limit,
        objective: Objective::default(),
        limits: Limits::default(),
        anytime: false,
    }
}

fn solve(columns: &[Vec<u32>], k: u64, limit: u64, monitor: &Monitor) -> Result<Found, Error> {
    table(columns, None, monitor)?.search(&task(&[Spec::KAnonymity { k }], limit), monitor)
}

#[test]
fn more_suppression_never_costs_more_and_more_privacy_never_costs_less() {
    let columns = columns(4, 3000);
    let loss = |k, limit| solve(&columns, k, limit, &Monitor::new()).unwrap().loss;
    let by_limit: Vec<f64> = [0, 30, 300, 3000].map(|limit| loss(5, limit)).to_vec();
    assert!(by_limit.is_sorted_by(|a, b| a >= b), "{by_limit:?}");
    assert!(by_limit[0] > by_limit[3]);
    let by_k: Vec<f64> = [1, 2, 5, 20, 100].map(|k| loss(k, 60)).to_vec();
    assert!(by_k.is_sorted(), "{by_k:?}");
    assert_eq!(by_k[0], 0.0);
}

#[test]
fn the_same_input_gives_the_same_output_at_any_number_of_threads() {
    let columns = columns(4, 3000);
    let monitor = Monitor::new();
    let table = table(&columns, None, &monitor).unwrap();
    let close = Spec::Closeness {
        column: 0,
        distance: Distance::Ordered,
        t: Ratio { numerator: 3, denominator: 10 },
    };
    let models = [Spec::KAnonymity { k: 4 }, close];
    for measure in Measure::ALL {
        let found: Vec<Found> = [1, 2, 8]
            .map(|threads| {
                let mut task = task(&models, 100);
                task.objective.measure = measure;
                task.limits.threads = threads;
                let found = table.search(&task, &monitor).unwrap();
                assert!(found.optimal() && found.lower_bound == found.loss);
                Found { checked: 0, elapsed: Duration::ZERO, ..found }
            })
            .to_vec();
        assert!(found.iter().all(|each| *each == found[0]), "{measure:?}: {found:?}");
        let evaluation = table.evaluate(
            &[found[0].levels.clone()],
            &models,
            100,
            &Objective { measure, ..Objective::default() },
            &monitor,
        );
        let node = &evaluation.unwrap()[0];
        assert!(node.satisfied);
        assert_eq!(
            (node.loss, node.suppressed, node.classes, node.smallest),
            (found[0].loss, found[0].suppressed, found[0].classes, found[0].smallest)
        );
    }
}

#[test]
fn repeating_every_row_changes_nothing_but_the_counts() {
    let once = columns(3, 800);
    let thrice: Vec<Vec<u32>> = once.iter().map(|codes| codes.repeat(3)).collect();
    let monitor = Monitor::new();
    let a = solve(&once, 2, 40, &monitor).unwrap();
    let b = solve(&thrice, 6, 120, &monitor).unwrap();
    assert_eq!((&a.levels, a.suppressed * 3, a.classes), (&b.levels, b.suppressed, b.classes));
    assert!((a.loss - b.loss).abs() < 1e-15);
    // Counts say the same as repeated records.
    let counted = table(&once, Some(&vec![3; 800]), &monitor).unwrap();
    let models = [Spec::KAnonymity { k: 6 }];
    let c = counted.search(&task(&models, 120), &monitor).unwrap();
    assert_eq!(
        (b.levels, b.loss, b.suppressed, b.smallest),
        (c.levels.clone(), c.loss, c.suppressed, c.smallest)
    );
    let release = counted.release(&c.levels, &models, &Objective::default(), &monitor).unwrap();
    assert_eq!(
        (release.kept.len(), release.after.rows(), release.suppressed),
        (800, 2400 - c.suppressed, c.suppressed)
    );
}

#[test]
fn a_search_ends_soon_after_it_is_cancelled() {
    let monitor = Arc::new(Monitor::new());
    let worker = thread::spawn({
        let monitor = Arc::clone(&monitor);
        move || solve(&columns(8, 300_000), 5, 6000, &monitor)
    });
    while monitor.progress().0 == 0 {
        thread::sleep(Duration::from_millis(1));
    }
    thread::sleep(Duration::from_millis(200));
    let start = Instant::now();
    monitor.cancel();
    let result = worker.join().unwrap();
    assert_eq!(result.err(), Some(Error::Cancelled));
    assert!(start.elapsed() < Duration::from_millis(500));
}

#[test]
fn a_finished_search_has_done_all_its_steps() {
    let monitor = Monitor::new();
    let table = table(&columns(3, 500), None, &monitor).unwrap();
    assert_eq!(monitor.progress(), (500, 500));
    table.search(&task(&[Spec::KAnonymity { k: 3 }], 20), &monitor).unwrap();
    assert_eq!(monitor.progress(), (6 * 6 * 6, 6 * 6 * 6));
}

#[test]
fn a_limit_ends_a_search_with_a_bound_or_an_error() {
    let monitor = Monitor::new();
    let table = table(&columns(4, 3000), None, &monitor).unwrap();
    let models = [Spec::KAnonymity { k: 5 }];
    let best = table.search(&task(&models, 60), &monitor).unwrap();
    let mut gaps = Vec::new();
    for nodes in [1, 30, 60, best.checked + 100] {
        let mut limited = task(&models, 60);
        limited.limits.nodes = Some(nodes);
        limited.limits.threads = 1;
        match table.search(&limited, &monitor) {
            Err(error) => assert_eq!(error, Error::LimitReached { limit: LimitKind::Nodes }),
            Ok(found) => assert!(nodes > 60 && found.optimal()),
        }
        limited.anytime = true;
        match table.search(&limited, &monitor) {
            Err(error) => assert_eq!((nodes, error), (1, Error::LimitReached { limit: LimitKind::Nodes })),
            Ok(found) => {
                assert!(found.lower_bound <= best.loss && best.loss <= found.loss);
                assert!(found.checked <= nodes);
                gaps.push(found.loss - found.lower_bound);
            }
        }
    }
    assert_eq!(gaps.last(), Some(&0.0));
    assert!(gaps.is_sorted_by(|a, b| a >= b), "{gaps:?}");
}
