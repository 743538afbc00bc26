//! The models against their definitions, and the laws that a search stands on, on random classes.
//!
//! The seed of a run is printed; `SHOAL_TEST_SEED` repeats it.

mod golden;
mod laws;
mod naive;
mod ties;

use std::hash::{BuildHasher, Hasher, RandomState};

use super::{Class, Distance, Histogram, Models, Ratio, Sensitive, Spec};

/// A 64-bit linear congruential generator with its high bits out.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }
}

/// Runs a check with many generators, printing the seed of each.
pub(super) fn rounds(count: u64, mut check: impl FnMut(&mut Random)) {
    let seed = std::env::var("SHOAL_TEST_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or_else(|| RandomState::new().build_hasher().finish());
    for round in 0..count {
        println!("SHOAL_TEST_SEED={seed}, round {round}");
        check(&mut Random(seed.wrapping_add(round.wrapping_mul(0x9e37_79b9_7f4a_7c15))));
    }
}

pub(super) fn ratio(numerator: u64, denominator: u64) -> Ratio {
    Ratio { numerator, denominator }
}

/// One sensitive column.
#[derive(Debug, Clone)]
pub(super) struct Domain {
    pub(super) reference: Vec<u64>,
    pub(super) positions: Vec<u64>,
    pub(super) maps: Vec<Vec<u32>>,
}

impl Domain {
    fn random(random: &mut Random, most_values: u64, most_rows: u64) -> Self {
        let values = 1 + random.below(most_values);
        let mut reference: Vec<u64> = (0..values).map(|_| random.below(most_rows)).collect();
        reference[0] += 1;
        let mut place = random.below(9);
        let positions = (0..values)
            .map(|_| {
                place += 1 + random.below(9);
                place
            })
            .collect();
        let mut map: Vec<u32> = (0..values as u32).collect();
        let maps = (0..random.below(4))
            .map(|_| {
                let codes = 1 + random.below(values);
                let parents: Vec<u32> = (0..values).map(|_| random.below(codes) as u32).collect();
                map = map.iter().map(|&code| parents[code as usize]).collect();
                map.clone()
            })
            .collect();
        Self { reference, positions, maps }
    }

    pub(super) fn sensitive(&self) -> Sensitive<'_> {
        Sensitive {
            values: self.reference.len() as u32,
            reference: &self.reference,
            positions: Some(&self.positions),
            generalizations: self.maps.iter().map(Vec::as_slice).collect(),
        }
    }

    pub(super) fn bind(&self, specs: &[Spec]) -> Models {
        Models::bind(specs, &[self.sensitive()], true).unwrap()
    }
}

/// A class with one sensitive column: rows of every value, 0 included.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Rows {
    pub(super) counts: Vec<u32>,
    pub(super) population: u64,
}

impl Rows {
    fn random(random: &mut Random, domain: &Domain, most: u64) -> Self {
        let sparse = 1 + random.below(4);
        let mut counts: Vec<u32> = domain
            .reference
            .iter()
            .map(|_| if random.below(sparse) == 0 { random.below(most + 1) as u32 } else { 0 })
            .collect();
        if counts.iter().all(|&count| count == 0) {
            let place = random.below(counts.len() as u64) as usize;
            counts[place] = 1 + random.below(most) as u32;
        }
        Self { counts, population: random.below(12) }
    }

    pub(super) fn rows(&self) -> u64 {
        self.counts.iter().map(|&count| u64::from(count)).sum()
    }

    pub(super) fn with<T>(&self, look: impl FnOnce(&Class<'_>) -> T) -> T {
        let (values, counts): (Vec<u32>, Vec<u32>) =
            (0u32..).zip(self.counts.iter().copied()).filter(|&(_, count)| count > 0).unzip();
        let histograms = [Histogram { values: &values, counts: &counts }];
        look(&Class { rows: self.rows(), population: self.population, histograms: &histograms })
    }

    pub(super) fn holds(&self, models: &Models) -> bool {
        self.with(|class| models.holds(class))
    }

    pub(super) fn least_removed(&self, models: &Models) -> u64 {
        self.with(|class| models.least_removed(class))
    }

    /// One number per model.
    pub(super) fn measured(&self, models: &Models) -> Vec<Vec<f64>> {
        self.with(|class| {
            let mut measures = models.measures();
            measures.add(class);
            measures.values()
        })
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        Self {
            counts: self.counts.iter().zip(&other.counts).map(|(a, b)| a + b).collect(),
            population: self.population + other.population,
        }
    }

    /// Splits the class at random; a part may be empty of rows.
    fn split(&self, random: &mut Random) -> (Self, Self) {
        let side = random.below(3);
        let part = |count: u64, random: &mut Random| match side {
            0 => random.below(count + 1),
            _ => count * random.below(2),
        };
        let counts: Vec<u32> =
            self.counts.iter().map(|&count| part(u64::from(count), random) as u32).collect();
        let population = part(self.population, random);
        let rest = Self {
            counts: self.counts.iter().zip(&counts).map(|(all, part)| all - part).collect(),
            population: self.population - population,
        };
        (Self { counts, population }, rest)
    }
}

/// A model of classes with random parameters, such that some classes hold and some do not.
pub(super) fn random_spec(random: &mut Random) -> Spec {
    let column = 0;
    let fraction = ratio(random.below(12), 12 + random.below(8));
    let above = ratio(1 + random.below(30), 1 + random.below(12));
    match random.below(15) {
        0 => Spec::KAnonymity { k: 1 + random.below(8) },
        1 => Spec::KMap { k: 1 + random.below(8) },
        2 => Spec::DeltaPresence { least: ratio(random.below(7), 12), most: ratio(1 + random.below(6), 2) },
        3 => Spec::DistinctDiversity { column, l: 1 + random.below(4) },
        4 | 5 => {
            Spec::EntropyDiversity { column, l: 1.0 + random.below(30) as f64 / 10.0, grassberger: false }
        }
        6 => Spec::EntropyDiversity { column, l: 1.0 + random.below(30) as f64 / 10.0, grassberger: true },
        7 => Spec::RecursiveDiversity { column, c: above, l: 1 + random.below(4) },
        8..=11 => {
            let distance = random.pick(&[
                Distance::Equal,
                Distance::Ordered,
                Distance::Hierarchical,
                Distance::Wasserstein,
            ]);
            Spec::Closeness { column, distance, t: fraction }
        }
        12 => Spec::DeltaDisclosure { column, delta: 0.1 + random.below(30) as f64 / 10.0 },
        _ => Spec::BetaLikeness { column, beta: above, enhanced: random.below(2) == 0 },
    }
}
