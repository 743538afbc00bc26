//! What is known of a box under a marginal measure, and what becomes of it.

use std::cmp::Reverse;

use super::Marginal;
use crate::lattice::boxes::facts::Floor;
use crate::lattice::boxes::interval::Interval;
use crate::lattice::boxes::moves;
use crate::lattice::boxes::prices::Prices;
use crate::lattice::boxes::queue::Open;
use crate::lattice::boxes::{Goal, Judge};
use crate::lattice::budget::Halt;
use crate::lattice::generalises;
use crate::lattice::search::Outcome;
use crate::loss::Loss;
use crate::objective::Aggregate;

/// One unit of a cost in whole numbers.
const UNIT: f64 = (1u64 << 44) as f64;

/// What is known of a box.
struct View {
    /// A node that covers its lower end, if any does.
    cover: Option<Vec<u16>>,
    prices: Prices,
    bound: u64,
}

impl Marginal<'_> {
    /// A key raised by a cost in whole numbers.
    fn raised(&self, key: f64, cost: u64) -> f64 {
        let cost = cost as f64 / UNIT;
        // With a maximum, costs are what goes beyond the key.
        if self.aggregate == Aggregate::GeometricMean { key * cost.exp() } else { key + cost }
    }

    /// The cost in whole numbers with which a key is surely above the best.
    fn slack(&self, key: f64) -> u64 {
        let most = Loss::most(self.best_key());
        let slack = if self.aggregate == Aggregate::GeometricMean { (most / key).ln() } else { most - key };
        // Rounded up, and a unit for the rounding of the logarithm. Infinity becomes the largest number.
        ((slack * UNIT) as u64).saturating_add(2)
    }

    /// Looks at a box with all that is known, and cuts off from it what cannot win; nothing if that is all of it.
    fn view(&self, part: &mut Interval) -> Option<View> {
        let near = self.facts.above(&part.low);
        loop {
            if !part.trim(&self.distinct) {
                return None;
            }
            let near: Vec<usize> = near
                .iter()
                .copied()
                .filter(|&place| generalises(&self.facts.get(place).levels, &part.low))
                .collect();
            let wide: Vec<&Floor> = near
                .iter()
                .map(|&place| self.facts.get(place))
                .filter(|fact| generalises(&fact.levels, &part.high))
                .filter_map(|fact| fact.floor.as_ref())
                .collect();
            let sum = |j: usize, level: u16| {
                wide.iter().map(|floor| floor.sum(j, level)).fold(self.costs.marginal(j, level), u64::max)
            };
            let sums: Vec<u64> = part.low.iter().enumerate().map(|(j, &level)| sum(j, level)).collect();
            if !self.may_win(&part.low, &sums) {
                return None;
            }
            let bare = self.loss.score(&self.costs.marginals(&part.low)).key;
            let mut covers: Vec<(usize, usize)> = near
                .into_iter()
                .filter(|&place| self.covers(self.facts.get(place), &part.low, bare))
                .map(|place| (part.beyond(&self.facts.get(place).levels).count(), place))
                .collect();
            covers.sort_unstable();
            // Whoever goes beyond a node in a single attribute goes beyond it there.
            match covers.first() {
                Some((0, _)) => return None,
                Some(&(1, place)) => {
                    let node = &self.facts.get(place).levels;
                    let way = part.beyond(node).next();
                    if let Some(j) = way {
                        part.low[j] = node[j] + 1;
                    }
                    continue;
                }
                _ => {}
            }
            let key = self.loss.score(&sums).key;
            let adds = self.aggregate != Aggregate::Maximum;
            let own: Vec<f64> =
                sums.iter().enumerate().map(|(j, &sum)| self.additive(self.loss.term(j, sum))).collect();
            let mut prices = Prices::new(part, adds, |j, level| {
                if level == part.low[j] {
                    return 0;
                }
                let term = self.additive(self.loss.term(j, sum(j, level)));
                let cost = if adds { term - own[j] } else { term - key };
                // Rounded down, and a unit for the rounding of the logarithm.
                ((cost * UNIT) as u64).saturating_sub(2)
            });
            for &(_, place) in &covers {
                let node = &self.facts.get(place).levels;
                prices.share(node, part.beyond(node));
            }
            let raised = self.raised(key, prices.total());
            if Loss::surely_above(raised, self.best_key()) {
                return None;
            }
            let slack = self.slack(key).saturating_sub(prices.total());
            let before = part.high.clone();
            for (j, high) in part.high.iter_mut().enumerate() {
                while *high > part.low[j] && prices.left(j, *high) > slack {
                    *high -= 1;
                }
            }
            if part.high != before {
                continue;
            }
            let cover = covers.first().map(|&(_, place)| self.facts.get(place).levels.clone());
            return Some(View { cover, prices, bound: raised.to_bits() });
        }
    }

    /// The box without what is below a node, in parts, each with the bound that a look at its lower end gives.
    fn split(&self, part: &Interval, node: &[u16], view: &View) -> Vec<Open> {
        let mut ways: Vec<(Reverse<u64>, usize)> =
            part.beyond(node).map(|j| (Reverse(view.prices.left(j, node[j] + 1)), j)).collect();
        // The way that costs least comes last: it gets the smallest part.
        ways.sort_unstable();
        let ways: Vec<usize> = ways.into_iter().map(|(_, j)| j).collect();
        let key = f64::from_bits(view.bound);
        let parts = part.without_below(node, &ways);
        parts
            .into_iter()
            .zip(ways)
            .map(|(part, j)| {
                let bound = self.raised(key, view.prices.left(j, part.low[j]));
                Open { bound: bound.to_bits().max(view.bound), part }
            })
            .collect()
    }
}

impl Goal for Marginal<'_> {
    fn start(&mut self) -> Result<(), Halt> {
        let path = self.loss.path(&self.costs, self.context.lattice.tops());
        moves::ascend(self, self.context, &path)?;
        moves::improve(self, self.context)
    }

    fn most(&self) -> u64 {
        Loss::most(self.best_key()).to_bits()
    }

    fn look(&self, part: &mut Interval) -> Option<u64> {
        self.view(part).map(|view| view.bound)
    }

    fn expand(&mut self, Open { bound, mut part }: Open, next: Option<u64>) -> Result<Vec<Open>, Halt> {
        loop {
            let Some(mut view) = self.view(&mut part) else { return Ok(Vec::new()) };
            view.bound = view.bound.max(bound);
            if next.is_some_and(|next| view.bound > next) {
                return Ok(vec![Open { bound: view.bound, part }]);
            }
            let mut node: Vec<u16> = (0..part.low.len()).map(|j| view.prices.free(j)).collect();
            let low = part.low.clone();
            if self.facts.checked(&node).is_none() {
                self.check(&node)?;
                // If it qualifies, there may be a release below it that is better than the best.
                moves::descend(self, &node, None)?;
            }
            if self.is_covered(&node, &low) {
                let cost = |j: usize, level: u16| match level < part.high[j] {
                    true => view.prices.left(j, level + 1),
                    false => 0,
                };
                moves::climb(self, self.context, &mut node, &low, cost)?;
                continue;
            }
            if let Some(cover) = &view.cover {
                return Ok(self.split(&part, cover, &view));
            }
            if node != low && self.turns_out_covered(&low, &low)? {
                continue;
            }
            return Ok(self.split(&part, &low, &view));
        }
    }

    fn outcome(
        mut self,
        lower: Option<u64>,
        halted: Result<(), Halt>,
        anytime: bool,
    ) -> Result<Outcome, Halt> {
        let stopped = match halted {
            Ok(()) => None,
            Err(Halt::Reached(limit)) if anytime => Some(limit),
            Err(halt) => return Err(halt),
        };
        let Some(best) = self.best else {
            return Err(match stopped {
                Some(limit) => Halt::Reached(limit),
                None => Halt::Failed(self.context.infeasible(self.fewest_suppressed, &mut self.scratch)?),
            });
        };
        let loss = self.loss.value(&best.sums);
        Ok(Outcome {
            loss,
            attribute_losses: self.loss.attribute_losses(&best.sums),
            lower_bound: lower.map_or(loss, |key| self.loss.below(f64::from_bits(key)).min(loss)),
            // When nothing open can win, that is a proof, too.
            stopped: stopped.filter(|_| lower.is_some()),
            levels: best.levels,
            suppressed: best.suppressed,
            smallest: best.smallest,
            classes: best.classes,
        })
    }
}
