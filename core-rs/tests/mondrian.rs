//! Mondrian against its definition, on random small tables; and its laws on larger ones.

#![allow(clippy::unwrap_used)] // a test may panic

mod tables;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use shoal_core::models::{Models, Spec};
use shoal_core::recoding::Partition;
use shoal_core::{Error, Monitor};
use tables::{Attribute, Instance, Numbers, SENSITIVE, members};

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
