//! Bounds that are reached exactly, numbers at the edge of the arithmetic, parameters that are refused.

use super::naive::{distance, head_and_tail, largest_gain};
use super::{Distance, Domain, Random, Ratio, Rows, Spec, ratio, rounds};
use crate::Error;
use crate::models::{AverageRisk, ModelProblem, Models, SizeGroup};

const DISTANCES: [Distance; 4] =
    [Distance::Equal, Distance::Ordered, Distance::Hierarchical, Distance::Wasserstein];

/// This fraction and one that is a little less.
fn around(above: i128, below: i128) -> (Ratio, Ratio) {
    let finer = 1 << 20;
    let (above, below) = (above as u64, below as u64);
    (ratio(above, below), ratio((above * finer).saturating_sub(1), below * finer))
}

#[test]
fn a_bound_that_is_reached_is_kept() {
    rounds(500, |random| {
        let domain = Domain::random(random, 8, 12);
        let class = Rows::random(random, &domain, 6);
        let holds = |spec: Spec| class.holds(&domain.bind(&[spec]));
        for distance_kind in DISTANCES {
            let exact = distance(&domain, &class, distance_kind);
            let (reached, missed) = around(exact.0, exact.1);
            let spec = |t| Spec::Closeness { column: 0, distance: distance_kind, t };
            assert!(holds(spec(reached)), "{distance_kind:?} {exact:?}");
            assert!(exact.0 == 0 || !holds(spec(missed)), "{distance_kind:?} {exact:?}");
        }
        if let Some(gain) = largest_gain(&domain, &class).filter(|gain| gain.0 > 0) {
            let (reached, missed) = around(gain.0, gain.1);
            let spec = |beta| Spec::BetaLikeness { column: 0, beta, enhanced: false };
            assert!(holds(spec(reached)) && !holds(spec(missed)), "{gain:?}");
        }
        let l = 1 + random.below(3);
        if let Some((head, tail)) = head_and_tail(&class, l) {
            // Recursive diversity is strict.
            let spec = |c| Spec::RecursiveDiversity { column: 0, c, l };
            assert!(!holds(spec(ratio(head, tail))) && holds(spec(ratio(head << 20 | 1, tail << 20))));
        }
    });
}

#[test]
fn equally_frequent_values_satisfy_their_number() {
    for l in 1..200u32 {
        let domain =
            Domain { reference: vec![1; l as usize], positions: (0..u64::from(l)).collect(), maps: vec![] };
        for (count, grassberger) in [(1, false), (2, false), (7, false), (4_000_001, false), (1, true)] {
            let class = Rows { counts: vec![count; l as usize], population: 0 };
            let spec = |l| Spec::EntropyDiversity { column: 0, l, grassberger };
            assert!(class.holds(&domain.bind(&[spec(f64::from(l))])), "{l} × {count}");
            let more = domain.bind(&[spec(f64::from(l) + 1e-6)]);
            assert!(!class.holds(&more) && class.least_removed(&more) == class.rows());
        }
    }
}

/// One dominating value must not drown what the others say about the entropy.
#[test]
fn a_huge_count_is_cut_to_what_the_others_allow() {
    let domain = Domain { reference: vec![1; 4], positions: (0..4).collect(), maps: vec![] };
    let models = domain.bind(&[Spec::EntropyDiversity { column: 0, l: 3.0, grassberger: false }]);
    let class = |count| Rows { counts: vec![2, count, 2, 3], population: 0 };
    let kept = |class: &Rows| class.rows() - class.least_removed(&models);
    assert!(!class(20).holds(&models));
    assert_eq!(kept(&class(20)), kept(&class(4_000_000_000)));
}

/// Multiplying the reference changes no answer, but takes the arithmetic to its edge.
#[test]
fn large_references() {
    rounds(800, |random| {
        let domain = Domain::random(random, 8, 12);
        let scale = 1 << (30 + random.below(24));
        let scaled = Domain {
            reference: domain.reference.iter().map(|count| count * scale).collect(),
            positions: domain.positions.iter().map(|place| place << random_shift(&domain)).collect(),
            maps: domain.maps.clone(),
        };
        let t = ratio(random.below(1 << 31) << 30 | 1, 1 << 61 | random.below(1 << 20));
        let beta = ratio((1 + random.below(1 << 31)) << 31, 1 << 61 | random.below(1 << 20));
        let mut specs: Vec<Spec> =
            DISTANCES.into_iter().map(|distance| Spec::Closeness { column: 0, distance, t }).collect();
        specs.push(Spec::BetaLikeness { column: 0, beta, enhanced: false });
        for spec in specs {
            let (small, large) =
                (domain.bind(std::slice::from_ref(&spec)), scaled.bind(std::slice::from_ref(&spec)));
            for most in [9, 9, 1 << 28, 1 << 28] {
                let class = Rows::random(random, &domain, most);
                let answers = |models: &Models| (class.holds(models), class.least_removed(models));
                assert_eq!(answers(&small), answers(&large), "{spec:?} {domain:?} {class:?} {scale}");
            }
        }
    });
}

/// As far as the positions go without leaving 2^63.
fn random_shift(domain: &Domain) -> u32 {
    domain.positions.last().map_or(0, |last| last.leading_zeros() - 1)
}

fn refusal(spec: Spec, has_population: bool) -> Option<ModelProblem> {
    let domain = Domain { reference: vec![1, 2], positions: vec![3, 4], maps: vec![] };
    let mut sensitive = domain.sensitive();
    sensitive.positions = None;
    match Models::bind(&[Spec::KAnonymity { k: 1 }, spec], &[sensitive], has_population) {
        Ok(_) => None,
        Err(Error::InvalidModel { model: 1, problem }) => Some(problem),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn bad_parameters_are_refused() {
    use ModelProblem::*;
    let (column, half) = (0, ratio(1, 2));
    let entropy = |column, l| Spec::EntropyDiversity { column, l, grassberger: false };
    let closeness = |distance, t| Spec::Closeness { column, distance, t };
    let presence = |least, most| Spec::DeltaPresence { least, most };
    for (spec, problem) in [
        (Spec::KAnonymity { k: 0 }, BelowOne { parameter: "k" }),
        (Spec::KMap { k: 0 }, BelowOne { parameter: "k" }),
        (Spec::DistinctDiversity { column, l: 0 }, BelowOne { parameter: "l" }),
        (Spec::DistinctDiversity { column: 1, l: 2 }, NoColumn { column: 1 }),
        (entropy(0, 0.5), BelowOne { parameter: "l" }),
        (entropy(0, f64::NAN), NotFinite { parameter: "l" }),
        (entropy(3, 2.0), NoColumn { column: 3 }),
        (Spec::RecursiveDiversity { column, c: ratio(0, 1), l: 2 }, NotPositive { parameter: "c" }),
        (Spec::RecursiveDiversity { column, c: half, l: 0 }, BelowOne { parameter: "l" }),
        (closeness(Distance::Equal, ratio(1, 0)), BadRatio),
        (closeness(Distance::Equal, ratio(1 << 63, 1)), BadRatio),
        (closeness(Distance::Wasserstein, half), NoPositions),
        (Spec::DeltaDisclosure { column, delta: 0.0 }, NotPositive { parameter: "delta" }),
        (Spec::DeltaDisclosure { column, delta: f64::INFINITY }, NotFinite { parameter: "delta" }),
        (Spec::BetaLikeness { column, beta: ratio(0, 1), enhanced: true }, NotPositive { parameter: "beta" }),
        (Spec::AverageRisk { limit: ratio(0, 1), population: false }, NotPositive { parameter: "the limit" }),
        (presence(ratio(2, 3), half), BoundsCross),
    ] {
        assert_eq!(refusal(spec.clone(), true), Some(problem), "{spec:?}");
    }
    for spec in
        [Spec::KMap { k: 2 }, presence(half, half), Spec::AverageRisk { limit: half, population: true }]
    {
        assert_eq!((refusal(spec.clone(), false), refusal(spec, true)), (Some(NoPopulation), None));
    }
    let wide = Domain { reference: vec![1 << 40, 1], positions: vec![0, (1 << 60) + 1], maps: vec![] };
    let wide = Models::bind(
        &[Spec::Closeness { column, distance: Distance::Wasserstein, t: half }],
        &[wide.sensitive()],
        false,
    );
    // Two values are one step apart, however far that is: no limit is met.
    assert!(wide.is_ok());
    let wide = Domain { reference: vec![1 << 40, 1, 1], positions: vec![0, 1, 1 << 60], maps: vec![] };
    let wide = Models::bind(
        &[Spec::Closeness { column, distance: Distance::Wasserstein, t: half }],
        &[wide.sensitive()],
        false,
    );
    assert_eq!(wide.err(), Some(Error::InvalidModel { model: 0, problem: TooLarge }));
}

/// Every group is tried as the first that stays, in exact fractions.
fn cut(groups: &[SizeGroup], limit: Ratio) -> usize {
    let product: u128 = groups.iter().map(|group| u128::from(group.size)).product();
    let within = |kept: &[SizeGroup]| {
        let risk: u128 =
            kept.iter().map(|group| product / u128::from(group.size) * u128::from(group.rows)).sum();
        let rows: u128 = kept.iter().map(|group| u128::from(group.rows)).sum();
        risk * u128::from(limit.denominator) <= rows * product * u128::from(limit.numerator)
    };
    (0..groups.len()).find(|&first| within(&groups[first..])).unwrap_or(groups.len())
}

fn groups(random: &mut Random) -> Vec<SizeGroup> {
    let mut size = 0;
    (0..random.below(9))
        .map(|_| {
            size += 1 + random.below(5);
            SizeGroup { size, rows: size * (1 + random.below(4)) }
        })
        .collect()
}

#[test]
fn the_mean_risk_is_cut_from_the_small_end() {
    let all = |size, rows| SizeGroup { size, rows };
    let limit =
        |numerator, denominator| AverageRisk { limit: ratio(numerator, denominator), population: false };
    // Classes of 2, 3 and 4 rows: the mean is 1/3.
    let three = [all(2, 2), all(3, 3), all(4, 4)];
    assert_eq!(limit(1, 3).suppressed(&three), 0);
    assert_eq!(limit(333_333, 1_000_000).suppressed(&three), 1);
    assert_eq!((limit(1, 4).suppressed(&three), limit(24, 100).suppressed(&three)), (2, 3));
    assert_eq!(limit(1, 9).suppressed(&[]), 0);
    rounds(2000, |random| {
        let groups = groups(random);
        let rule = limit(1 + random.below(12), 1 + random.below(40));
        assert_eq!(rule.suppressed(&groups), cut(&groups, rule.limit), "{rule:?} {groups:?}");
    });
}
