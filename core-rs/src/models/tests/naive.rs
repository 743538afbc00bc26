//! The definitions, as the papers write them: dense, in exact fractions where they are exact.

use std::cmp::Ordering;
use std::ops::{Add, Div, Mul, Sub};

use super::{Distance, Domain, Random, Ratio, Rows, Spec, random_spec, rounds};
use crate::models::exact::gcd;

/// A reduced fraction with a positive denominator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fraction(pub(super) i128, pub(super) i128);

impl Fraction {
    pub(super) fn new(above: i128, below: i128) -> Self {
        let (mut a, mut b) = (above.abs(), below.abs());
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let sign = below.signum();
        Self(sign * above / a.max(1), sign * below / a.max(1))
    }

    pub(super) fn of(ratio: Ratio) -> Self {
        Self::new(i128::from(ratio.numerator), i128::from(ratio.denominator))
    }

    fn whole(number: u64) -> Self {
        Self(i128::from(number), 1)
    }

    fn abs(self) -> Self {
        Self(self.0.abs(), self.1)
    }

    pub(super) fn value(self) -> f64 {
        self.0 as f64 / self.1 as f64
    }
}

impl Add for Fraction {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::new(self.0 * other.1 + other.0 * self.1, self.1 * other.1)
    }
}

impl Sub for Fraction {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + Self(-other.0, other.1)
    }
}

impl Mul for Fraction {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self::new(self.0 * other.0, self.1 * other.1)
    }
}

impl Div for Fraction {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        Self::new(self.0 * other.1, self.1 * other.0)
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some((self.0 * other.1).cmp(&(other.0 * self.1)))
    }
}

fn sum(terms: impl Iterator<Item = Fraction>) -> Fraction {
    terms.fold(Fraction(0, 1), |sum, term| sum + term)
}

/// Shares p of the class and q of the reference.
fn shares(domain: &Domain, class: &Rows) -> (Vec<Fraction>, Vec<Fraction>) {
    let share = |counts: Vec<u64>| -> Vec<Fraction> {
        let all: u64 = counts.iter().sum();
        counts.iter().map(|&count| Fraction::whole(count) / Fraction::whole(all)).collect()
    };
    (share(class.counts.iter().map(|&count| count.into()).collect()), share(domain.reference.clone()))
}

pub(super) fn distance(domain: &Domain, class: &Rows, distance: Distance) -> Fraction {
    let (p, q) = shares(domain, class);
    let values = p.len();
    let extra: Vec<Fraction> = p.iter().zip(&q).map(|(&p, &q)| p - q).collect();
    let cumulative = |gap: usize| sum(extra[..=gap].iter().copied()).abs();
    match distance {
        Distance::Equal => sum(extra.iter().map(|extra| extra.abs())) * Fraction(1, 2),
        _ if values == 1 => Fraction(0, 1),
        Distance::Ordered => sum((0..values - 1).map(cumulative)) / Fraction::whole(values as u64 - 1),
        Distance::Wasserstein => {
            let x = &domain.positions;
            sum((0..values - 1).map(|gap| cumulative(gap) * Fraction::whole(x[gap + 1] - x[gap])))
                / Fraction::whole(x[values - 1] - x[0])
        }
        Distance::Hierarchical => {
            // Li et al.: every inner node moves min(positive, negative) extra of its children over level/height.
            let mut levels: Vec<Vec<u32>> = vec![(0..values as u32).collect()];
            levels.extend(domain.maps.iter().cloned());
            if levels.last().unwrap().iter().any(|&code| code != levels.last().unwrap()[0]) {
                levels.push(vec![0; values]);
            }
            let height = levels.len() - 1;
            let group_extra = |level: usize, code: u32| {
                sum((0..values).filter(|&value| levels[level][value] == code).map(|value| extra[value]))
            };
            sum((1..=height).flat_map(|level| {
                let mut nodes = levels[level].clone();
                nodes.sort_unstable();
                nodes.dedup();
                let (levels, group_extra) = (&levels, &group_extra);
                nodes.into_iter().map(move |node| {
                    let mut children: Vec<u32> = (0..values)
                        .filter(|&value| levels[level][value] == node)
                        .map(|value| levels[level - 1][value])
                        .collect();
                    children.sort_unstable();
                    children.dedup();
                    let extras: Vec<Fraction> =
                        children.iter().map(|&child| group_extra(level - 1, child)).collect();
                    let zero = Fraction(0, 1);
                    let more = sum(extras.iter().copied().filter(|&extra| extra > zero));
                    let less = sum(extras.iter().copied().filter(|&extra| extra < zero)).abs();
                    Fraction::new(level as i128, height as i128) * if more < less { more } else { less }
                })
            }))
        }
    }
}

/// The largest (p − q)/q; None with a value that the reference does not have.
pub(super) fn largest_gain(domain: &Domain, class: &Rows) -> Option<Fraction> {
    let (p, q) = shares(domain, class);
    let zero = Fraction(0, 1);
    p.into_iter().zip(q).filter(|(p, q)| p > q).try_fold(zero, |most, (p, q)| {
        let gain = if q == zero { None } else { Some((p - q) / q) }?;
        Some(if gain > most { gain } else { most })
    })
}

/// r₁ and r_l + … + r_m.
pub(super) fn head_and_tail(class: &Rows, l: u64) -> Option<(u64, u64)> {
    let mut counts: Vec<u64> =
        class.counts.iter().filter(|&&count| count > 0).map(|&count| count.into()).collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    (counts.len() as u64 >= l).then(|| (counts[0], counts[l as usize - 1..].iter().sum()))
}

/// The digamma function by recurrence to large arguments.
fn digamma(x: f64) -> f64 {
    if x < 30.0 {
        return digamma(x + 1.0) - 1.0 / x;
    }
    let square = x * x;
    x.ln() - 0.5 / x - (1.0 / 12.0 - (1.0 / 120.0 - 1.0 / 252.0 / square) / square) / square
}

fn grassberger(n: f64) -> f64 {
    let sign = if n % 2.0 == 0.0 { 0.5 } else { -0.5 };
    digamma(n) + sign * (digamma((n + 1.0) / 2.0) - digamma(n / 2.0))
}

pub(super) fn entropy(class: &Rows, by_grassberger: bool) -> f64 {
    let psi = |n: f64| if by_grassberger { grassberger(n) } else { n.ln() };
    let rows = class.rows() as f64;
    let counts = class.counts.iter().filter(|&&count| count > 0).map(|&count| f64::from(count));
    psi(rows) - counts.map(|count| count / rows * psi(count)).sum::<f64>()
}

/// Whether the class satisfies the definition.
pub(super) fn holds(domain: &Domain, class: &Rows, spec: &Spec) -> bool {
    let (rows, population) = (class.rows(), class.population);
    let distinct = class.counts.iter().filter(|&&count| count > 0).count() as u64;
    match *spec {
        Spec::KAnonymity { k } => rows >= k,
        Spec::KMap { k } => population >= k,
        Spec::DeltaPresence { least, most } => {
            population > 0 && {
                let share = Fraction::whole(rows) / Fraction::whole(population);
                Fraction::of(least) <= share && share <= Fraction::of(most)
            }
        }
        Spec::DistinctDiversity { l, .. } => distinct >= l,
        Spec::EntropyDiversity { l, grassberger, .. } => {
            distinct as f64 >= l && entropy(class, grassberger) >= l.ln() - 1e-9
        }
        Spec::RecursiveDiversity { c, l, .. } => head_and_tail(class, l)
            .is_some_and(|(head, tail)| Fraction::whole(head) < Fraction::of(c) * Fraction::whole(tail)),
        Spec::Closeness { distance: kind, t, .. } => distance(domain, class, kind) <= Fraction::of(t),
        Spec::DeltaDisclosure { delta, .. } => {
            let (p, q) = shares(domain, class);
            p.iter().zip(q).filter(|(p, _)| p.0 > 0).all(|(p, q)| (p.value() / q.value()).ln().abs() < delta)
        }
        Spec::BetaLikeness { beta, enhanced, .. } => {
            let (p, q) = shares(domain, class);
            largest_gain(domain, class).is_some_and(|gain| gain <= Fraction::of(beta))
                && (!enhanced
                    || p.iter()
                        .zip(q)
                        .filter(|&(p, q)| *p > q)
                        .all(|(&p, q)| ((p - q) / q).value() <= -q.value().ln()))
        }
        Spec::AverageRisk { .. } => unreachable!("no model of classes"),
    }
}

fn agree(random: &mut Random, most_values: u64, most_rows: u64, most: u64) {
    let domain = Domain::random(random, most_values, most_rows);
    let specs: Vec<Spec> = (0..1 + random.below(2)).map(|_| random_spec(random)).collect();
    let models = domain.bind(&specs);
    for _ in 0..20 {
        let class = Rows::random(random, &domain, most);
        let expected = specs.iter().all(|spec| holds(&domain, &class, spec));
        assert_eq!(class.holds(&models), expected, "{specs:?} {domain:?} {class:?}");
        if class.with(|class| models.hopeless_by_size(class.rows, class.population)) {
            assert_eq!(class.least_removed(&models), class.rows(), "{specs:?} {class:?}");
        }
        for (spec, measured) in specs.iter().zip(class.measured(&models)) {
            let close = |value: f64| {
                assert!(
                    (measured[0] - value).abs() < 1e-9 * value.abs().max(1.0),
                    "{spec:?} {measured:?} {value}"
                );
            };
            match *spec {
                Spec::KAnonymity { .. } => close(class.rows() as f64),
                Spec::KMap { .. } => close(class.population as f64),
                Spec::DeltaPresence { .. } if class.population == 0 => assert_eq!(measured[1], f64::INFINITY),
                Spec::DeltaPresence { .. } => {
                    close(class.rows() as f64 / class.population as f64);
                    assert_eq!(measured[0], measured[1]);
                }
                Spec::DistinctDiversity { .. } => {
                    close(class.counts.iter().filter(|&&count| count > 0).count() as f64);
                }
                Spec::EntropyDiversity { grassberger, .. } => close(entropy(&class, grassberger).exp()),
                Spec::RecursiveDiversity { l, .. } => match head_and_tail(&class, l) {
                    Some((head, tail)) => close(head as f64 / tail as f64),
                    None => assert_eq!(measured[0], f64::INFINITY),
                },
                Spec::Closeness { distance: kind, .. } => close(distance(&domain, &class, kind).value()),
                Spec::BetaLikeness { .. } => match largest_gain(&domain, &class) {
                    Some(gain) => close(gain.value()),
                    None => assert_eq!(measured[0], f64::INFINITY),
                },
                // The values are compared in the table of golden.rs.
                Spec::DeltaDisclosure { delta, .. } => {
                    assert_eq!(measured[0] < delta, holds(&domain, &class, spec))
                }
                Spec::AverageRisk { .. } => unreachable!(),
            }
        }
    }
}

#[test]
fn small_classes_hold_by_definition() {
    rounds(1500, |random| agree(random, 6, 12, 4));
}

#[test]
fn large_classes_hold_by_definition() {
    rounds(200, |random| agree(random, 25, 400, 60));
}

#[test]
fn fractions_compute() {
    assert_eq!(Fraction::new(2, -4), Fraction(-1, 2));
    assert_eq!(Fraction(1, 2) + Fraction(1, 3) - Fraction(5, 6), Fraction(0, 1));
    assert_eq!(gcd(4, 6), 2);
    for n in [1.0, 2.0, 3.0, 8.0, 39.0, 40.0, 41.0, 999.0, 1e6] {
        let one = crate::models::entropy::grassberger_psi(n);
        assert!((one - grassberger(n)).abs() < 1e-12, "{n}: {one} {}", grassberger(n));
    }
}
