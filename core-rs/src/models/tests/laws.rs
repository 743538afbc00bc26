//! The laws of `least_removed`, with the true minimum found by trying everything.

use std::collections::HashMap;

use super::naive::holds;
use super::{Distance, Domain, Random, Rows, Spec, random_spec, ratio, rounds};

/// The most rows that a union of parts that hold can have: every subset of the class, in the order of the odometer, is
/// such a union if some part of it holds and the rest is one. Assumes nothing about the models.
fn most_kept(domain: &Domain, class: &Rows, specs: &[Spec]) -> u64 {
    let mut digits: Vec<u32> = class.counts.clone();
    digits.push(class.population as u32);
    let mut subsets: Vec<Vec<u32>> = vec![vec![]];
    for &most in &digits {
        subsets = subsets
            .iter()
            .flat_map(|start| (0..=most).map(move |digit| [&start[..], &[digit]].concat()))
            .collect();
    }
    let rows = |subset: &[u32]| Rows {
        counts: subset[..subset.len() - 1].to_vec(),
        population: u64::from(subset[subset.len() - 1]),
    };
    let holding: Vec<&Vec<u32>> = subsets
        .iter()
        .filter(|subset| {
            let rows = rows(subset);
            rows.rows() > 0 && specs.iter().all(|spec| holds(domain, &rows, spec))
        })
        .collect();
    let mut unions: HashMap<&[u32], bool> = HashMap::new();
    for subset in &subsets {
        // What is left is smaller, so the odometer has met it already.
        let union = subset.iter().all(|&digit| digit == 0)
            || holding.iter().any(|part| {
                part.iter().zip(subset).all(|(part, all)| part <= all) && {
                    let rest: Vec<u32> = subset.iter().zip(*part).map(|(all, part)| all - part).collect();
                    unions[&rest[..]]
                }
            });
        unions.insert(subset, union);
    }
    unions.iter().filter(|(_, union)| **union).map(|(subset, _)| rows(subset).rows()).max().unwrap()
}

/// Whether the bound is claimed to be the minimum itself.
fn exact(spec: &Spec) -> bool {
    matches!(
        spec,
        Spec::KAnonymity { .. }
            | Spec::DistinctDiversity { .. }
            | Spec::RecursiveDiversity { .. }
            | Spec::BetaLikeness { .. }
    )
}

#[test]
fn never_above_the_minimum() {
    let mut reached = 0;
    rounds(1200, |random| {
        let domain = Domain::random(random, 4, 10);
        let specs: Vec<Spec> = (0..1 + random.below(3)).map(|_| random_spec(random)).collect();
        let models = domain.bind(&specs);
        let mut class = Rows::random(random, &domain, 3);
        class.population = if models.needs_histograms() { class.population.min(2) } else { class.population };
        if specs.iter().all(|spec| !matches!(spec, Spec::KMap { .. } | Spec::DeltaPresence { .. })) {
            class.population = 0;
        }
        let minimum = class.rows() - most_kept(&domain, &class, &specs);
        let bound = class.least_removed(&models);
        assert!(bound <= minimum, "{bound} above {minimum}: {specs:?} {domain:?} {class:?}");
        if let [spec] = &specs[..] {
            assert!(
                bound == minimum || !exact(spec),
                "{bound} below {minimum}: {spec:?} {domain:?} {class:?}"
            );
        }
        reached += u64::from(minimum > 0 && bound == minimum);
    });
    assert!(reached > 200, "the bound was the minimum {reached} times only");
}

/// A class, parts of it and the models.
fn parts(random: &mut Random, most_values: u64, most: u64) {
    let domain = Domain::random(random, most_values, 40);
    let specs: Vec<Spec> = (0..1 + random.below(3)).map(|_| random_spec(random)).collect();
    let models = domain.bind(&specs);
    for _ in 0..20 {
        let class = Rows::random(random, &domain, most);
        let bound = class.least_removed(&models);
        let context = format!("{specs:?} {domain:?} {class:?}");
        assert!(bound <= class.rows());
        if class.holds(&models) {
            assert_eq!(bound, 0, "{context}");
        } else if models.convex() {
            assert!(bound >= 1, "{context}");
        }
        let mut pieces = vec![class.clone()];
        for _ in 0..1 + random.below(4) {
            let piece = pieces.swap_remove(random.below(pieces.len() as u64) as usize);
            let (one, other) = piece.split(random);
            pieces.extend([one, other]);
        }
        // A part without rows is no class of a release below.
        pieces.retain(|piece| piece.rows() > 0);
        let bounds: Vec<u64> = pieces.iter().map(|piece| piece.least_removed(&models)).collect();
        assert!(bound <= bounds.iter().sum(), "{bounds:?} {pieces:?} {context}");
        if bound == class.rows() {
            for (bound, piece) in bounds.iter().zip(&pieces) {
                assert_eq!(*bound, piece.rows(), "{piece:?} of {context}");
            }
        }
    }
}

#[test]
fn bounds_of_parts_add_up_and_hopelessness_is_inherited() {
    rounds(3000, |random| parts(random, 6, 6));
    rounds(300, |random| parts(random, 30, 300));
}

#[test]
fn unions_of_classes_that_hold_hold() {
    let mut unions = 0;
    rounds(4000, |random| {
        let domain = Domain::random(random, 6, 12);
        let spec = random_spec(random);
        let models = domain.bind(std::slice::from_ref(&spec));
        if !models.convex() {
            return;
        }
        let mut holding = (0..20).map(|_| Rows::random(random, &domain, 5)).filter(|c| c.holds(&models));
        if let (Some(one), Some(other)) = (holding.next(), holding.next()) {
            let union = one.plus(&other);
            assert!(union.holds(&models), "{spec:?} {domain:?} {one:?} {other:?}");
            unions += 1;
        }
    });
    assert!(unions > 1000, "{unions} unions only");
}

/// Four rows of the seven could be near enough to the reference, which is too few for k = 5.
#[test]
fn models_bound_together() {
    let domain = Domain { reference: vec![1, 1], positions: vec![0, 1], maps: vec![] };
    let class = Rows { counts: vec![6, 1], population: 0 };
    let near = Spec::Closeness { column: 0, distance: Distance::Equal, t: ratio(1, 4) };
    for (k, removed) in [(1, 3), (4, 3), (5, 7), (8, 7)] {
        for specs in [[near.clone(), Spec::KAnonymity { k }], [Spec::KAnonymity { k }, near.clone()]] {
            assert_eq!(class.least_removed(&domain.bind(&specs)), removed, "k = {k}");
        }
    }
}

/// Why these are not declared convex.
#[test]
fn counterexamples_to_convexity() {
    let domain = |reference: &[u64]| Domain {
        reference: reference.to_vec(),
        positions: (0..reference.len() as u64).collect(),
        maps: vec![],
    };
    let rows = |counts: &[u32], population| Rows { counts: counts.to_vec(), population };

    let estimate = domain(&[1, 1]).bind(&[Spec::EntropyDiversity { column: 0, l: 2.0, grassberger: true }]);
    let pair = rows(&[1, 1], 0);
    assert!(pair.holds(&estimate) && !pair.plus(&pair).holds(&estimate) && !estimate.convex());
    assert_eq!(pair.plus(&pair).least_removed(&estimate), 0);

    let loose = domain(&[1, 1]).bind(&[Spec::DeltaDisclosure { column: 0, delta: 1.2 }]);
    let (one, other) = (rows(&[4, 1], 0), rows(&[3, 0], 0));
    assert!(one.holds(&loose) && other.holds(&loose) && !one.plus(&other).holds(&loose));
    assert_eq!(one.plus(&other).least_removed(&loose), 0);

    let presence = domain(&[1]).bind(&[Spec::DeltaPresence { least: ratio(1, 2), most: ratio(1, 1) }]);
    let (known, unknown) = (rows(&[1], 2), rows(&[0], 1));
    assert!(known.holds(&presence) && !known.plus(&unknown).holds(&presence) && !presence.convex());
}
