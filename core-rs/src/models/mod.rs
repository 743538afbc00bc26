//! Privacy models: what a class must satisfy to be released.
//!
//! A class that fails any model is suppressed whole. Models look at one class at a time; which node to try, what the
//! suppressed rows cost and how many there may be is the search's business. (The average risk looks at all classes of
//! a release together: [`AverageRisk`].)
//!
//! # Two questions
//!
//! *Does the class hold?* decides what a release looks like. *How many rows of it must go at least?*
//! ([`Models::least_removed`]) is what a search prunes by. At a node below, the rows of this class are split into parts,
//! each of which is released or suppressed. The answer is a lower bound of the rows in suppressed parts, however the
//! class is split. It comes from *convexity*: if two classes hold, so does their union, hence what stays of a class, a
//! union of parts that hold, holds too. So the bound is the rows of the class less the most rows that a sub-multiset
//! which holds can have, or more where that is too hard to compute. Models that are not convex bound by what is convex in
//! them.
//!
//! # Laws
//!
//! Of every model, and of [`Models`] together, for every class C, with R(C) = `least_removed(C)`, n = its rows:
//!
//! * R(C) is at most the true minimum; R(C) = 0 if C holds.
//! * R(C) = n ("hopeless") implies the same for every part of C.
//! * R(C) ≤ Σ R(part) over any partition into parts.
//! * If the models are convex and C does not hold, R(C) ≥ 1.
//!
//! Logarithms are rounded, so for the entropy these hold up to a band of 10⁻⁹ nats; there the first law is kept and the
//! others may give way. Nothing about a release may rest on the others therefore, only speed.

mod average;
mod bound;
mod caps;
mod closeness;
mod column;
mod disclosure;
mod diversity;
mod entropy;
mod exact;
mod groups;
mod k;
mod likeness;
mod line;
mod problem;
mod spec;
#[cfg(test)]
mod tests;

pub use average::{AverageRisk, SizeGroup};
pub use bound::{Measures, Models};
pub use problem::{ModelProblem, SensitiveProblem};
pub use spec::{Distance, Ratio, Sensitive, Spec};

/// The values of one sensitive column in a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Histogram<'a> {
    /// The values that occur, ascending.
    pub values: &'a [u32],
    /// For each of them its rows, above 0.
    pub counts: &'a [u32],
}

/// One equivalence class, as a model sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Class<'a> {
    /// Rows in the class, at least 1 and at most [`crate::MAX_ROWS`].
    pub rows: u64,
    /// Rows of the population in the class; 0 without a population.
    pub population: u64,
    /// One histogram per sensitive column, each with `rows` rows; may be empty if [`Models::needs_histograms`] is false.
    pub histograms: &'a [Histogram<'a>],
}

impl Class<'_> {
    /// A class of which only the size counts.
    pub fn of_size(rows: u64) -> Self {
        Self { rows, population: 0, histograms: &[] }
    }
}

/// One model of classes, with everything precomputed that does not depend on the class.
trait Model: std::fmt::Debug + Send + Sync {
    /// Whether the class may be released.
    fn holds(&self, class: &Class<'_>) -> bool;

    /// The most rows, up to `at_most`, that a union of parts of the class that hold can have; more is allowed, less is
    /// not. `at_most` is at most the class's rows.
    fn most_kept(&self, class: &Class<'_>, at_most: u64) -> u64;

    /// The fewest rows that a class that holds can have.
    fn fewest_rows(&self) -> u64 {
        1
    }

    /// Whether the union of classes that hold always holds.
    fn is_convex(&self) -> bool {
        true
    }

    /// Whether the model looks at a histogram.
    fn needs_histograms(&self) -> bool {
        true
    }

    /// What the model measures of a class; the second number is used by delta-presence only.
    fn measured(&self, class: &Class<'_>) -> (f64, f64);

    /// The worse of two measured values.
    fn worse(&self, one: (f64, f64), other: (f64, f64)) -> (f64, f64);

    /// How many numbers [`Model::measured`] gives.
    fn measures(&self) -> usize {
        1
    }

    /// A rank by cost: cheap models are asked first.
    fn cost(&self) -> u8;
}
