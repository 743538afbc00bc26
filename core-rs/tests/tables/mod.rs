//! Small tables to partition, shared by the tests of Mondrian.

#![allow(clippy::unwrap_used, dead_code)] // a test may panic, and needs not everything that is here

use std::collections::{BTreeMap, BTreeSet};

use shoal_core::models::{Class, Distance, Histogram, Models, Ratio, Sensitive, Spec};
use shoal_core::recoding::{Dimension, Partition, Partitioning, mondrian};
use shoal_core::{Column, Error, Hierarchy, Monitor};

/// A multiplicative generator.
pub(crate) struct Numbers(pub u64);

impl Numbers {
    pub(crate) fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as u32 % limit
    }
}

/// One attribute that owns its codes.
#[derive(Debug, Clone)]
pub(crate) struct Attribute {
    pub(crate) codes: Vec<u32>,
    pub(crate) values: u32,
    pub(crate) maps: Vec<Vec<u32>>,
    pub(crate) ordered: bool,
    pub(crate) weight: f64,
}

#[derive(Debug, Clone)]
pub(crate) struct Instance {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) sensitive: Vec<u32>,
    pub(crate) specs: Vec<Spec>,
    pub(crate) strict: bool,
}

pub(crate) const SENSITIVE: u32 = 5;

impl Instance {
    pub(crate) fn random(numbers: &mut Numbers) -> Self {
        let rows = 1 + numbers.below(60) as usize;
        let attributes = (0..1 + numbers.below(4))
            .map(|_| {
                let values = 1 + numbers.below(12);
                let codes = (0..rows).map(|_| numbers.below(values).min(numbers.below(values))).collect();
                // Nodes are random groups of the nodes below: not neighbours, not in order.
                let mut maps: Vec<Vec<u32>> = Vec::new();
                let mut width = values;
                for _ in 0..numbers.below(4) {
                    width = 1 + numbers.below(width);
                    let joined: Vec<u32> = (0..values).map(|_| numbers.below(width)).collect();
                    let before: Vec<u32> = maps.last().cloned().unwrap_or((0..values).collect());
                    maps.push(before.iter().map(|&node| joined[node as usize]).collect());
                }
                let weight = [1.0, 1.0, 0.5, 0.0][numbers.below(4) as usize];
                Attribute { codes, values, maps, ordered: numbers.below(2) == 0, weight }
            })
            .collect::<Vec<_>>();
        let sensitive = (0..rows).map(|_| numbers.below(SENSITIVE).min(numbers.below(SENSITIVE))).collect();
        let mut attributes = attributes;
        attributes[0].weight = 1.0;
        let k = Spec::KAnonymity { k: u64::from(1 + numbers.below(6)) };
        let ratio = |numerator, denominator| Ratio { numerator, denominator };
        let column = 0;
        let other = match numbers.below(12) {
            0 => Some(Spec::DistinctDiversity { column, l: 2 }),
            1 => Some(Spec::EntropyDiversity { column, l: 1.8, grassberger: numbers.below(2) == 0 }),
            2 => Some(Spec::RecursiveDiversity { column, c: ratio(3, 2), l: 2 }),
            3 => Some(Spec::Closeness { column, distance: Distance::Equal, t: ratio(2, 5) }),
            4 => Some(Spec::Closeness { column, distance: Distance::Ordered, t: ratio(1, 5) }),
            5 => Some(Spec::DeltaDisclosure { column, delta: 0.8 }),
            6 => Some(Spec::BetaLikeness { column, beta: ratio(1, 1), enhanced: numbers.below(2) == 0 }),
            _ => None,
        };
        let specs = [k].into_iter().chain(other).collect();
        Self { attributes, sensitive, specs, strict: numbers.below(2) == 0 }
    }

    pub(crate) fn only_k(&self) -> bool {
        self.specs.len() == 1
    }

    pub(crate) fn bound(&self) -> Models {
        let mut reference = vec![0u64; SENSITIVE as usize];
        self.sensitive.iter().for_each(|&value| reference[value as usize] += 1);
        let sensitive =
            Sensitive { values: SENSITIVE, reference: &reference, positions: None, generalizations: vec![] };
        Models::bind(&self.specs, &[sensitive], false).unwrap()
    }

    pub(crate) fn run(&self, models: &Models, monitor: &Monitor) -> Result<Partition, Error> {
        let dimensions: Vec<Dimension<'_>> = self
            .attributes
            .iter()
            .enumerate()
            .map(|(j, attribute)| Dimension {
                codes: &attribute.codes,
                hierarchy: Hierarchy::new(
                    j,
                    attribute.values,
                    attribute.maps.iter().map(Vec::as_slice).collect(),
                )
                .unwrap(),
                ordered: attribute.ordered,
                weight: attribute.weight,
            })
            .collect();
        let sensitive = [Column { codes: &self.sensitive, cardinality: SENSITIVE }];
        let task =
            Partitioning { dimensions: &dimensions, sensitive: &sensitive, models, strict: self.strict };
        mondrian(&task, monitor)
    }

    pub(crate) fn holds(&self, models: &Models, records: &[usize]) -> bool {
        if records.is_empty() {
            return false;
        }
        let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
        records.iter().for_each(|&record| *counts.entry(self.sensitive[record]).or_default() += 1);
        let (values, counts): (Vec<u32>, Vec<u32>) = counts.into_iter().unzip();
        let histogram = Histogram { values: &values, counts: &counts };
        models.holds(&Class { rows: records.len() as u64, population: 0, histograms: &[histogram] })
    }

    pub(crate) fn codes(&self, attribute: usize, records: &[usize]) -> BTreeSet<u32> {
        records.iter().map(|&record| self.attributes[attribute].codes[record]).collect()
    }

    /// The lowest level at which a set of codes has one value.
    pub(crate) fn level(&self, attribute: usize, codes: &BTreeSet<u32>) -> usize {
        let maps = &self.attributes[attribute].maps;
        let one = |level: usize| {
            let value = |code: u32| if level == 0 { code } else { maps[level - 1][code as usize] };
            codes.iter().map(|&code| value(code)).collect::<BTreeSet<u32>>().len() == 1
        };
        (0..=maps.len()).find(|&level| one(level)).unwrap_or(maps.len() + 1)
    }
}

/// The records of every class.
pub(crate) fn members(partition: &Partition) -> Vec<Vec<usize>> {
    let mut classes = vec![Vec::new(); partition.classes];
    for (record, &class) in partition.class_of_record.iter().enumerate() {
        classes[class as usize].push(record);
    }
    classes
}
