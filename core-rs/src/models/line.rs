//! The ordered and the Wasserstein ground distance: values on a line.
//!
//! The distance is the area between the two cumulative distributions, Σ |P − Q| × gap over the gaps between neighbouring
//! values, divided by the length of the line. Ordered values are one apart.
//!
//! If n′ rows stay of a class with n, of which C are up to a gap, then of the rows that stay at most C are up to the gap
//! and at most n − C above it. So they fall short of n′ Q up to it by at least n′ Q − C, and of n′ (1 − Q) above it by at
//! least n′ (1 − Q) − (n − C). As n′ ≤ n, at most one of the two is positive. With n′ = n the larger is |n Q − C|.
//!
//! Between two neighbouring values of the class C is constant and Q ascends. So the gaps where the second shortfall is
//! positive come first, those where the first one is come last, both are found by bisection, and sums over them are
//! differences of prefix sums: the cost is that of the class's values, whatever the number of all values.

use super::closeness::Piece;
use super::column::Column;
use super::exact::gcd;
use super::{Histogram, ModelProblem};

/// A line of values with its reference distribution. Gap i is between values i and i + 1.
#[derive(Debug)]
pub(super) struct Line {
    /// Reference rows.
    rows: u64,
    /// For each gap, reference rows below it.
    below: Vec<u64>,
    /// For each value, its distance from the first one.
    places: Vec<u64>,
    /// For each value, Σ rows below × width over the gaps before it.
    area: Vec<u128>,
}

impl Line {
    /// Values are as far apart as their ranks.
    pub(super) fn ordered(column: &Column<'_>) -> Result<Self, ModelProblem> {
        Self::new(column, (0..column.reference.len() as u64).collect())
    }

    /// Values are as far apart as their positions.
    pub(super) fn positioned(column: &Column<'_>) -> Result<Self, ModelProblem> {
        let positions = column.positions.ok_or(ModelProblem::NoPositions)?;
        // Only proportions matter; numbers that were scaled up to integers share large factors.
        let origin = positions.first().copied().unwrap_or(0);
        let unit = positions.iter().fold(0, |unit, &position| gcd(unit, position - origin)).max(1);
        Self::new(column, positions.iter().map(|&position| (position - origin) / unit).collect())
    }

    fn new(column: &Column<'_>, places: Vec<u64>) -> Result<Self, ModelProblem> {
        let length = places.last().copied().unwrap_or(0);
        if (u128::from(column.rows) * u128::from(length)) >> 95 != 0 {
            return Err(ModelProblem::TooLarge);
        }
        let mut below = Vec::with_capacity(places.len());
        let mut area = vec![0];
        let (mut rows, mut sum) = (0, 0);
        for (pair, &count) in places.windows(2).zip(column.reference) {
            rows += count;
            below.push(rows);
            sum += u128::from(rows) * u128::from(pair[1] - pair[0]);
            area.push(sum);
        }
        Ok(Self { rows: column.rows, below, places, area })
    }

    /// 1 if all values are in one place: then every cost is 0.
    pub(super) fn unit(&self) -> u128 {
        u128::from(self.rows) * u128::from(self.places.last().copied().unwrap_or(0).max(1))
    }

    /// See [`super::closeness::Metric::piece`].
    pub(super) fn piece(&self, histogram: &Histogram<'_>, rows: u64, kept: u64) -> Piece {
        let mut piece = Piece::default();
        let (mut start, mut count) = (0, 0);
        for (&value, &more) in histogram.values.iter().zip(histogram.counts) {
            self.stretch(&mut piece, start..value as usize, count, rows, kept);
            (start, count) = (value as usize, count + u64::from(more));
        }
        self.stretch(&mut piece, start..self.below.len(), count, rows, kept);
        piece
    }

    /// Adds the gaps between two neighbouring values of the class, with `count` of its rows below them.
    fn stretch(&self, piece: &mut Piece, gaps: std::ops::Range<usize>, count: u64, rows: u64, kept: u64) {
        if gaps.is_empty() {
            return;
        }
        let (first, end) = (gaps.start, gaps.end);
        let all = u128::from(self.rows);
        let (low, high) = (u128::from(count) * all, u128::from(rows - count) * all);
        // The first shortfall is positive where kept × below > low, the second where kept × (all − below) > high.
        let least = quotient(low, kept);
        let lacking = first + count_below(&self.below[gaps], least.saturating_add(1));
        piece.slope += self.area[end] - self.area[lacking];
        piece.constant += low * u128::from(self.places[end] - self.places[lacking]);
        let met = if kept == rows {
            // Then there is nothing between the two, or only gaps without any shortfall.
            lacking
        } else {
            let most = self.rows.saturating_sub(quotient(high, kept));
            first + count_below(&self.below[first..lacking], most)
        };
        let width = u128::from(self.places[met] - self.places[first]);
        piece.slope += all * width - (self.area[met] - self.area[first]);
        piece.constant += high * width;
    }
}

/// ⌊above / below⌋, or the largest number if that is larger.
fn quotient(above: u128, below: u64) -> u64 {
    match u64::try_from(above) {
        Ok(above) => above / below,
        Err(_) => u64::try_from(above / u128::from(below)).unwrap_or(u64::MAX),
    }
}

/// How many of the ascending numbers are below the limit.
fn count_below(numbers: &[u64], limit: u64) -> usize {
    if numbers.len() <= 16 {
        // Without branches to mispredict this is faster than bisection.
        return numbers.iter().map(|&number| usize::from(number < limit)).sum();
    }
    numbers.partition_point(|&number| number < limit)
}
