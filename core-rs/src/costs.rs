//! The integer costs of a marginal measure: what a released cell costs, and what suppressing it adds.
//!
//! Of every attribute the costs of all cells add up to an integer sum S. For a node it is
//!
//! > S_j = Σ all rows, cost at the node's level + Σ suppressed rows, cost of a suppressed cell − cost at the node's level.
//!
//! The first sum is a constant of the table and the level, the *marginal*. The difference in the second one, the
//! *extra* of the row, depends only on the row's value at that level for every measure:
//!
//! | measure | cost of a cell | of a suppressed cell | extra |
//! |---|---|---|---|
//! | loss | leaves under the value u | all leaves L | L − u |
//! | precision | level | height | height − level |
//! | non-uniform entropy | log2(rows of the value / rows of the leaf) | log2(N / rows of the leaf) | log2(N / rows of the value) |
//!
//! Marginals grow and extras shrink with the level, and extras are never negative. Entropies are whole multiples of a
//! power of two, the finest for which every sum fits 62 bits.

use crate::Error;
use crate::ladder::Ladder;
use crate::objective::Measure;

/// The costs of every attribute.
#[derive(Debug)]
pub(crate) struct Costs {
    attributes: Vec<Cells>,
}

#[derive(Debug)]
struct Cells {
    /// By level.
    marginals: Vec<u64>,
    /// By level, by code.
    extras: Vec<Box<[u64]>>,
    /// S when nothing is lost.
    least: u64,
    /// S when everything is lost.
    most: u64,
}

impl Costs {
    /// The costs of a marginal measure. `rows` is the number of rows of the table.
    pub(crate) fn new(ladders: &[Ladder], rows: u64, measure: Measure) -> Result<Self, Error> {
        let scale = entropy_scale(rows);
        let cells = |(attribute, ladder): (usize, &Ladder)| {
            match measure {
                Measure::Precision => precision(ladder, rows),
                Measure::NonUniformEntropy => Some(entropy(ladder, rows, scale)),
                _ => loss(ladder, rows),
            }
            .ok_or(Error::SumTooLarge { attribute })
        };
        Ok(Self { attributes: ladders.iter().enumerate().map(cells).collect::<Result<_, _>>()? })
    }

    /// The sum of an attribute at a level when nothing is suppressed.
    pub(crate) fn marginal(&self, attribute: usize, level: u16) -> u64 {
        self.attributes[attribute].marginals[usize::from(level)]
    }

    /// The sums of a node when nothing is suppressed.
    pub(crate) fn marginals(&self, levels: &[u16]) -> Vec<u64> {
        levels.iter().enumerate().map(|(j, &level)| self.marginal(j, level)).collect()
    }

    /// What suppressing one row adds to the sum, for every code of a level.
    pub(crate) fn extras(&self, attribute: usize, level: u16) -> &[u64] {
        &self.attributes[attribute].extras[usize::from(level)]
    }

    /// The sum when nothing is lost and when everything is, of every attribute.
    pub(crate) fn ranges(&self) -> Vec<(u64, u64)> {
        self.attributes.iter().map(|cells| (cells.least, cells.most)).collect()
    }

    /// The extras of an attribute at level 0, ascending, each with its rows. `rows` are those of every code.
    pub(crate) fn cheapest(&self, attribute: usize, rows: &[u64]) -> Vec<(u64, u64)> {
        let mut pairs: Vec<(u64, u64)> =
            self.extras(attribute, 0).iter().copied().zip(rows.iter().copied()).collect();
        pairs.sort_unstable();
        pairs.chunk_by(|a, b| a.0 == b.0).map(|run| (run[0].0, run.iter().map(|pair| pair.1).sum())).collect()
    }
}

/// None when a sum does not fit.
fn loss(ladder: &Ladder, rows: u64) -> Option<Cells> {
    let leaves = u64::from(ladder.leaves());
    let most = rows.checked_mul(leaves)?;
    let levels = 0..=ladder.top();
    let marginals = levels
        .clone()
        .map(|level| {
            let under = ladder.leaves_under(level).iter();
            under.zip(ladder.rows(level)).map(|(&under, rows)| u64::from(under) * rows).sum()
        })
        .collect();
    let extras = levels
        .map(|level| ladder.leaves_under(level).iter().map(|&under| leaves - u64::from(under)).collect())
        .collect();
    Some(Cells { marginals, extras, least: rows, most })
}

/// None when a sum does not fit.
fn precision(ladder: &Ladder, rows: u64) -> Option<Cells> {
    // A suppressed cell is a loss even where a released one cannot be generalised.
    let height = u64::from(ladder.top().max(1));
    let most = rows.checked_mul(height)?;
    let levels = 0..=ladder.top();
    let marginals = levels.clone().map(|level| rows * u64::from(level)).collect();
    let extras = levels
        .map(|level| vec![height - u64::from(level); ladder.rows(level).len()].into_boxed_slice())
        .collect();
    Some(Cells { marginals, extras, least: 0, most })
}

/// The power of two by which bits of entropy are multiplied: `rows` entropies of log2(rows) fit 62 bits.
fn entropy_scale(rows: u64) -> f64 {
    let largest = rows as f64 * (rows as f64).log2().max(1.0);
    // Between 2^24 and 2^62 for up to 2^32 rows.
    (62.0 - largest.log2().ceil()).exp2()
}

fn entropy(ladder: &Ladder, rows: u64, scale: f64) -> Cells {
    let open = |count: u64| if count == 0 { 0 } else { ((rows as f64 / count as f64).log2() * scale) as u64 };
    let mut extras: Vec<Box<[u64]>> = (0..=ladder.top())
        .map(|level| ladder.rows(level).iter().map(|&count| open(count)).collect())
        .collect();
    // A value holds no fewer rows than those it generalises, so its entropy is no larger: so it is, unless the rounding
    // of a logarithm says otherwise.
    for level in (1..=ladder.top()).rev() {
        let (below, above) = extras.split_at_mut(usize::from(level));
        let below = &mut below[usize::from(level) - 1];
        for (&low, &high) in ladder.codes_at(level - 1).iter().zip(ladder.codes_at(level)) {
            let extra = &mut below[low as usize];
            *extra = (*extra).max(above[0][high as usize]);
        }
    }
    let of_all = |level: u16| -> u64 {
        ladder.rows(level).iter().zip(&extras[usize::from(level)]).map(|(rows, extra)| rows * extra).sum()
    };
    let most = of_all(0);
    Cells {
        marginals: (0..=ladder.top()).map(|level| most - of_all(level)).collect(),
        extras,
        least: 0,
        most,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Hierarchy;

    /// Leaves 0 to 4; level 1 joins {0, 1, 2} and {3, 4}; ten rows hold leaf 1, two leaf 3 and four leaf 4.
    fn ladder() -> Ladder {
        let hierarchy = Hierarchy::new(0, 5, vec![&[3, 3, 3, 1, 1], &[0, 0, 0, 0, 0]]).unwrap();
        Ladder::new(&hierarchy, &[(1, 10), (3, 2), (4, 4)])
    }

    #[test]
    fn loss_counts_leaves() {
        let costs = Costs::new(&[ladder()], 16, Measure::Loss).unwrap();
        assert_eq!([0, 1, 2].map(|level| costs.marginal(0, level)), [16, 10 * 3 + 6 * 2, 16 * 5]);
        assert_eq!((costs.extras(0, 1), costs.extras(0, 2)), (&[2, 3][..], &[0][..]));
        assert_eq!(costs.ranges(), [(16, 80)]);
    }

    #[test]
    fn precision_counts_levels() {
        let costs = Costs::new(&[ladder()], 16, Measure::Precision).unwrap();
        assert_eq!([0, 1, 2].map(|level| costs.marginal(0, level)), [0, 16, 32]);
        assert_eq!((costs.extras(0, 0), costs.ranges()), (&[2, 2, 2][..], vec![(0, 32)]));
    }

    #[test]
    fn entropy_counts_bits() {
        let costs = Costs::new(&[ladder()], 16, Measure::NonUniformEntropy).unwrap();
        // 16 rows of at most 4 bits: sums below 2^6, so a bit is 2^56.
        let bits = |sum: u64| sum as f64 / 56f64.exp2();
        assert_eq!(bits(costs.extras(0, 0)[1]), 3.0);
        assert_eq!(bits(costs.extras(0, 2)[0]), 0.0);
        assert!((bits(costs.marginal(0, 1)) - (2.0 * 3f64.log2() + 4.0 * 1.5f64.log2())).abs() < 1e-12);
        let all = 10.0 * 1.6f64.log2() + 2.0 * 3.0 + 4.0 * 2.0;
        assert!((bits(costs.marginal(0, 2)) - all).abs() < 1e-12);
        assert_eq!(costs.ranges(), [(0, costs.marginal(0, 2))]);
    }

    #[test]
    fn sums_that_do_not_fit_are_refused() {
        let hierarchy = Hierarchy::new(0, 5, vec![]).unwrap();
        let ladders = [Ladder::new(&hierarchy, &[(0, 1)])];
        let error = Costs::new(&ladders, u64::MAX / 4, Measure::Loss).err();
        assert_eq!(error, Some(Error::SumTooLarge { attribute: 0 }));
    }
}
