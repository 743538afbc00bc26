//! t-closeness: the values of a class are distributed nearly as in the whole table.
//!
//! Li, Li and Venkatasubramanian, "t-closeness: privacy beyond k-anonymity and l-diversity", ICDE (2007): the earth
//! mover's distance with equal, ordered and hierarchical ground distances (§4). The fourth ground distance is the
//! difference of numbers, scaled by their range, which gives the Wasserstein distance between the distributions.
//!
//! # Cost functions
//!
//! Multiplied by the class's rows n, every one of these distances is a *cost*
//!
//! > cost(c, n′) = Σ w · max(0, n′ a − c(A), …) at n′ = n,
//!
//! a sum of weighted shortfalls, each of a set A of values with reference share a, on which c has c(A) rows. As a
//! function of the counts and of n′ it is convex and homogeneous, and it falls when counts grow at a fixed n′. So n′ rows
//! of the class (counts c′ ≤ c) can be within t only if cost(c, n′) ≤ t n′. In n′ alone this is convex, piecewise linear
//! and true at 0: it is true up to some largest n′ and false from there. That n′ is the most rows kept (an upper bound, as
//! the rows that meet each shortfall need not be the same ones). Because costs of parts add up to at least the cost of
//! the whole, the bounds of parts add up as well.
//!
//! The largest n′ is found from above by tangents, exactly: a piece of the cost is n′ × slope − constant with integers.

use super::exact::{gcd, product};
use super::groups::Groups;
use super::line::Line;
use super::{Class, Histogram, Model, Ratio};

/// The linear piece of a cost at some n′: cost = n′ × slope − constant. Both are below 2^127.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Piece {
    pub(super) slope: u128,
    pub(super) constant: u128,
}

/// A ground distance with its reference distribution. Costs are whole numbers: scaled by [`Metric::unit`].
#[derive(Debug)]
pub(super) enum Metric {
    /// Shortfalls of sets of values.
    Groups(Groups),
    /// Shortfalls of all values up to one, and of all values above it.
    Line(Line),
}

impl Metric {
    /// The cost of one row at distance 1. Times any number of rows it is below 2^127.
    fn unit(&self) -> u128 {
        match self {
            Self::Groups(groups) => groups.unit(),
            Self::Line(line) => line.unit(),
        }
    }

    /// The piece of the cost at `kept` rows out of a histogram with `rows`.
    fn piece(&self, histogram: &Histogram<'_>, rows: u64, kept: u64) -> Piece {
        match self {
            Self::Groups(groups) => groups.piece(histogram, kept),
            Self::Line(line) => line.piece(histogram, rows, kept),
        }
    }
}

/// At most t away from the reference distribution.
#[derive(Debug)]
pub(super) struct Closeness {
    column: usize,
    metric: Metric,
    t: Ratio,
}

impl Closeness {
    /// t has been checked: its numbers are below 2^63, the denominator above 0.
    pub(super) fn new(column: usize, metric: Metric, t: Ratio) -> Self {
        let divisor = gcd(t.numerator, t.denominator);
        let t = Ratio { numerator: t.numerator / divisor, denominator: t.denominator / divisor };
        Self { column, metric, t }
    }

    /// Whether the cost at `kept` rows is at most t × unit × kept.
    fn within(&self, piece: Piece, kept: u64) -> bool {
        let cost = piece.slope * u128::from(kept) - piece.constant;
        product(cost, self.t.denominator) <= product(self.metric.unit() * u128::from(kept), self.t.numerator)
    }

    /// Where the tangent meets t × unit × n′, rounded down. None when that takes more than 128 bits.
    fn tangent(&self, piece: Piece) -> Option<u64> {
        let denominator = u128::from(self.t.denominator);
        let allowed = self.metric.unit().checked_mul(u128::from(self.t.numerator))?;
        let slope = piece.slope.checked_mul(denominator)?.checked_sub(allowed).filter(|&slope| slope > 0)?;
        u64::try_from(piece.constant.checked_mul(denominator)? / slope).ok()
    }
}

impl Model for Closeness {
    fn holds(&self, class: &Class<'_>) -> bool {
        let histogram = &class.histograms[self.column];
        self.within(self.metric.piece(histogram, class.rows, class.rows), class.rows)
    }

    fn most_kept(&self, class: &Class<'_>, at_most: u64) -> u64 {
        let histogram = &class.histograms[self.column];
        let mut kept = at_most;
        while kept > 0 {
            let piece = self.metric.piece(histogram, class.rows, kept);
            if self.within(piece, kept) {
                return kept;
            }
            let Some(next) = self.tangent(piece) else {
                // Numbers too wide for tangents: halve. 0 is within, `kept` is not.
                let mut within = 0;
                while kept - within > 1 {
                    let middle = within + (kept - within) / 2;
                    if self.within(self.metric.piece(histogram, class.rows, middle), middle) {
                        within = middle;
                    } else {
                        kept = middle;
                    }
                }
                return within;
            };
            kept = next.min(kept - 1);
        }
        0
    }

    fn measured(&self, class: &Class<'_>) -> (f64, f64) {
        let piece = self.metric.piece(&class.histograms[self.column], class.rows, class.rows);
        let cost = piece.slope * u128::from(class.rows) - piece.constant;
        (cost as f64 / (self.metric.unit() as f64 * class.rows as f64), 0.0)
    }

    fn worse(&self, one: (f64, f64), other: (f64, f64)) -> (f64, f64) {
        (one.0.max(other.0), 0.0)
    }

    fn cost(&self) -> u8 {
        match self.metric {
            Metric::Groups(_) => 3,
            Metric::Line(_) => 4,
        }
    }
}
