//! Entropy l-diversity: the values of a class are as uncertain as l equally frequent ones.
//!
//! Machanavajjhala et al., "l-diversity: privacy beyond k-anonymity", ACM TKDD 1 (2007), Definition 4.1, with Shannon's
//! entropy or with Grassberger's estimate: "Entropy estimates from insufficient samplings", arXiv:physics/0307138 (2003).
//!
//! Logarithms cannot decide equality: an entropy within 10⁻⁹ nats of ln l counts as ln l, so that l equally frequent
//! values satisfy l.
//!
//! Shannon's entropy is concave, so a union of classes that hold holds. Most rows kept: among all (real) counts
//! c′ ≤ c with a given sum, min(c, τ) is majorized by every other, so its entropy is the largest. And min(c, τ), scaled to
//! sum 1, is majorized by the one of any larger τ: the entropy falls as τ grows. So the rows of the largest τ that is high
//! enough bound what can stay. With at least l values τ = 1 is high enough; with fewer nothing is.
//!
//! Grassberger's estimate is not convex: two classes with counts (1, 1) hold for l = 2, having 2 nats each; their union
//! (2, 2) has 0.667 and fails. Only the number of values bounds there.

use std::cell::RefCell;

use super::{Class, Model};

/// Entropies this much smaller than ln l still hold, in nats.
const TOLERANCE: f64 = 1e-9;

/// And this much more is granted to what may stay, so that rounding never overstates what must go.
const SLACK: f64 = 1e-9;

/// Counts below this have their term in a table.
const TABLE: u32 = 1024;

thread_local! {
    static COUNTS: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
}

/// Entropy l-diversity.
#[derive(Debug)]
pub(super) struct Entropy {
    column: usize,
    /// Fewer values fail.
    least_values: u64,
    ln_l: f64,
    grassberger: bool,
    /// c · ψ(c) for small c.
    terms: Vec<f64>,
}

impl Entropy {
    /// l is finite and at least 1.
    pub(super) fn new(column: usize, l: f64, grassberger: bool) -> Self {
        let psi = if grassberger { grassberger_psi } else { f64::ln };
        let terms = std::iter::once(0.0)
            .chain((1..TABLE).map(|count| f64::from(count) * psi(f64::from(count))))
            .collect();
        Self { column, least_values: l.ceil() as u64, ln_l: l.ln(), grassberger, terms }
    }

    /// c · ψ(c), where ψ is the logarithm or Grassberger's G.
    fn term(&self, count: u32) -> f64 {
        self.terms.get(count as usize).copied().unwrap_or_else(|| {
            let count = f64::from(count);
            count * if self.grassberger { grassberger_psi(count) } else { count.ln() }
        })
    }

    fn entropy(&self, class: &Class<'_>) -> f64 {
        let rows = class.rows as f64;
        let psi = if self.grassberger { grassberger_psi(rows) } else { rows.ln() };
        psi - class.histograms[self.column].counts.iter().map(|&count| self.term(count)).sum::<f64>() / rows
    }

    /// The most rows of min(c, τ) over all τ for which its entropy is high enough. `counts` ascend and are at least l.
    fn filled(&self, counts: &[u32]) -> u64 {
        let enough = |rows: f64, terms: f64| rows.ln() - terms / rows >= self.ln_l - TOLERANCE - SLACK;
        // The smallest counts, which τ does not touch. Summed from below: large counts would drown them.
        let (mut rows, mut terms) = (0u64, 0.0);
        for (place, &count) in counts.iter().enumerate() {
            let capped = (counts.len() - place) as u64;
            // With this many rows the counts from here on are all `(kept - rows) / capped`.
            let fits = |kept: u64| {
                let kept_by_capped = (kept - rows) as f64;
                let cap = kept_by_capped / capped as f64;
                enough(kept as f64, terms + kept_by_capped * cap.ln())
            };
            let most = rows + capped * u64::from(count);
            if !fits(most) {
                let previous = place.checked_sub(1).map_or(0, |before| counts[before]);
                // At the previous count it was enough: for the smallest count all are equal, which is the most there is.
                let (mut kept, mut over) = (rows + capped * u64::from(previous), most);
                while over - kept > 1 {
                    let middle = kept + (over - kept) / 2;
                    if fits(middle) {
                        kept = middle;
                    } else {
                        over = middle;
                    }
                }
                return kept;
            }
            rows += u64::from(count);
            terms += self.term(count);
        }
        rows
    }
}

impl Model for Entropy {
    fn holds(&self, class: &Class<'_>) -> bool {
        class.histograms[self.column].values.len() as u64 >= self.least_values
            && self.entropy(class) >= self.ln_l - TOLERANCE
    }

    fn most_kept(&self, class: &Class<'_>, at_most: u64) -> u64 {
        let counts = class.histograms[self.column].counts;
        if (counts.len() as u64) < self.least_values {
            return 0;
        }
        if self.grassberger || self.entropy(class) >= self.ln_l - TOLERANCE - SLACK {
            return at_most;
        }
        let kept = COUNTS.with_borrow_mut(|scratch| {
            scratch.clear();
            scratch.extend_from_slice(counts);
            scratch.sort_unstable();
            self.filled(scratch)
        });
        kept.min(at_most)
    }

    fn fewest_rows(&self) -> u64 {
        self.least_values
    }

    fn is_convex(&self) -> bool {
        !self.grassberger
    }

    fn measured(&self, class: &Class<'_>) -> (f64, f64) {
        (self.entropy(class).exp(), 0.0)
    }

    fn worse(&self, one: (f64, f64), other: (f64, f64)) -> (f64, f64) {
        (one.0.min(other.0), 0.0)
    }

    fn cost(&self) -> u8 {
        5
    }
}

/// Grassberger's G(n) = ψ(n) + ½ (−1)ⁿ (ψ((n + 1)/2) − ψ(n/2)), ψ the digamma function: G(1) = −γ − ln 2,
/// G(2) = 2 + G(1), G(2k + 1) = G(2k), G(2k + 2) = G(2k) + 2/(2k + 1); hence G(2k) = ψ(k + ½) + ln 2.
pub(super) fn grassberger_psi(count: f64) -> f64 {
    const EULER: f64 = 0.577_215_664_901_532_9;
    let half = (count / 2.0).floor();
    if half < 20.0 {
        let sum: f64 = (0..half as u32).map(|k| 2.0 / f64::from(2 * k + 1)).sum();
        return sum - EULER - std::f64::consts::LN_2;
    }
    // ψ(k + ½) = ln k + 1/(24 k²) − 7/(960 k⁴) + 31/(8064 k⁶) − …, the next term is below 1e-13 from k = 20 on.
    let square = half * half;
    half.ln()
        + (1.0 / 24.0 - (7.0 / 960.0 - 31.0 / 8064.0 / square) / square) / square
        + std::f64::consts::LN_2
}
