//! MDAV against the algorithm written down plainly, and the property that its paper states.

#![allow(clippy::unwrap_used)] // a test may panic

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use shoal_core::recoding::mdav;
use shoal_core::{Error, Monitor};

/// Numbers in 0..1 from a multiplicative generator.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    fn columns(&mut self, count: usize, rows: usize, value: impl Fn(f64) -> f64) -> Vec<Vec<f64>> {
        (0..count).map(|_| (0..rows).map(|_| value(self.next())).collect()).collect()
    }
}

fn run(columns: &[Vec<f64>], k: u64) -> Vec<u32> {
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    mdav(&columns, k, &Monitor::new()).unwrap()
}

fn standardised(columns: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let rows = columns[0].len();
    let columns: Vec<Vec<f64>> = columns
        .iter()
        .map(|column| {
            let mean = column.iter().sum::<f64>() / rows as f64;
            let deviation =
                (column.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / rows as f64).sqrt();
            column
                .iter()
                .map(|value| if deviation > 0.0 { (value - mean) / deviation } else { 0.0 })
                .collect()
        })
        .collect();
    (0..rows).map(|row| columns.iter().map(|column| column[row]).collect()).collect()
}

fn squared(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum()
}

fn mean(records: &[Vec<f64>], left: &[usize]) -> Vec<f64> {
    let sum = |j: usize| left.iter().map(|&i| records[i][j]).sum::<f64>();
    (0..records[0].len()).map(|j| sum(j) / left.len() as f64).collect()
}

/// The paper's algorithm, step by step. Only for records without ties, where the order among equals does not matter.
fn naive(records: &[Vec<f64>], k: usize) -> Vec<Vec<usize>> {
    let mut left: Vec<usize> = (0..records.len()).collect();
    let mut classes = Vec::new();
    let farthest = |left: &[usize], place: &[f64]| {
        let distance = |i: &usize| squared(&records[*i], place);
        *left.iter().rev().max_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap()
    };
    let mut around = |left: &mut Vec<usize>, center: usize| {
        let distance = |i: &usize| squared(&records[*i], &records[center]);
        left.sort_by(|a, b| distance(a).total_cmp(&distance(b)).then(a.cmp(b)));
        let mut class: Vec<usize> = left.drain(..k).collect();
        left.sort_unstable();
        class.sort_unstable();
        classes.push(class);
    };
    while left.len() >= 3 * k {
        let r = farthest(&left, &mean(records, &left));
        let s = farthest(&left, &records[r]);
        around(&mut left, r);
        around(&mut left, s);
    }
    if left.len() >= 2 * k {
        let r = farthest(&left, &mean(records, &left));
        around(&mut left, r);
    }
    classes.push(left);
    classes.sort();
    classes
}

fn members(class_of_record: &[u32]) -> Vec<Vec<usize>> {
    let mut classes = vec![Vec::new(); class_of_record.iter().max().map_or(0, |&last| last as usize + 1)];
    for (record, &class) in class_of_record.iter().enumerate() {
        classes[class as usize].push(record);
    }
    classes
}

fn within(records: &[Vec<f64>], classes: &[Vec<usize>]) -> f64 {
    classes
        .iter()
        .map(|class| {
            let center = mean(records, class);
            class.iter().map(|&i| squared(&records[i], &center)).sum::<f64>()
        })
        .sum()
}

#[test]
fn the_same_classes_as_the_plain_algorithm() {
    let mut numbers = Numbers(3);
    for (round, rows) in (1..400).step_by(7).enumerate() {
        let columns = numbers.columns(1 + round % 5, rows, |value| value.powi(3) * 1000.0);
        let k = 1 + round % 9;
        if k <= rows {
            assert_eq!(members(&run(&columns, k as u64)), naive(&standardised(&columns), k), "round {round}");
        }
    }
}

#[test]
fn every_class_has_k_records_and_one_may_have_more() {
    let mut numbers = Numbers(5);
    for rows in 1..120 {
        // Few distinct values, hence many ties.
        let columns = numbers.columns(2, rows, |value| (value * 4.0).floor());
        for k in 1..=rows.min(7) {
            let classes = members(&run(&columns, k as u64));
            let larger: Vec<usize> = classes.iter().map(Vec::len).filter(|&size| size != k).collect();
            assert!(
                larger.len() <= 1 && larger.iter().all(|&size| size > k && size < 2 * k),
                "{rows} rows, k {k}"
            );
            assert!(classes.is_sorted_by_key(|class| class[0]), "numbered in order of first appearance");
        }
    }
}

#[test]
fn ties_do_not_make_classes_wider() {
    let mut numbers = Numbers(7);
    let (mut ours, mut plain) = (0.0, 0.0);
    for _ in 0..60 {
        let columns = numbers.columns(3, 90, |value| (value * 5.0).floor());
        let records = standardised(&columns);
        ours += within(&records, &members(&run(&columns, 4)));
        plain += within(&records, &naive(&records, 4));
    }
    // Which of equally near records is taken may help or harm a little in one table, not on average.
    assert!(ours <= plain * 1.01, "{ours} {plain}");
}

#[test]
fn equal_records_are_told_apart_only_by_their_order() {
    let mut numbers = Numbers(9);
    let once = numbers.columns(3, 50, |value| value);
    let thrice: Vec<Vec<f64>> = once.iter().map(|column| column.repeat(3)).collect();
    // With k = 3 every distinct tuple is a class: no record need share one with another.
    let classes = members(&run(&thrice, 3));
    assert_eq!(classes.len(), 50);
    assert!(classes.iter().enumerate().all(|(i, class)| *class == [i, i + 50, i + 100]));
}

#[test]
fn the_same_input_gives_the_same_classes() {
    let columns = Numbers(11).columns(4, 2000, |value| (value * 30.0).floor());
    assert_eq!(run(&columns, 5), run(&columns, 5));
}

#[test]
fn what_would_take_too_long_is_refused_with_the_limit() {
    let columns = Numbers(13).columns(2, 800_000, |value| value);
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let error = mdav(&columns, 2, &Monitor::new()).unwrap_err();
    let Error::TooMuchToCluster { rows, limit } = error else { panic!("{error}") };
    assert_eq!(rows, 800_000);
    assert!(limit > 100_000 && limit < 800_000, "{limit}");
    assert!(error.to_string().contains(&format!("at most {limit} rows")), "{error}");
}

#[test]
fn clustering_ends_soon_after_it_is_cancelled() {
    let monitor = Arc::new(Monitor::new());
    let worker = thread::spawn({
        let monitor = Arc::clone(&monitor);
        move || {
            let columns = Numbers(17).columns(4, 150_000, |value| value);
            let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
            mdav(&columns, 3, &monitor)
        }
    });
    while monitor.progress().0 == 0 {
        thread::sleep(Duration::from_millis(1));
    }
    let start = Instant::now();
    monitor.cancel();
    assert_eq!(worker.join().unwrap().err(), Some(Error::Cancelled));
    assert!(start.elapsed() < Duration::from_millis(200));
}

#[test]
fn a_finished_clustering_has_done_all_its_steps() {
    let columns = Numbers(19).columns(2, 301, |value| value);
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let monitor = Monitor::new();
    mdav(&columns, 4, &monitor).unwrap();
    assert_eq!(monitor.progress(), (301, 301));
}
