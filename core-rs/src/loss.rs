//! The normalised loss: what share of its information a release gives up.
//!
//! A marginal measure gives attribute j an integer sum S of costs (see [`crate::costs`]), between S_min when nothing is
//! lost and S_max when everything is:
//!
//! > v_j = (S − S_min) / (S_max − S_min), and 0 when S_max = S_min.
//!
//! An aggregate makes one number of the v_j, each weighted by w_j / max w.
//!
//! # Exact order
//!
//! A search keeps the *best* node, so two losses must compare as the real numbers they are: rounding would break ties
//! by the order of attributes or by luck. All S are integers. A float [`Score::key`] decides every comparison that is
//! not close; a close one is decided by integers of any size.

use std::cmp::Ordering;

use crate::costs::Costs;
use crate::natural::Natural;
use crate::objective::Aggregate;

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
    /// S_min of every attribute.
    least: Vec<u64>,
    /// S_max − S_min.
    widths: Vec<u64>,
    aggregate: Aggregate,
    /// w_j / max w.
    shares: Vec<f64>,
    /// weight / width, or 0 for a width of 0.
    scales: Vec<f64>,
    /// See [`Loss::exact`].
    factors: Vec<Natural>,
    offsets: Vec<Natural>,
}

impl Loss {
    /// `ranges` holds S_min and S_max of every attribute, `weights` their weights, of which one at least is above 0.
    pub(crate) fn new(ranges: &[(u64, u64)], weights: &[f64], aggregate: Aggregate) -> Self {
        let least = ranges.iter().map(|range| range.0).collect();
        let widths: Vec<u64> = ranges.iter().map(|(least, most)| most - least).collect();
        let heaviest = weights.iter().copied().fold(0.0, f64::max);
        // Rounded: what is close is compared by the weights themselves.
        let shares: Vec<f64> = weights.iter().map(|w| w / heaviest).collect();
        let scales = shares
            .iter()
            .zip(&widths)
            .map(|(w, &width)| if width > 0 { w / width as f64 } else { 0.0 })
            .collect();
        let (factors, offsets) = exact_terms(&widths, weights, aggregate);
        Self { least, widths, aggregate, shares, scales, factors, offsets }
    }

    /// One attribute's part of a key.
    pub(crate) fn term(&self, attribute: usize, sum: u64) -> f64 {
        let loss = (sum - self.least[attribute]) as f64 * self.scales[attribute];
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
        key > Self::most(other)
    }

    /// The largest key that is not surely above `key`.
    pub(crate) fn most(key: f64) -> f64 {
        // The absolute part is for keys so small that their own rounding is not relative any more.
        key + (key * CLOSE + f64::MIN_POSITIVE)
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
        let terms =
            sums.iter().zip(&self.least).zip(self.factors.iter().zip(&self.offsets)).map(
                |((&sum, least), (factor, offset))| Natural::from(sum - least).times(factor).plus(offset),
            );
        match self.aggregate {
            Aggregate::GeometricMean => terms.fold(Natural::from(1), |product, term| product.times(&term)),
            Aggregate::ArithmeticMean => terms.fold(Natural::from(0), |sum, term| sum.plus(&term)),
            Aggregate::Maximum => terms.fold(Natural::from(0), Natural::max),
        }
    }

    /// All nodes from the bottom of a lattice to its top, always by the step with the smallest loss when nothing is
    /// suppressed.
    pub(crate) fn path(&self, costs: &Costs, tops: &[u16]) -> Vec<Vec<u16>> {
        let mut levels = vec![0; tops.len()];
        let mut sums = costs.marginals(&levels);
        let mut path = vec![levels.clone()];
        loop {
            let next = (0..levels.len())
                .filter(|&j| levels[j] < tops[j])
                .map(|j| {
                    let mut sums = sums.clone();
                    sums[j] = costs.marginal(j, levels[j] + 1);
                    (j, sums)
                })
                .min_by(|a, b| self.compare(self.score(&a.1), self.score(&b.1)));
            let Some((j, raised)) = next else { return path };
            levels[j] += 1;
            sums = raised;
            path.push(levels.clone());
        }
    }

    /// The unweighted losses v_j.
    pub(crate) fn attribute_losses(&self, sums: &[u64]) -> Vec<f64> {
        sums.iter()
            .zip(self.least.iter().zip(&self.widths))
            .map(|(&sum, (least, &width))| if width > 0 { (sum - least) as f64 / width as f64 } else { 0.0 })
            .collect()
    }

    /// The aggregated loss. The terms are sorted first, so that the order of attributes does not show in the last digit.
    pub(crate) fn value(&self, sums: &[u64]) -> f64 {
        let mut terms: Vec<f64> =
            self.attribute_losses(sums).iter().zip(&self.shares).map(|(v, w)| v * w).collect();
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

    /// A loss that is not above that of a key, and hardly below.
    pub(crate) fn below(&self, key: f64) -> f64 {
        // The key's own rounding, and that of a root.
        let (key, count) = (key * (1.0 - CLOSE), self.shares.len() as f64);
        let loss = match self.aggregate {
            Aggregate::GeometricMean => key.powf(1.0 / count) - 1.0,
            Aggregate::ArithmeticMean => key / count,
            Aggregate::Maximum => key,
        };
        loss.max(0.0)
    }
}

/// The constants of [`Loss::exact`]. With weights written as integers W_j over a common power of two, W the largest, and
/// D_j = S_max − S_min:
///
/// * geometric: v_j w_j + 1 = ((S − S_min) W_j + D_j W) / (D_j W), whose denominator is the same for all nodes, so the
///   product of the numerators orders them;
/// * arithmetic and maximum: v_j w_j = (S − S_min) W_j Π_{i≠j} D_i over a denominator common to all j.
///
/// Where D is 0, S = S_min always: its numerator is a constant, and D is left out of the products.
fn exact_terms(widths: &[u64], weights: &[f64], aggregate: Aggregate) -> (Vec<Natural>, Vec<Natural>) {
    let parts: Vec<(u64, i32)> = weights.iter().map(|&w| mantissa_and_exponent(w)).collect();
    let lowest = parts.iter().filter(|(m, _)| *m > 0).map(|(_, e)| *e).min().unwrap_or(0);
    let whole: Vec<Natural> = parts
        .iter()
        .map(|&(m, e)| match m {
            0 => Natural::from(0),
            _ => Natural::from(m).shifted(e.abs_diff(lowest) as usize),
        })
        .collect();
    if aggregate == Aggregate::GeometricMean {
        let heaviest = whole.iter().max().cloned().unwrap_or(Natural::from(1));
        let offsets = widths.iter().map(|&w| heaviest.times(&Natural::from(w.max(1)))).collect();
        return (whole, offsets);
    }
    let factors = (0..widths.len())
        .map(|j| {
            widths
                .iter()
                .enumerate()
                .filter(|&(i, &w)| i != j && w > 0)
                .fold(whole[j].clone(), |product, (_, &w)| product.times(&Natural::from(w)))
        })
        .collect();
    (factors, vec![Natural::from(0); widths.len()])
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

    /// Sums from 10 to 50 and from 10 to 30: 10 rows, 5 and 3 leaves.
    fn small(weights: [f64; 2], aggregate: Aggregate) -> Loss {
        Loss::new(&[(10, 50), (10, 30)], &weights, aggregate)
    }

    #[test]
    fn the_definition_on_a_small_table() {
        for (aggregate, expected) in ALL.into_iter().zip([(1.5f64 * 1.125).sqrt() - 1.0, 0.625 / 2.0, 0.5]) {
            let loss = small([1.0, 0.5], aggregate);
            assert_eq!(loss.attribute_losses(&[30, 15]), [0.5, 0.25]);
            assert!((loss.value(&[30, 15]) - expected).abs() < 1e-15, "{aggregate:?}");
        }
    }

    #[test]
    fn nothing_lost_is_0_and_everything_lost_is_1() {
        for aggregate in ALL {
            let loss = small([1.0, 1.0], aggregate);
            assert_eq!(loss.value(&[10, 10]), 0.0);
            assert_eq!(loss.value(&[50, 30]), 1.0);
        }
    }

    #[test]
    fn what_cannot_vary_loses_nothing() {
        let loss = Loss::new(&[(7, 7)], &[1.0], Aggregate::GeometricMean);
        assert_eq!(loss.value(&[7]), 0.0);
    }

    #[test]
    fn equal_losses_from_different_sums_compare_equal() {
        // (1 + 1/3)(1 + 1/5) = (1 + 3/5)(1 + 0), which floats do not see.
        let loss = Loss::new(&[(15, 30), (15, 30)], &[1.0, 1.0], Aggregate::GeometricMean);
        let (a, b) = (loss.score(&[20, 18]), loss.score(&[24, 15]));
        assert_eq!(loss.compare(a, b), Ordering::Equal);
        // 1/3 + 1/5 = 8/15 + 0.
        let loss = Loss::new(&[(15, 30), (15, 30)], &[0.1, 0.1], Aggregate::ArithmeticMean);
        let (a, b) = (loss.score(&[20, 18]), loss.score(&[23, 15]));
        assert_eq!(loss.compare(a, b), Ordering::Equal);
    }

    #[test]
    fn weights_that_have_no_binary_quotient_tie() {
        // 2/3 of weight 1 and 1/3 of weight 2, of a heaviest weight 3 that plays no part.
        let loss = Loss::new(&[(0, 3), (0, 3), (0, 1)], &[1.0, 2.0, 3.0], Aggregate::Maximum);
        let (a, b) = (loss.score(&[2, 0, 0]), loss.score(&[0, 1, 0]));
        assert_eq!(loss.compare(a, b), Ordering::Equal);
    }

    #[test]
    fn a_difference_below_the_floats_is_seen() {
        let rows = 1u64 << 31;
        let full = rows * u64::from(u32::MAX);
        for aggregate in ALL {
            let loss = Loss::new(&[(rows, full), (rows, full)], &[1.0, 1e-300], aggregate);
            let (less, more) = ([full - 1, rows], [full, rows]);
            let (less, more) = (loss.score(&less), loss.score(&more));
            assert!(!Loss::surely_above(more.key, less.key), "{aggregate:?}");
            assert_eq!(loss.compare(less, more), Ordering::Less, "{aggregate:?}");
        }
    }
}
