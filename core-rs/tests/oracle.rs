//! The search against the definition: all nodes of random small lattices, nothing shared with the crate but its types.
//!
//! Losses are compared as fractions of 128-bit integers, which the small tables never overflow. The seed of a run is
//! printed; `SHOAL_TEST_SEED` repeats it.

#![allow(clippy::unwrap_used)] // a test may panic

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};

use shoal_core::models::Spec;
use shoal_core::{Aggregate, Attribute, Error, Found, Hierarchy, Limits, Monitor, Objective, Table, Task};

const ROUNDS: u64 = 400;

/// A 64-bit linear congruential generator with its high bits out: enough to make tables.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

struct Column {
    codes: Vec<u32>,
    leaves: u32,
    maps: Vec<Vec<u32>>,
}

impl Column {
    fn random(random: &mut Random, rows: u64) -> Self {
        let leaves = 1 + random.below(6);
        let mut map: Vec<u32> = (0..leaves as u32).collect();
        let maps = (0..random.below(4))
            .map(|_| {
                let values = 1 + random.below(leaves);
                let parents: Vec<u32> = (0..leaves).map(|_| random.below(values) as u32).collect();
                map = map.iter().map(|&code| parents[code as usize]).collect();
                map.clone()
            })
            .collect();
        Self { codes: (0..rows).map(|_| random.below(leaves) as u32).collect(), leaves: leaves as u32, maps }
    }

    fn value(&self, level: usize, leaf: u32) -> u32 {
        if level == 0 { leaf } else { self.maps[level - 1][leaf as usize] }
    }

    fn leaves_under(&self, level: usize, value: u32) -> u128 {
        (0..self.leaves).filter(|&leaf| self.value(level, leaf) == value).count() as u128
    }
}

struct Instance {
    columns: Vec<Column>,
    weights: Vec<u128>,
    k: usize,
    limit: usize,
    aggregate: Aggregate,
}

impl Instance {
    fn random(random: &mut Random) -> Self {
        let rows = 1 + random.below(40);
        let columns: Vec<Column> = (0..1 + random.below(4)).map(|_| Column::random(random, rows)).collect();
        let mut weights: Vec<u128> = columns.iter().map(|_| u128::from(random.below(4))).collect();
        weights[0] += 1;
        Self {
            columns,
            weights,
            k: 1 + random.below(6) as usize,
            limit: [0, rows / 10, rows / 2, rows][random.below(4) as usize] as usize,
            aggregate: [Aggregate::GeometricMean, Aggregate::ArithmeticMean, Aggregate::Maximum]
                [random.below(3) as usize],
        }
    }

    fn rows(&self) -> usize {
        self.columns[0].codes.len()
    }

    fn nodes(&self) -> Vec<Vec<usize>> {
        self.columns.iter().fold(vec![vec![]], |nodes, column| {
            nodes
                .iter()
                .flat_map(|node| (0..=column.maps.len()).map(move |level| [&node[..], &[level]].concat()))
                .collect()
        })
    }

    fn kept(&self, node: &[usize], k: usize) -> Vec<bool> {
        let row = |i: usize| -> Vec<u32> {
            self.columns.iter().zip(node).map(|(c, &level)| c.value(level, c.codes[i])).collect()
        };
        let mut sizes: HashMap<Vec<u32>, usize> = HashMap::new();
        for i in 0..self.rows() {
            *sizes.entry(row(i)).or_default() += 1;
        }
        (0..self.rows()).map(|i| sizes[&row(i)] >= k).collect()
    }

    fn suppressed(&self, node: &[usize], k: usize) -> usize {
        self.kept(node, k).iter().filter(|kept| !**kept).count()
    }

    /// An integer that orders nodes as their losses do.
    fn key(&self, node: &[usize], kept: &[bool]) -> u128 {
        let rows = self.rows() as u128;
        let heaviest = *self.weights.iter().max().unwrap();
        let widths: Vec<u128> = self.columns.iter().map(|c| u128::from(c.leaves - 1)).collect();
        let common: u128 = widths.iter().map(|&w| w.max(1)).product();
        let above: Vec<u128> = self
            .columns
            .iter()
            .zip(node)
            .zip(&self.weights)
            .map(|((column, &level), &weight)| {
                let sum: u128 = (0..self.rows())
                    .map(|i| match kept[i] {
                        true => column.leaves_under(level, column.value(level, column.codes[i])),
                        false => u128::from(column.leaves),
                    })
                    .sum();
                (sum - rows) * weight
            })
            .collect();
        match self.aggregate {
            Aggregate::GeometricMean => {
                above.iter().zip(&widths).map(|(a, w)| a + rows * w.max(&1) * heaviest).product()
            }
            Aggregate::ArithmeticMean => {
                above.iter().zip(&widths).map(|(a, w)| a * (common / w.max(&1))).sum()
            }
            Aggregate::Maximum => {
                above.iter().zip(&widths).map(|(a, w)| a * (common / w.max(&1))).max().unwrap()
            }
        }
    }

    fn best(&self) -> Option<(Vec<usize>, Vec<bool>)> {
        self.nodes()
            .into_iter()
            .filter_map(|node| {
                let kept = self.kept(&node, self.k);
                let suppressed = kept.iter().filter(|kept| !**kept).count();
                (suppressed <= self.limit && suppressed < self.rows())
                    .then(|| (self.key(&node, &kept), node.iter().sum::<usize>(), node, kept))
            })
            .min()
            .map(|(_, _, node, kept)| (node, kept))
    }

    fn check(&self) -> bool {
        let attributes: Vec<Attribute<'_>> = self
            .columns
            .iter()
            .enumerate()
            .map(|(j, column)| Attribute {
                codes: &column.codes,
                hierarchy: Hierarchy::new(j, column.leaves, column.maps.iter().map(Vec::as_slice).collect())
                    .unwrap(),
            })
            .collect();
        let weights: Vec<f64> = self.weights.iter().map(|&w| w as f64).collect();
        let models = [Spec::KAnonymity { k: self.k as u64 }];
        let task = Task {
            models: &models,
            suppression_limit: self.limit as u64,
            objective: Objective { aggregate: self.aggregate, weights, ..Objective::default() },
            limits: Limits::default(),
            anytime: false,
        };
        let monitor = Monitor::new();
        let table = Table::new(&attributes, &[], None, None, &monitor).unwrap();
        let best = self.best();
        for found in [table.search(&task, &monitor), table.search_boxes(&task, &monitor)] {
            self.compare(&table, &task, found, best.as_ref());
        }
        best.is_some()
    }

    fn compare(
        &self,
        table: &Table,
        task: &Task<'_>,
        found: Result<Found, Error>,
        best: Option<&(Vec<usize>, Vec<bool>)>,
    ) {
        let (models, monitor) = (task.models, Monitor::new());
        match (found, best) {
            (Ok(found), Some((node, kept))) => {
                assert_eq!(&found.levels.iter().map(|&l| usize::from(l)).collect::<Vec<_>>(), node);
                assert!(found.optimal() && found.lower_bound == found.loss);
                assert_eq!(found.suppressed as usize, kept.iter().filter(|kept| !**kept).count());
                assert!(found.checked <= found.lattice_size);
                let release = table.release(&found.levels, models, &task.objective, &monitor).unwrap();
                assert_eq!(release.kept.iter().map(|&byte| byte == 1).collect::<Vec<_>>(), *kept);
                assert_eq!(release.before.rows() as usize, self.rows());
                assert_eq!(release.after.rows() as usize, self.rows() - found.suppressed as usize);
                assert!(release.after.counts.iter().all(|&(size, _)| size >= self.k as u64));
            }
            (Err(Error::Infeasible { fewest_suppressed, largest_k }), None) => {
                let top: Vec<usize> = self.columns.iter().map(|column| column.maps.len()).collect();
                let (limit, largest_k) = (self.limit.min(self.rows() - 1), largest_k.unwrap());
                assert_eq!(fewest_suppressed as usize, self.suppressed(&top, self.k));
                assert!(self.suppressed(&top, largest_k as usize) <= limit);
                assert!(self.suppressed(&top, largest_k as usize + 1) > limit);
            }
            (found, expected) => panic!("found {found:?}, expected {expected:?}"),
        }
    }
}

#[test]
fn random_lattices() {
    let seed = std::env::var("SHOAL_TEST_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or_else(|| RandomState::new().build_hasher().finish());
    let mut feasible = 0;
    for round in 0..ROUNDS {
        println!("SHOAL_TEST_SEED={seed}, round {round}");
        let mut random = Random(seed.wrapping_add(round.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        feasible += u64::from(Instance::random(&mut random).check());
    }
    // Both outcomes must have been met, or the generator proves nothing about one of them.
    assert!(feasible > ROUNDS / 4 && feasible < ROUNDS, "{feasible} of {ROUNDS} were feasible");
}
