//! The normalised loss: what share of its information a release gives up.
//!
//! For attribute j with L leaves, a kept row whose value covers u leaves costs u / L and a suppressed row costs 1;
//! over n rows this is normalised to 0 (nothing lost) … 1 (everything): with the integer sum
//! S = Σ kept rows u + Σ suppressed rows L,
//!
//! > v_j = (S − n) / (n (L − 1)), and 0 when L = 1.
//!
//! This is the NCP of Xu et al., "Utility-based anonymization using local recoding" (KDD 2006), and ARX's `Loss` with
//! gsFactor 0.5. An aggregate makes one number of the v_j, each weighted by w_j / max w.
//!
//! # Exact order
//!
//! A search keeps the *best* node, so two losses must compare as the real numbers they are: rounding would break ties
//! by the order of attributes or by luck. All S are integers. A float [`Score::key`] decides every comparison that is
//! not close; a close one is decided by integers of any size.

use std::cmp::Ordering;

use crate::Error;
use crate::natural::Natural;

/// How the losses of the attributes become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aggregate {
    /// (Π (v_j w_j + 1))^(1/q) − 1.
    GeometricMean,
    /// Σ v_j w_j / q.
    ArithmeticMean,
    /// The largest v_j w_j.
    Maximum,
}

/// Losses whose keys differ by less than this share are compared exactly. A key has at most 64 factors of a few
/// roundings each, so its error is below 1e-13.
const CLOSE: f64 = 1e-12;

/// The loss of one node, or a lower bound of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Score<'a> {
    /// S of every attribute.
    pub(crate) sums: &'a [u64],
    /// Grows with the loss; the product, sum or maximum of the attributes' terms.
    pub(crate) key: f64,
}

/// The loss as a function of the sums, for one table and one choice of weights.
#[derive(Debug)]
pub(crate) struct Loss {
    rows: u64,
    leaves: Vec<u64>,
    aggregate: Aggregate,
    /// w_j / max w.
    weights: Vec<f64>,
    /// weight / (rows × (leaves − 1)), or 0 for a single leaf.
    scales: Vec<f64>,
    /// See [`Loss::exact`].
    factors: Vec<Natural>,
    offsets: Vec<Natural>,
}

impl Loss {
    /// Checks the weights, and that every sum fits 64 bits.
    pub(crate) fn new(
        rows: u64,
        leaves: &[u32],
        weights: &[f64],
        aggregate: Aggregate,
    ) -> Result<Self, Error> {
        if weights.len() != leaves.len() {
            return Err(Error::WeightCount { expected: leaves.len(), found: weights.len() });
        }
        if let Some(attribute) = weights.iter().position(|w| !(w.is_finite() && *w >= 0.0)) {
            return Err(Error::InvalidWeight { attribute });
        }
        let heaviest = weights.iter().copied().fold(0.0, f64::max);
        if heaviest == 0.0 {
            return Err(Error::NoPositiveWeight);
        }
        let leaves: Vec<u64> = leaves.iter().copied().map(u64::from).collect();
        if let Some(attribute) = leaves.iter().position(|&l| rows.checked_mul(l).is_none()) {
            return Err(Error::SumTooLarge { attribute });
        }
        let shares: Vec<f64> = weights.iter().map(|w| w / heaviest).collect();
        let scales = shares
            .iter()
            .zip(&leaves)
            .map(|(w, &l)| if l > 1 { w / (rows * (l - 1)) as f64 } else { 0.0 })
            .collect();
        let (factors, offsets) = exact_terms(rows, &leaves, weights, aggregate);
        Ok(Self { rows, leaves, aggregate, weights: shares, scales, factors, offsets })
    }

    /// One attribute's part of a key.
    pub(crate) fn term(&self, attribute: usize, sum: u64) -> f64 {
        let loss = (sum - self.rows) as f64 * self.scales[attribute];
        if self.aggregate == Aggregate::GeometricMean { 1.0 + loss } else { loss }
    }

    /// The key of no attributes; no term makes a key smaller.
    pub(crate) fn empty_key(&self) -> f64 {
        if self.aggregate == Aggregate::GeometricMean { 1.0 } else { 0.0 }
    }

    /// A key with one more term.
    pub(crate) fn joined(&self, key: f64, term: f64) -> f64 {
        match self.aggregate {
            Aggregate::GeometricMean => key * term,
            Aggregate::ArithmeticMean => key + term,
            Aggregate::Maximum => key.max(term),
        }
    }

    /// The score of the sums.
    pub(crate) fn score<'a>(&self, sums: &'a [u64]) -> Score<'a> {
        let key = sums
            .iter()
            .enumerate()
            .fold(self.empty_key(), |key, (j, &sum)| self.joined(key, self.term(j, sum)));
        Score { sums, key }
    }

    /// Whether a node whose key is at least `key` has surely a higher loss than `other`.
    pub(crate) fn surely_above(key: f64, other: f64) -> bool {
        // The absolute part is for keys so small that their own rounding is not relative any more.
        key > other + (other * CLOSE + f64::MIN_POSITIVE)
    }

    /// Compares two losses as real numbers.
    pub(crate) fn compare(&self, a: Score<'_>, b: Score<'_>) -> Ordering {
        if Self::surely_above(a.key, b.key) {
            Ordering::Greater
        } else if Self::surely_above(b.key, a.key) {
            Ordering::Less
        } else if a.sums == b.sums {
            Ordering::Equal
        } else {
            self.exact(a.sums).cmp(&self.exact(b.sums))
        }
    }

    /// An integer that orders sums as their losses do: the key times a constant, without rounding.
    fn exact(&self, sums: &[u64]) -> Natural {
        let terms = sums
            .iter()
            .zip(&self.factors)
            .zip(&self.offsets)
            .map(|((&sum, factor), offset)| Natural::from(sum - self.rows).times(factor).plus(offset));
        match self.aggregate {
            Aggregate::GeometricMean => terms.fold(Natural::from(1), |product, term| product.times(&term)),
            Aggregate::ArithmeticMean => terms.fold(Natural::from(0), |sum, term| sum.plus(&term)),
            Aggregate::Maximum => terms.fold(Natural::from(0), Natural::max),
        }
    }

    /// The unweighted losses v_j.
    pub(crate) fn attribute_losses(&self, sums: &[u64]) -> Vec<f64> {
        sums.iter()
            .zip(&self.leaves)
            .map(|(&sum, &leaves)| match leaves {
                1 => 0.0,
                _ => (sum - self.rows) as f64 / (self.rows * (leaves - 1)) as f64,
            })
            .collect()
    }

    /// The aggregated loss. The terms are sorted first, so that the order of attributes does not show in the last digit.
    pub(crate) fn value(&self, sums: &[u64]) -> f64 {
        let mut terms: Vec<f64> =
            self.attribute_losses(sums).iter().zip(&self.weights).map(|(v, w)| v * w).collect();
        terms.sort_unstable_by(f64::total_cmp);
        let count = terms.len() as f64;
        match self.aggregate {
            Aggregate::GeometricMean => {
                terms.iter().map(|term| term + 1.0).product::<f64>().powf(1.0 / count) - 1.0
            }
            Aggregate::ArithmeticMean => terms.iter().sum::<f64>() / count,
            Aggregate::Maximum => terms.iter().copied().fold(0.0, f64::max),
        }
    }
}

/// The constants of [`Loss::exact`]. With weights written as integers W_j over a common power of two:
///
/// * geometric: v_j w_j + 1 = ((S − n) W_j + n (L_j − 1) W) / (n (L_j − 1) W), whose denominator is the same for all
///   nodes, so the product of the numerators orders them;
/// * arithmetic and maximum: v_j w_j = (S − n) W_j Π_{i≠j} (L_i − 1) over a denominator common to all j.
///
/// A single leaf has S = n always: its factor is 0 and L − 1 is left out of the products.
fn exact_terms(
    rows: u64,
    leaves: &[u64],
    weights: &[f64],
    aggregate: Aggregate,
) -> (Vec<Natural>, Vec<Natural>) {
    let parts: Vec<(u64, i32)> = weights.iter().map(|&w| mantissa_and_exponent(w)).collect();
    let lowest = parts.iter().filter(|(m, _)| *m > 0).map(|(_, e)| *e).min().unwrap_or(0);
    let whole: Vec<Natural> = parts
        .iter()
        .map(|&(m, e)| match m {
            0 => Natural::from(0),
            _ => Natural::from(m).shifted(e.abs_diff(lowest) as usize),
        })
        .collect();
    let widths: Vec<u64> = leaves.iter().map(|&l| l.saturating_sub(1)).collect();
    if aggregate == Aggregate::GeometricMean {
        let heaviest = whole.iter().max().cloned().unwrap_or(Natural::from(1));
        let offsets = widths.iter().map(|&w| heaviest.times(&Natural::from(rows * w.max(1)))).collect();
        return (whole, offsets);
    }
    let factors = (0..leaves.len())
        .map(|j| {
            widths
                .iter()
                .enumerate()
                .filter(|&(i, &w)| i != j && w > 0)
                .fold(whole[j].clone(), |product, (_, &w)| product.times(&Natural::from(w)))
        })
        .collect();
    (factors, vec![Natural::from(0); leaves.len()])
}

/// A finite non-negative float as m × 2^e.
fn mantissa_and_exponent(value: f64) -> (u64, i32) {
    let bits = value.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    match (bits >> 52) as i32 {
        0 => (fraction, -1074),
        biased => (fraction | 1 << 52, biased - 1075),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Aggregate; 3] = [Aggregate::GeometricMean, Aggregate::ArithmeticMean, Aggregate::Maximum];

    #[test]
    fn the_definition_on_a_small_table() {
        // 10 rows; attribute 0 has 5 leaves and S = 30: v = 20 / 40; attribute 1 has 3 leaves and S = 15: v = 5 / 20.
        for (aggregate, expected) in ALL.into_iter().zip([(1.5f64 * 1.125).sqrt() - 1.0, 0.625 / 2.0, 0.5]) {
            let loss = Loss::new(10, &[5, 3], &[2.0, 1.0], aggregate).unwrap();
            assert_eq!(loss.attribute_losses(&[30, 15]), [0.5, 0.25]);
            assert!((loss.value(&[30, 15]) - expected).abs() < 1e-15, "{aggregate:?}");
        }
    }

    #[test]
    fn nothing_lost_is_0_and_everything_lost_is_1() {
        for aggregate in ALL {
            let loss = Loss::new(7, &[4, 9], &[0.3, 0.3], aggregate).unwrap();
            assert_eq!(loss.value(&[7, 7]), 0.0);
            assert_eq!(loss.value(&[28, 63]), 1.0);
        }
    }

    #[test]
    fn a_single_leaf_loses_nothing() {
        let loss = Loss::new(7, &[1], &[1.0], Aggregate::GeometricMean).unwrap();
        assert_eq!(loss.value(&[7]), 0.0);
    }

    #[test]
    fn equal_losses_from_different_sums_compare_equal() {
        // (1 + 1/3)(1 + 1/5) = (1 + 3/5)(1 + 0), which floats do not see.
        let loss = Loss::new(15, &[2, 2], &[1.0, 1.0], Aggregate::GeometricMean).unwrap();
        let (a, b) = (loss.score(&[20, 18]), loss.score(&[24, 15]));
        assert_eq!(loss.compare(a, b), Ordering::Equal);
        // 1/3 + 1/5 = 8/15 + 0.
        let loss = Loss::new(15, &[2, 2], &[0.1, 0.1], Aggregate::ArithmeticMean).unwrap();
        let (a, b) = (loss.score(&[20, 18]), loss.score(&[23, 15]));
        assert_eq!(loss.compare(a, b), Ordering::Equal);
    }

    #[test]
    fn a_difference_below_the_floats_is_seen() {
        let rows = 1u64 << 31;
        for aggregate in ALL {
            let loss = Loss::new(rows, &[u32::MAX, u32::MAX], &[1.0, 1e-300], aggregate).unwrap();
            let full = rows * u64::from(u32::MAX);
            let (less, more) = ([full - 1, rows], [full, rows]);
            let (less, more) = (loss.score(&less), loss.score(&more));
            assert!(!Loss::surely_above(more.key, less.key), "{aggregate:?}");
            assert_eq!(loss.compare(less, more), Ordering::Less, "{aggregate:?}");
        }
    }

    #[test]
    fn weights_are_checked() {
        let new = |weights: &[f64]| Loss::new(1, &[2, 2], weights, Aggregate::Maximum).err();
        assert_eq!(new(&[1.0]), Some(Error::WeightCount { expected: 2, found: 1 }));
        assert_eq!(new(&[1.0, f64::NAN]), Some(Error::InvalidWeight { attribute: 1 }));
        assert_eq!(new(&[-1.0, 1.0]), Some(Error::InvalidWeight { attribute: 0 }));
        assert_eq!(new(&[f64::INFINITY, 1.0]), Some(Error::InvalidWeight { attribute: 0 }));
        assert_eq!(new(&[0.0, 0.0]), Some(Error::NoPositiveWeight));
    }

    #[test]
    fn sums_that_do_not_fit_are_refused() {
        let error = Loss::new(1 << 33, &[u32::MAX], &[1.0], Aggregate::Maximum).err();
        assert_eq!(error, Some(Error::SumTooLarge { attribute: 0 }));
    }
}
