//! Models that count rows only: k-anonymity, k-map, delta-presence.
//!
//! * k-anonymity: Samarati and Sweeney, "Protecting privacy when disclosing information: k-anonymity and its
//!   enforcement through generalization and suppression", SRI-CSL-98-04 (1998).
//! * k-map: Sweeney, "Computational disclosure control: a primer on data privacy protection", PhD thesis, MIT (2001);
//!   El Emam and Dankar, "Protecting privacy using k-anonymity", JAMIA 15 (2008).
//! * delta-presence: Nergiz, Atzori and Clifton, "Hiding the presence of individuals from shared databases",
//!   SIGMOD (2007).

use super::{Class, Model, Ratio};

/// Every released class has at least k rows.
#[derive(Debug)]
pub(super) struct KAnonymity {
    pub(super) k: u64,
}

impl Model for KAnonymity {
    fn holds(&self, class: &Class<'_>) -> bool {
        class.rows >= self.k
    }

    fn most_kept(&self, class: &Class<'_>, at_most: u64) -> u64 {
        if class.rows >= self.k { at_most } else { 0 }
    }

    fn fewest_rows(&self) -> u64 {
        self.k
    }

    fn needs_histograms(&self) -> bool {
        false
    }

    fn measured(&self, class: &Class<'_>) -> (f64, f64) {
        (class.rows as f64, 0.0)
    }

    fn worse(&self, one: (f64, f64), other: (f64, f64)) -> (f64, f64) {
        (one.0.min(other.0), 0.0)
    }

    fn cost(&self) -> u8 {
        0
    }
}

/// Every released class has at least k rows of the population.
#[derive(Debug)]
pub(super) struct KMap {
    pub(super) k: u64,
}

impl Model for KMap {
    fn holds(&self, class: &Class<'_>) -> bool {
        class.population >= self.k
    }

    fn most_kept(&self, class: &Class<'_>, at_most: u64) -> u64 {
        if class.population >= self.k { at_most } else { 0 }
    }

    fn needs_histograms(&self) -> bool {
        false
    }

    fn measured(&self, class: &Class<'_>) -> (f64, f64) {
        (class.population as f64, 0.0)
    }

    fn worse(&self, one: (f64, f64), other: (f64, f64)) -> (f64, f64) {
        (one.0.min(other.0), 0.0)
    }

    fn cost(&self) -> u8 {
        0
    }
}

/// The share of the population of a released class that the table holds is within bounds. A class that the population
/// does not know fails.
///
/// The lower side is not convex here: a class may consist of parts that hold and of rows of the population alone, which
/// are no class of the release below but dilute this one. So only the upper side bounds: n' ≤ most · F' ≤ most · F.
#[derive(Debug)]
pub(super) struct DeltaPresence {
    pub(super) least: Ratio,
    pub(super) most: Ratio,
}

impl DeltaPresence {
    /// The most rows that a class with this population can have. Numbers are below 2^64: no overflow.
    fn most_rows(&self, population: u64) -> u64 {
        let rows =
            u128::from(population) * u128::from(self.most.numerator) / u128::from(self.most.denominator);
        u64::try_from(rows).unwrap_or(u64::MAX)
    }
}

impl Model for DeltaPresence {
    fn holds(&self, class: &Class<'_>) -> bool {
        let (rows, population) = (u128::from(class.rows), u128::from(class.population));
        class.rows <= self.most_rows(class.population)
            && rows * u128::from(self.least.denominator) >= population * u128::from(self.least.numerator)
    }

    fn most_kept(&self, class: &Class<'_>, at_most: u64) -> u64 {
        at_most.min(self.most_rows(class.population))
    }

    fn is_convex(&self) -> bool {
        self.least.numerator == 0
    }

    fn needs_histograms(&self) -> bool {
        false
    }

    fn measured(&self, class: &Class<'_>) -> (f64, f64) {
        let share = class.rows as f64 / class.population as f64;
        (share, share)
    }

    fn worse(&self, one: (f64, f64), other: (f64, f64)) -> (f64, f64) {
        (one.0.min(other.0), one.1.max(other.1))
    }

    fn measures(&self) -> usize {
        2
    }

    fn cost(&self) -> u8 {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edge_is_k_itself() {
        let model = KAnonymity { k: 5 };
        assert!(model.holds(&Class::of_size(5)));
        assert!(!model.holds(&Class::of_size(4)));
        assert_eq!((model.most_kept(&Class::of_size(5), 5), model.most_kept(&Class::of_size(4), 4)), (5, 0));
    }

    #[test]
    fn k_map_counts_the_population() {
        let class = |rows, population| Class { rows, population, histograms: &[] };
        assert!(KMap { k: 5 }.holds(&class(1, 5)));
        assert!(!KMap { k: 5 }.holds(&class(9, 4)));
    }

    #[test]
    fn presence_includes_its_bounds() {
        let ratio = |numerator, denominator| Ratio { numerator, denominator };
        let model = DeltaPresence { least: ratio(1, 4), most: ratio(1, 2) };
        let class = |rows, population| Class { rows, population, histograms: &[] };
        assert!(model.holds(&class(1, 4)) && model.holds(&class(1, 2)));
        assert!(!model.holds(&class(1, 5)) && !model.holds(&class(3, 5)) && !model.holds(&class(1, 0)));
        assert_eq!(model.most_kept(&class(3, 5), 3), 2);
        assert_eq!(model.most_kept(&class(3, 1), 3), 0);
        let all = DeltaPresence { least: ratio(0, 1), most: ratio(1 << 62, 1) };
        assert!(all.holds(&class(1, u64::MAX)) && all.is_convex() && !model.is_convex());
    }
}
