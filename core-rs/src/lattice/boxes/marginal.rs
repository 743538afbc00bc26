//! Boxes under a marginal measure.
//!
//! Nothing below a checked node v wins when v must suppress too much, or when the rows that are hopeless at v make every
//! node of the box below v worse than the best: then v *covers* the lower end of the box, and whoever wins goes beyond v in
//! some attribute. From all such nodes together comes the bound of the box ([`Prices`]). If the nodes that cost no more
//! than the bound are not covered yet, one of them is checked, which either covers it, so that the bound rises, or does not,
//! and then the box is split along a node that covers its lower end.

use std::cmp::{Ordering, Reverse};

use super::facts::{Fact, Facts, Floor};
use super::interval::{Distinct, Interval};
use super::moves;
use super::prices::Prices;
use super::queue::Open;
use super::{Goal, Judge};
use crate::Error;
use crate::costs::Costs;
use crate::lattice::affordable::Affordable;
use crate::lattice::bounds;
use crate::lattice::budget::Halt;
use crate::lattice::check::{Checked, Fate, Scratch, Verdict};
use crate::lattice::context::Context;
use crate::lattice::packing::Packing;
use crate::lattice::search::Outcome;
use crate::lattice::sources::{Source, Sources};
use crate::lattice::{generalises, wins_tie};
use crate::loss::Loss;
use crate::objective::{Aggregate, Objective};

/// One unit of a cost in whole numbers.
const UNIT: f64 = (1u64 << 44) as f64;

/// A node found to qualify.
struct Best {
    levels: Vec<u16>,
    sums: Vec<u64>,
    key: f64,
    suppressed: u64,
    smallest: u64,
    classes: u64,
}

/// What is known of a box.
struct View {
    /// A node that covers its lower end, if any does.
    cover: Option<Vec<u16>>,
    prices: Prices,
    bound: u64,
}

pub(super) struct Marginal<'a> {
    context: &'a Context<'a>,
    costs: Costs,
    loss: Loss,
    aggregate: Aggregate,
    affordable: Affordable,
    scratch: Scratch,
    packing: Packing,
    distinct: Distinct,
    facts: Facts,
    best: Option<Best>,
    /// The most rows that a release can suppress and still win.
    limit: u64,
    fewest_suppressed: u64,
}

impl<'a> Marginal<'a> {
    pub(super) fn new(
        context: &'a Context<'a>,
        objective: &Objective,
        weights: &[f64],
        memory: usize,
    ) -> Result<Self, Error> {
        let table = context.checker.table;
        let costs = Costs::new(&table.ladders, table.rows(), objective.measure)?;
        let packing = Packing::new(context.lattice.tops());
        Ok(Self {
            context,
            loss: Loss::new(&costs.ranges(), weights, objective.aggregate),
            aggregate: objective.aggregate,
            affordable: Affordable::new(table, &costs),
            costs,
            scratch: Scratch::new(table),
            distinct: Distinct::new(&table.ladders),
            facts: Facts::new(packing.clone(), memory),
            packing,
            best: None,
            limit: context.limit,
            fewest_suppressed: u64::MAX,
        })
    }

    fn best_key(&self) -> f64 {
        self.best.as_ref().map_or(f64::INFINITY, |best| best.key)
    }

    /// Whether a node with these sums, or with these sums as a lower bound, can be better than the best.
    fn may_win(&self, levels: &[u16], sums: &[u64]) -> bool {
        self.best.as_ref().is_none_or(|best| {
            match self.loss.compare(self.loss.score(sums), self.loss.score(&best.sums)) {
                Ordering::Less => true,
                Ordering::Equal => wins_tie(levels, &best.levels),
                Ordering::Greater => false,
            }
        })
    }

    /// Whether nothing from `low` up to the node of a fact wins. `key` is that of `low` if nothing is suppressed.
    fn covers(&self, fact: &Fact, low: &[u16], key: f64) -> bool {
        fact.least > self.limit
            || fact.floor.as_ref().is_some_and(|floor| {
                let best = self.best_key();
                // Twice what a key may be wrong by.
                self.plus(key, floor.reach) * (1.0 + 1e-11) > best && {
                    let terms =
                        low.iter().enumerate().map(|(j, &level)| self.loss.term(j, floor.sum(j, level)));
                    Loss::surely_above(
                        terms.fold(self.loss.empty_key(), |key, term| self.loss.joined(key, term)),
                        best,
                    )
                }
            })
    }

    /// What the rows that are hopeless at a node do to all nodes below.
    fn floor(&self, levels: &[u16], hopeless: &[u32]) -> Floor {
        let table = self.context.checker.table;
        let added = bounds::Floor::new(table, &self.costs, &self.packing, levels, hopeless).added;
        let (mut sums, mut starts, mut reach) = (Vec::new(), Vec::with_capacity(levels.len()), 0.0f64);
        for (j, added) in added.iter().enumerate() {
            // At most 64 times 2^16 levels.
            starts.push(sums.len() as u32);
            let mut most = 0.0f64;
            for (level, added) in (0..).zip(added) {
                let marginal = self.costs.marginal(j, level);
                sums.push(marginal + added);
                let (term, raised) = (self.loss.term(j, marginal), self.loss.term(j, marginal + added));
                most = most.max(match self.aggregate {
                    Aggregate::Maximum => raised,
                    _ => self.additive(raised) - self.additive(term),
                });
            }
            reach = if self.aggregate == Aggregate::Maximum { reach.max(most) } else { reach + most };
        }
        Floor { sums, starts, reach }
    }

    /// Computes the classes of a node and learns from them.
    fn check_alone(&mut self, levels: &[u16]) -> Result<(), Halt> {
        let Context { checker, budget, sources, .. } = self.context;
        budget.spend()?;
        let source = sources.cheapest(levels);
        let from = source.classes.len();
        let keep = |classes| Sources::worth_keeping(classes, from);
        let checked = checker.check(levels, &source, self.limit, keep, &mut self.scratch)?;
        let keep = keep(checked.classes.len());
        let Verdict { least, suppressed, complete, .. } = checked.verdict;
        if complete {
            self.fewest_suppressed = self.fewest_suppressed.min(suppressed);
        }
        let ruled_out = least > self.limit;
        let hopeless = if least > 0 && (!ruled_out || keep) {
            let fates = &checked.verdict.fates;
            source.hopeless.narrowed(self.scratch.class_of(), |class| fates[class as usize] == Fate::Hopeless)
        } else {
            Default::default()
        };
        let mut value = None;
        if !ruled_out && suppressed <= self.context.limit {
            let mut sums = self.costs.marginals(levels);
            checked.raise(checker.table, &self.costs, levels, &mut sums);
            value = Some(self.loss.score(&sums).key.to_bits());
            self.consider(levels, sums, &checked);
        }
        self.facts.note(levels, value);
        if least > 0 {
            let floor =
                (!ruled_out && !hopeless.tuples.is_empty()).then(|| self.floor(levels, &hopeless.tuples));
            let limit = self.limit;
            self.facts.add(Fact::new(levels.to_vec(), least, floor), |fact| fact.least > limit);
        }
        if keep {
            let Checked { classes, histograms, .. } = checked;
            sources.keep(Source { levels: levels.to_vec(), classes, histograms, hopeless });
        }
        Ok(())
    }

    /// Makes a node that qualifies the best, if it is.
    fn consider(&mut self, levels: &[u16], sums: Vec<u64>, checked: &Checked) {
        if !self.may_win(levels, &sums) {
            return;
        }
        let key = self.loss.score(&sums).key;
        let (smallest, classes) = checked.released();
        self.limit = self.affordable.rows(&self.loss, key, self.context.limit);
        let suppressed = checked.verdict.suppressed;
        self.best = Some(Best { levels: levels.to_vec(), sums, key, suppressed, smallest, classes });
    }

    /// What a term adds to a key that is added up.
    fn additive(&self, term: f64) -> f64 {
        if self.aggregate == Aggregate::GeometricMean { term.ln() } else { term }
    }

    /// A key and what is added to it.
    fn plus(&self, key: f64, cost: f64) -> f64 {
        match self.aggregate {
            Aggregate::GeometricMean => key * cost.exp(),
            Aggregate::ArithmeticMean => key + cost,
            Aggregate::Maximum => key.max(cost),
        }
    }

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

impl Judge for Marginal<'_> {
    fn check(&mut self, levels: &[u16]) -> Result<(), Halt> {
        if let Some(stone) = self.context.stepping_stone(levels)
            && self.facts.checked(&stone).is_none()
        {
            self.check_alone(&stone)?;
        }
        self.check_alone(levels)
    }

    fn checked(&self, levels: &[u16]) -> Option<Option<u64>> {
        self.facts.checked(levels)
    }

    fn is_covered(&self, levels: &[u16], low: &[u16]) -> bool {
        let key = self.loss.score(&self.costs.marginals(low)).key;
        self.facts.above(levels).into_iter().any(|place| self.covers(self.facts.get(place), low, key))
    }

    fn best(&self) -> Option<(u64, &[u16])> {
        self.best.as_ref().map(|best| (best.key.to_bits(), &best.levels[..]))
    }

    fn cost(&self, attribute: usize, level: u16) -> f64 {
        self.additive(self.loss.term(attribute, self.costs.marginal(attribute, level)))
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
