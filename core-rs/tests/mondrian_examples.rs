//! Partitions small enough to be made by hand, and what is refused.

#![allow(clippy::unwrap_used)] // a test may panic

mod tables;

use shoal_core::models::{Ratio, Spec};
use shoal_core::recoding::Partition;
use shoal_core::{Error, Monitor};
use tables::{Attribute, Instance};

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
    let short = Error::SensitiveLength { column: 0, expected: 4, found: 3 };
    assert_eq!(instance(vec![0; 3], vec![k.clone()]), short);
    let limit = Ratio { numerator: 1, denominator: 2 };
    let average = Spec::AverageRisk { limit, population: false };
    assert_eq!(instance(vec![0; 4], vec![k, average]), Error::AverageRiskOfPartition);
}
