//! Laws that hold for every table, on tables too large for an oracle.

#![allow(clippy::unwrap_used)] // a test may panic

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use shoal_core::models::{Models, Spec};
use shoal_core::{Aggregate, Attribute, Error, Hierarchy, Monitor, Solution, Task, search};

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

fn solve(columns: &[Vec<u32>], k: u64, limit: u64, monitor: &Monitor) -> Result<Solution, Error> {
    let maps: Vec<Vec<u32>> = (1..=5).map(|bits| (0..LEAVES).map(|leaf| leaf >> bits).collect()).collect();
    let attributes: Vec<Attribute<'_>> = columns
        .iter()
        .enumerate()
        .map(|(j, codes)| Attribute {
            codes,
            hierarchy: Hierarchy::new(j, LEAVES, maps.iter().map(Vec::as_slice).collect()).unwrap(),
        })
        .collect();
    let weights = vec![1.0; columns.len()];
    let task = Task {
        attributes: &attributes,
        models: &Models::bind(&[Spec::KAnonymity { k }], &[], false).unwrap(),
        suppression_limit: limit,
        weights: &weights,
        aggregate: Aggregate::GeometricMean,
    };
    search(&task, monitor)
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
fn the_same_input_gives_the_same_output() {
    let columns = columns(4, 3000);
    let solve = || solve(&columns, 4, 100, &Monitor::new()).unwrap();
    assert_eq!(solve(), solve());
}

#[test]
fn repeating_every_row_changes_nothing_but_the_counts() {
    let once = columns(3, 800);
    let thrice: Vec<Vec<u32>> = once.iter().map(|codes| codes.repeat(3)).collect();
    let (a, b) =
        (solve(&once, 2, 40, &Monitor::new()).unwrap(), solve(&thrice, 6, 120, &Monitor::new()).unwrap());
    assert_eq!((a.levels, a.suppressed * 3), (b.levels, b.suppressed));
    assert_eq!(a.kept.repeat(3), b.kept);
    assert!((a.loss - b.loss).abs() < 1e-15);
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
    solve(&columns(3, 500), 3, 20, &monitor).unwrap();
    assert_eq!(monitor.progress(), (500 + 6 * 6 * 6, 500 + 6 * 6 * 6));
}
