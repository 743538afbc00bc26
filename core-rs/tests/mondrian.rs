//! Mondrian against its definition, on random small tables; and its laws on larger ones.

#![allow(clippy::unwrap_used)] // a test may panic

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use shoal_core::models::{Class, Distance, Histogram, Models, Ratio, Sensitive, Spec};
use shoal_core::recoding::{Dimension, Partition, Partitioning, mondrian};
use shoal_core::{Column, Error, Hierarchy, Monitor};

/// A multiplicative generator.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as u32 % limit
    }
}

/// One attribute that owns its codes.
#[derive(Debug, Clone)]
struct Attribute {
    codes: Vec<u32>,
    values: u32,
    maps: Vec<Vec<u32>>,
    ordered: bool,
    weight: f64,
}

#[derive(Debug, Clone)]
struct Instance {
    attributes: Vec<Attribute>,
    sensitive: Vec<u32>,
    specs: Vec<Spec>,
    strict: bool,
}

const SENSITIVE: u32 = 5;

impl Instance {
    fn random(numbers: &mut Numbers) -> Self {
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

    fn only_k(&self) -> bool {
        self.specs.len() == 1
    }

    fn bound(&self) -> Models {
        let mut reference = vec![0u64; SENSITIVE as usize];
        self.sensitive.iter().for_each(|&value| reference[value as usize] += 1);
        let sensitive =
            Sensitive { values: SENSITIVE, reference: &reference, positions: None, generalizations: vec![] };
        Models::bind(&self.specs, &[sensitive], false).unwrap()
    }

    fn run(&self, models: &Models, monitor: &Monitor) -> Result<Partition, Error> {
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

    fn holds(&self, models: &Models, records: &[usize]) -> bool {
        if records.is_empty() {
            return false;
        }
        let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
        records.iter().for_each(|&record| *counts.entry(self.sensitive[record]).or_default() += 1);
        let (values, counts): (Vec<u32>, Vec<u32>) = counts.into_iter().unzip();
        let histogram = Histogram { values: &values, counts: &counts };
        models.holds(&Class { rows: records.len() as u64, population: 0, histograms: &[histogram] })
    }

    fn codes(&self, attribute: usize, records: &[usize]) -> BTreeSet<u32> {
        records.iter().map(|&record| self.attributes[attribute].codes[record]).collect()
    }

    /// The lowest level at which a set of codes has one value.
    fn level(&self, attribute: usize, codes: &BTreeSet<u32>) -> usize {
        let maps = &self.attributes[attribute].maps;
        let one = |level: usize| {
            let value = |code: u32| if level == 0 { code } else { maps[level - 1][code as usize] };
            codes.iter().map(|&code| value(code)).collect::<BTreeSet<u32>>().len() == 1
        };
        (0..=maps.len()).find(|&level| one(level)).unwrap_or(maps.len() + 1)
    }
}

fn members(partition: &Partition) -> Vec<Vec<usize>> {
    let mut classes = vec![Vec::new(); partition.classes];
    for (record, &class) in partition.class_of_record.iter().enumerate() {
        classes[class as usize].push(record);
    }
    classes
}

/// Boxes are what the classes hold, numbered in order of first appearance.
fn check_boxes(instance: &Instance, partition: &Partition) {
    let classes = members(partition);
    assert!(classes.is_sorted_by_key(|class| class[0]));
    let width = instance.attributes.len();
    for (number, class) in classes.iter().enumerate() {
        for attribute in 0..width {
            let codes = instance.codes(attribute, class);
            let at = number * width + attribute;
            assert_eq!(Some(&partition.lows[at]), codes.first());
            assert_eq!(Some(&partition.highs[at]), codes.last());
            assert_eq!(usize::from(partition.levels[at]), instance.level(attribute, &codes));
        }
    }
}

/// In some attribute two classes have nothing in common.
fn apart(instance: &Instance, a: &[usize], b: &[usize]) -> bool {
    (0..instance.attributes.len()).any(|attribute| {
        let (a, b) = (instance.codes(attribute, a), instance.codes(attribute, b));
        if instance.attributes[attribute].ordered {
            a.last() < b.first() || b.last() < a.first()
        } else {
            a.is_disjoint(&b)
        }
    })
}

/// Whether an allowable cut of a class is left. Every threshold is tried for k-anonymity, of which the two cuts at the
/// median are proved to decide; those two for other models.
fn can_be_cut(instance: &Instance, models: &Models, class: &[usize]) -> bool {
    let split = |attribute: usize, left: &dyn Fn(u32) -> bool| {
        let codes = &instance.attributes[attribute].codes;
        let (a, b): (Vec<usize>, Vec<usize>) = class.iter().partition(|&&record| left(codes[record]));
        instance.holds(models, &a) && instance.holds(models, &b)
    };
    (0..instance.attributes.len()).any(|j| {
        let attribute = &instance.attributes[j];
        let codes = instance.codes(j, class);
        if attribute.ordered {
            let mut sorted: Vec<u32> = class.iter().map(|&record| attribute.codes[record]).collect();
            sorted.sort_unstable();
            let median = sorted[(sorted.len() - 1) / 2];
            let thresholds =
                if instance.only_k() { codes.into_iter().collect() } else { vec![median, median + 1] };
            return thresholds.iter().any(|&threshold| split(j, &|code| code < threshold));
        }
        let level = instance.level(j, &codes);
        if level == 0 {
            return false;
        }
        let child = |code: u32| if level == 1 { code } else { attribute.maps[level - 2][code as usize] };
        let children: BTreeSet<u32> = codes.iter().map(|&code| child(code)).collect();
        let alone = |wanted: u32| {
            let part: Vec<usize> =
                class.iter().copied().filter(|&record| child(attribute.codes[record]) == wanted).collect();
            instance.holds(models, &part)
        };
        children.iter().all(|&wanted| alone(wanted))
            || instance.only_k() && children.iter().any(|&wanted| split(j, &|code| child(code) == wanted))
    })
}

#[test]
fn the_definition_on_random_tables() {
    let mut numbers = Numbers(1);
    let (mut infeasible, mut cut) = (0, 0);
    for round in 0..3000 {
        let instance = Instance::random(&mut numbers);
        let models = instance.bound();
        let all: Vec<usize> = (0..instance.sensitive.len()).collect();
        let partition = match instance.run(&models, &Monitor::new()) {
            Ok(partition) => partition,
            Err(error) => {
                assert!(matches!(error, Error::Infeasible { .. }), "{error}");
                assert!(!instance.holds(&models, &all), "round {round}");
                infeasible += 1;
                continue;
            }
        };
        assert!(instance.holds(&models, &all));
        check_boxes(&instance, &partition);
        let classes = members(&partition);
        cut += usize::from(classes.len() > 1);
        for class in &classes {
            assert!(instance.holds(&models, class), "round {round}: {instance:?}");
            if instance.strict || !models.convex() {
                assert!(!can_be_cut(&instance, &models, class), "round {round}: {class:?} of {instance:?}");
            }
        }
        for (number, a) in classes.iter().enumerate() {
            for b in &classes[number + 1..] {
                if instance.strict || !models.convex() {
                    assert!(apart(&instance, a, b), "round {round}: {a:?} {b:?} of {instance:?}");
                }
            }
        }
    }
    assert!(infeasible > 20 && cut > 1000, "{infeasible} {cut}");
}

#[test]
fn strict_classes_do_not_depend_on_the_order_of_records() {
    let mut numbers = Numbers(2);
    for _ in 0..300 {
        let mut instance = Instance::random(&mut numbers);
        instance.strict = true;
        let models = instance.bound();
        let Ok(partition) = instance.run(&models, &Monitor::new()) else { continue };
        let mut order: Vec<usize> = (0..instance.sensitive.len()).collect();
        for last in (1..order.len()).rev() {
            order.swap(last, numbers.below(last as u32 + 1) as usize);
        }
        let mut shuffled = instance.clone();
        shuffled.sensitive = order.iter().map(|&record| instance.sensitive[record]).collect();
        for (new, old) in shuffled.attributes.iter_mut().zip(&instance.attributes) {
            new.codes = order.iter().map(|&record| old.codes[record]).collect();
        }
        let again = shuffled.run(&models, &Monitor::new()).unwrap();
        let back: BTreeSet<Vec<usize>> = members(&again)
            .iter()
            .map(|class| {
                let mut class: Vec<usize> = class.iter().map(|&place| order[place]).collect();
                class.sort_unstable();
                class
            })
            .collect();
        assert_eq!(back, members(&partition).into_iter().collect());
    }
}

#[test]
fn relaxed_boxes_differ_and_are_small_where_no_two_rows_are_equal() {
    let mut numbers = Numbers(3);
    for _ in 0..500 {
        let mut instance = Instance::random(&mut numbers);
        instance.strict = false;
        let models = instance.bound();
        if let Ok(partition) = instance.run(&models, &Monitor::new())
            && models.convex()
        {
            // As released: a range for an ordered attribute, a node for another one.
            let width = instance.attributes.len();
            let released = |class: usize| -> Vec<(u32, u32)> {
                let cell = |j: usize| {
                    let (at, attribute) = (class * width + j, &instance.attributes[j]);
                    let level = usize::from(partition.levels[at]);
                    match level.checked_sub(1) {
                        _ if attribute.ordered => (partition.lows[at], partition.highs[at]),
                        None => (0, partition.lows[at]),
                        Some(above) => (
                            level as u32,
                            attribute.maps.get(above).map_or(0, |map| map[partition.lows[at] as usize]),
                        ),
                    }
                };
                (0..width).map(cell).collect()
            };
            let boxes: BTreeSet<Vec<(u32, u32)>> = (0..partition.classes).map(released).collect();
            assert_eq!(boxes.len(), partition.classes, "{instance:?}");
        }
        // LeFevre et al., theorem 2: without equal rows, relaxed classes have fewer than 2k.
        instance.attributes.iter_mut().for_each(|attribute| attribute.ordered = true);
        let rows = instance.sensitive.len() as u32;
        let codes = (0..rows).rev().collect();
        instance.attributes.push(Attribute { codes, values: rows, maps: vec![], ordered: true, weight: 0.0 });
        instance.specs.truncate(1);
        let Spec::KAnonymity { k } = instance.specs[0] else { panic!("the first model is k-anonymity") };
        if let Ok(partition) = instance.run(&instance.bound(), &Monitor::new()) {
            assert!(members(&partition).iter().all(|class| (class.len() as u64) < 2 * k));
        }
    }
}

fn attribute(codes: &[u32], values: u32, maps: &[&[u32]], ordered: bool) -> Attribute {
    let maps = maps.iter().map(|map| map.to_vec()).collect();
    Attribute { codes: codes.to_vec(), values, maps, ordered, weight: 1.0 }
}

fn partition(attributes: Vec<Attribute>, k: u64, strict: bool) -> Result<Partition, Error> {
    let sensitive = vec![0; attributes[0].codes.len()];
    let instance = Instance { attributes, sensitive, specs: vec![Spec::KAnonymity { k }], strict };
    instance.run(&instance.bound(), &Monitor::new())
}

#[test]
fn the_example_of_the_paper() {
    // Figures 1 and 4 of LeFevre et al.: sex, age 25 to 28, zip code 53710 to 53712; k = 2.
    let sex = attribute(&[1, 0, 1, 1, 0, 1], 2, &[&[0, 0]], false);
    let age = attribute(&[0, 0, 1, 2, 2, 3], 4, &[], true);
    let zip = attribute(&[1, 2, 1, 0, 2, 1], 3, &[], true);
    let found = partition(vec![sex, age, zip], 2, true).unwrap();
    assert_eq!(found.class_of_record, [0, 1, 0, 2, 1, 2]);
    assert_eq!(found.lows, [1, 0, 1, 0, 0, 2, 1, 2, 0]);
    assert_eq!(found.highs, [1, 1, 1, 0, 2, 2, 1, 3, 1]);
    assert_eq!(found.levels, [0, 1, 0, 0, 1, 0, 0, 1, 1]);
}

#[test]
fn ties_stay_together_or_not() {
    let codes = [0, 1, 1, 1, 1, 2];
    // Cutting the four apart is allowed only relaxed: three rows each.
    let strict = partition(vec![attribute(&codes, 3, &[], true)], 3, true).unwrap();
    assert_eq!(strict.class_of_record, [0; 6]);
    let relaxed = partition(vec![attribute(&codes, 3, &[], true)], 3, false).unwrap();
    assert_eq!(relaxed.class_of_record, [0, 0, 0, 1, 1, 1]);
    assert_eq!((relaxed.lows, relaxed.highs), (vec![0, 1], vec![1, 2]));
    // With k = 1 the ties end in boxes of the same single value, which are one class.
    let points = partition(vec![attribute(&codes, 3, &[], true)], 1, false).unwrap();
    assert_eq!(points.class_of_record, [0, 1, 1, 1, 1, 2]);
}

#[test]
fn small_children_go_together() {
    // Five children of the root with 4, 1, 3, 2 and 1 rows.
    let codes = [0, 0, 0, 0, 1, 2, 2, 2, 3, 3, 4];
    let run = |k| partition(vec![attribute(&codes, 5, &[&[0; 5]], false)], k, true).unwrap();
    assert_eq!(run(1).classes, 5);
    assert_eq!(run(2).class_of_record, [0, 0, 0, 0, 1, 2, 2, 2, 3, 3, 1]);
    // Child 3 has too few now, so it joins 1 and 4.
    assert_eq!(run(3).class_of_record, [0, 0, 0, 0, 1, 2, 2, 2, 1, 1, 1]);
    assert_eq!(run(3).levels, [0, 1, 0]);
    assert_eq!((run(3).lows, run(3).highs), (vec![0, 1, 2], vec![0, 4, 2]));
    // Five rows alone hold nowhere.
    assert_eq!(run(5).classes, 1);
    // The rest has one row only, so the smaller of the others joins it; the larger one stays alone.
    let codes = [0, 0, 0, 1, 1, 1, 1, 2];
    let found = partition(vec![attribute(&codes, 3, &[&[0; 3]], false)], 3, true).unwrap();
    assert_eq!(found.class_of_record, [0, 0, 0, 1, 1, 1, 1, 0]);
}

#[test]
fn cuts_follow_the_hierarchy_level_by_level() {
    // Codes 0, 2 and 1, 3 are pairs at level 1.
    let codes = [0, 0, 2, 2, 1, 3, 3];
    let place = attribute(&codes, 4, &[&[0, 1, 0, 1], &[0; 4]], false);
    let found = partition(vec![place.clone()], 2, true).unwrap();
    assert_eq!(found.class_of_record, [0, 0, 1, 1, 2, 2, 2]);
    assert_eq!(found.levels, [0, 0, 1]);
    assert_eq!(partition(vec![place], 4, true).unwrap().classes, 1);
}

#[test]
fn weights_choose_the_attribute() {
    let both = |first, second| {
        let mut a = attribute(&[0, 0, 1, 1], 2, &[], true);
        let mut b = attribute(&[0, 1, 0, 1], 2, &[], true);
        (a.weight, b.weight) = (first, second);
        partition(vec![a, b], 2, true).unwrap().class_of_record
    };
    assert_eq!(both(1.0, 1.0), [0, 0, 1, 1]);
    assert_eq!(both(1.0, 2.0), [0, 1, 0, 1]);
    assert_eq!(both(0.0, 0.5), [0, 1, 0, 1]);
}

#[test]
fn diversity_stops_cuts() {
    // At the median, code 1, the left side would have one sensitive value only.
    let attributes = vec![attribute(&[0, 0, 1, 1, 2, 2, 3, 3], 4, &[], true)];
    let specs = vec![Spec::KAnonymity { k: 2 }, Spec::DistinctDiversity { column: 0, l: 2 }];
    let with = |sensitive: &[u32]| {
        let instance = Instance {
            attributes: attributes.clone(),
            sensitive: sensitive.to_vec(),
            specs: specs.clone(),
            strict: true,
        };
        instance.run(&instance.bound(), &Monitor::new()).unwrap().class_of_record
    };
    assert_eq!(with(&[0, 1, 0, 1, 0, 1, 0, 1]), [0, 0, 1, 1, 2, 2, 3, 3]);
    assert_eq!(with(&[0, 0, 0, 1, 0, 1, 1, 1]), [0, 0, 0, 0, 1, 1, 1, 1]);
    assert_eq!(with(&[0, 0, 0, 0, 1, 1, 1, 1]), [0; 8]);
}

#[test]
fn what_is_refused() {
    let good = attribute(&[0, 1, 2, 2], 3, &[&[0, 0, 1]], true);
    let run = |attributes: Vec<Attribute>| partition(attributes, 2, true).unwrap_err();
    assert!(matches!(
        partition(vec![good.clone()], 5, true),
        Err(Error::Infeasible { fewest_suppressed: 4, .. })
    ));
    let mut bad = good.clone();
    bad.codes[3] = 3;
    assert_eq!(run(vec![good.clone(), bad]), Error::CodeOutOfRange { attribute: 1, leaves: 3 });
    let mut bad = good.clone();
    bad.codes.pop();
    let unequal = Error::UnequalLengths { attribute: 1, expected: 4, found: 3 };
    assert_eq!(run(vec![good.clone(), bad]), unequal);
    for weight in [-1.0, f64::NAN, f64::INFINITY] {
        let bad = Attribute { weight, ..good.clone() };
        assert_eq!(run(vec![good.clone(), bad]), Error::InvalidWeight { attribute: 1 });
    }
    assert_eq!(run(vec![Attribute { weight: 0.0, ..good.clone() }]), Error::NoPositiveWeight);

    let instance = |sensitive: Vec<u32>, specs: Vec<Spec>| {
        let instance = Instance { attributes: vec![good.clone()], sensitive, specs, strict: true };
        instance.run(&instance.bound(), &Monitor::new()).unwrap_err()
    };
    let k = Spec::KAnonymity { k: 2 };
    assert_eq!(instance(vec![0; 3], vec![k.clone()]), Error::SensitiveCodes { column: 0 });
    let limit = Ratio { numerator: 1, denominator: 2 };
    let average = Spec::AverageRisk { limit, population: false };
    assert_eq!(instance(vec![0; 4], vec![k, average]), Error::AverageRiskOfPartition);
}

/// Nine attributes of many rows; half of them follow a hierarchy.
fn large(rows: usize) -> Instance {
    let mut numbers = Numbers(4);
    let attributes = (0..9)
        .map(|j| {
            let values = [90, 16, 7, 15, 2, 5, 41, 9, 100_000][j];
            let codes = (0..rows).map(|_| numbers.below(values).min(numbers.below(values))).collect();
            let maps = vec![(0..values).map(|code| code / 4).collect(), vec![0; values as usize]];
            Attribute { codes, values, maps, ordered: j % 2 == 0, weight: 1.0 }
        })
        .collect();
    let sensitive = (0..rows).map(|_| numbers.below(SENSITIVE)).collect();
    Instance { attributes, sensitive, specs: vec![Spec::KAnonymity { k: 5 }], strict: true }
}

#[test]
fn a_larger_table_keeps_the_laws_and_counts_its_steps() {
    for strict in [true, false] {
        let mut instance = large(100_000);
        instance.strict = strict;
        let (models, monitor) = (instance.bound(), Monitor::new());
        let partition = instance.run(&models, &monitor).unwrap();
        assert_eq!(monitor.progress(), (100_000, 100_000));
        assert_eq!(instance.run(&models, &Monitor::new()).as_ref(), Ok(&partition));
        check_boxes(&instance, &partition);
        let classes = members(&partition);
        assert!(classes.len() > 10_000);
        for class in &classes {
            assert!(instance.holds(&models, class));
            assert!(!strict || class.len() < 10 || !can_be_cut(&instance, &models, class));
        }
    }
}

#[test]
fn partitioning_ends_soon_after_it_is_cancelled() {
    let monitor = Arc::new(Monitor::new());
    let instance = large(1_000_000);
    let worker = thread::spawn({
        let monitor = Arc::clone(&monitor);
        move || instance.run(&instance.bound(), &monitor)
    });
    while monitor.progress().0 == 0 {
        thread::sleep(Duration::from_millis(1));
    }
    let start = Instant::now();
    monitor.cancel();
    assert_eq!(worker.join().unwrap().err(), Some(Error::Cancelled));
    assert!(start.elapsed() < Duration::from_millis(200));
}
