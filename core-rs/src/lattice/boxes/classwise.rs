//! Boxes under a class measure.
//!
//! Nothing is known of a box without looking at classes. The base of a checked node bounds all nodes above it; nothing below
//! a node wins that must suppress too much. So a box is split along such nodes until none covers its lower end, which then
//! is checked: it is covered after all, or its base bounds the box.

use super::facts::{Fact, Facts};
use super::interval::{Distinct, Interval};
use super::moves;
use super::queue::Open;
use super::{Goal, Judge};
use crate::Error;
use crate::costs::Costs;
use crate::lattice::budget::Halt;
use crate::lattice::check::{Checked, Scratch, Verdict};
use crate::lattice::context::Context;
use crate::lattice::packing::Packing;
use crate::lattice::search::Outcome;
use crate::lattice::sources::{Hopeless, Source, Sources};
use crate::lattice::wins_tie;
use crate::loss::Loss;
use crate::objective::{Aggregate, Measure};
use crate::values::{Key, Values};

/// A node found to qualify.
struct Best {
    levels: Vec<u16>,
    key: Key,
    suppressed: u64,
    smallest: u64,
    classes: u64,
    /// Sums under the loss.
    sums: Vec<u64>,
}

pub(super) struct Classwise<'a> {
    context: &'a Context<'a>,
    values: Values<'a>,
    /// The loss: it shows the way, and is reported.
    costs: Costs,
    loss: Loss,
    scratch: Scratch,
    distinct: Distinct,
    facts: Facts,
    /// The bases of checked nodes.
    bases: Bases,
    /// The best and what ties with it.
    ties: Vec<Best>,
    best: Key,
    /// The most rows that a release can suppress and still win.
    limit: u64,
    fewest_suppressed: u64,
}

/// Bases of checked nodes.
struct Bases {
    packing: Packing,
    nodes: Vec<u64>,
    keys: Vec<Key>,
    /// The most of them.
    most: usize,
}

impl Bases {
    fn new(packing: Packing, budget: usize) -> Self {
        let most = budget / ((packing.words() + 1) * size_of::<u64>());
        Self { packing, nodes: Vec::new(), keys: Vec::new(), most: most.max(64) }
    }

    fn add(&mut self, levels: &[u16], key: Key) {
        if self.keys.len() == self.most {
            // The older half: what came of them is part of the boxes' bounds.
            let gone = self.most / 2;
            self.keys.drain(..gone);
            self.nodes.drain(..gone * self.packing.words());
        }
        self.nodes.extend(self.packing.pack(levels));
        self.keys.push(key);
    }

    /// The largest base of a node below this one.
    fn below(&self, levels: &[u16]) -> Key {
        let node = self.packing.pack(levels);
        let nodes = self.nodes.chunks_exact(self.packing.words()).zip(&self.keys);
        let below = nodes.filter(|(each, _)| self.packing.generalises(&node, each));
        below.map(|(_, &key)| key).max().unwrap_or(0)
    }
}

impl<'a> Classwise<'a> {
    pub(super) fn new(context: &'a Context<'a>, measure: Measure, memory: usize) -> Result<Self, Error> {
        let table = context.checker.table;
        let costs = Costs::new(&table.ladders, table.rows(), Measure::Loss)?;
        let loss = Loss::new(&costs.ranges(), &vec![1.0; table.ladders.len()], Aggregate::GeometricMean);
        let packing = Packing::new(context.lattice.tops());
        Ok(Self {
            context,
            values: Values::new(table, measure, context.checker.fewest)?,
            costs,
            loss,
            scratch: Scratch::new(table),
            distinct: Distinct::new(&table.ladders),
            facts: Facts::new(packing.clone(), memory / 2),
            bases: Bases::new(packing, memory / 2),
            ties: Vec::new(),
            best: Key::MAX,
            limit: context.limit,
            fewest_suppressed: u64::MAX,
        })
    }

    fn check_alone(&mut self, levels: &[u16]) -> Result<(), Halt> {
        let Context { checker, budget, sources, .. } = self.context;
        budget.spend()?;
        let source = sources.cheapest(levels);
        let from = source.classes.len();
        let keep = |classes| Sources::worth_keeping(classes, from);
        let checked = checker.check(levels, &source, self.limit, keep, &mut self.scratch)?;
        let Verdict { least, suppressed, complete, .. } = checked.verdict;
        if complete {
            self.fewest_suppressed = self.fewest_suppressed.min(suppressed);
        }
        let (base, value) = self.values.of(levels, &checked.classes, &checked.verdict.fates);
        let qualifies = least <= self.limit && suppressed <= self.context.limit;
        if qualifies {
            self.consider(levels, value, &checked);
        }
        self.facts.note(levels, qualifies.then_some(value));
        if least > 0 {
            let limit = self.limit;
            self.facts.add(Fact::new(levels.to_vec(), least, None), |fact| fact.least > limit);
        }
        self.bases.add(levels, base);
        if keep(checked.classes.len()) {
            let Checked { classes, histograms, .. } = checked;
            let hopeless = Hopeless::default();
            sources.keep(Source { levels: levels.to_vec(), classes, histograms, hopeless });
        }
        Ok(())
    }

    /// Makes a node that qualifies the best, if it is, or one of those that tie with it.
    fn consider(&mut self, levels: &[u16], key: Key, checked: &Checked) {
        if key > self.values.tied(self.best) {
            return;
        }
        let mut sums = self.costs.marginals(levels);
        checked.raise(self.context.checker.table, &self.costs, levels, &mut sums);
        let (smallest, classes) = checked.released();
        let suppressed = checked.verdict.suppressed;
        self.ties.push(Best { levels: levels.to_vec(), key, suppressed, smallest, classes, sums });
        if key < self.best {
            self.best = key;
            self.limit = self.values.affordable(key, self.context.limit);
            let tied = self.values.tied(key);
            self.ties.retain(|best| best.key <= tied);
        }
    }

    /// Whether nodes from `low` on, with values of at least `bound`, lose a tie if they are in one: some node that is no
    /// worse than any of them comes before all of them. Should the best become so much better that this node is not in the
    /// tie, neither are they.
    fn loses_tie(&self, bound: Key, low: &[u16]) -> bool {
        self.ties.iter().any(|best| best.key <= bound && !wins_tie(low, &best.levels))
    }

    /// Looks at a box with a known bound: cuts off what cannot win, and gives a bound and the node that covers the lower end, if
    /// any does, beyond which the box reaches in the fewest attributes; nothing if nothing in the box can win.
    fn view(&self, part: &mut Interval, bound: Key) -> Option<(Key, Option<Vec<u16>>)> {
        let cover = loop {
            if !part.trim(&self.distinct) {
                return None;
            }
            let above = self.facts.above(&part.low).into_iter().map(|place| self.facts.get(place));
            let above = above.filter(|fact| fact.least > self.limit);
            let Some((ways, node)) =
                above.map(|fact| (part.beyond(&fact.levels).count(), &fact.levels)).min()
            else {
                break None;
            };
            if ways > 1 {
                break Some(node.clone());
            }
            // Whoever goes beyond a node in a single attribute goes beyond it there.
            let way = part.beyond(node).next();
            let j = way?;
            part.low[j] = node[j] + 1;
        };
        let bound = bound.max(self.bases.below(&part.low));
        let open = bound <= self.most() && !self.loses_tie(bound, &part.low);
        open.then_some((bound, cover))
    }

    /// What one level more of an attribute seems to cost.
    fn step(&self, j: usize, level: u16) -> f64 {
        let next = (level + 1).min(self.context.lattice.tops()[j]);
        (self.cost(j, next) - self.cost(j, level)).max(0.0)
    }

    /// The box without what is below a node, in parts: the way that seems to cost least comes last and gets the smallest.
    fn split(&self, part: &Interval, node: &[u16], bound: u64) -> Vec<Open> {
        let mut ways: Vec<usize> = part.beyond(node).collect();
        let cost = |j: usize| self.cost(j, node[j] + 1) - self.cost(j, part.low[j]);
        ways.sort_by(|&a, &b| cost(b).total_cmp(&cost(a)).then(a.cmp(&b)));
        part.without_below(node, &ways).into_iter().map(|part| Open { bound, part }).collect()
    }
}

impl Judge for Classwise<'_> {
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

    fn is_covered(&self, levels: &[u16], _: &[u16]) -> bool {
        self.facts.above(levels).into_iter().any(|place| self.facts.get(place).least > self.limit)
    }

    fn best(&self) -> Option<(u64, &[u16])> {
        self.ties.iter().min_by_key(|best| best.key).map(|best| (best.key, &best.levels[..]))
    }

    fn cost(&self, attribute: usize, level: u16) -> f64 {
        self.loss.term(attribute, self.costs.marginal(attribute, level)).ln()
    }
}

impl Goal for Classwise<'_> {
    fn start(&mut self) -> Result<(), Halt> {
        let path = self.loss.path(&self.costs, self.context.lattice.tops());
        moves::ascend(self, self.context, &path)?;
        moves::improve(self, self.context)
    }

    fn most(&self) -> u64 {
        self.values.tied(self.best)
    }

    fn look(&self, part: &mut Interval) -> Option<u64> {
        self.view(part, 0).map(|(bound, _)| bound)
    }

    fn expand(&mut self, Open { bound, mut part }: Open, next: Option<u64>) -> Result<Vec<Open>, Halt> {
        let mut bound = bound;
        loop {
            let Some((raised, cover)) = self.view(&mut part, bound) else { return Ok(Vec::new()) };
            bound = raised;
            if next.is_some_and(|next| bound > next) {
                return Ok(vec![Open { bound, part }]);
            }
            if let Some(node) = cover {
                return Ok(self.split(&part, &node, bound));
            }
            let mut node = part.low.clone();
            if self.facts.checked(&node).is_some() {
                return Ok(self.split(&part, &node, bound));
            }
            if self.turns_out_covered(&node, &part.low)? {
                let steps: Vec<f64> = (0..node.len()).map(|j| self.step(j, node[j])).collect();
                // Floats that are not negative are ordered as their bits are.
                moves::climb(self, self.context, &mut node, &part.low, |j, _| steps[j].to_bits())?;
            }
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
        let best = self.ties.into_iter().reduce(|a, b| if wins_tie(&a.levels, &b.levels) { a } else { b });
        let Some(best) = best else {
            return Err(match stopped {
                Some(limit) => Halt::Reached(limit),
                None => Halt::Failed(self.context.infeasible(self.fewest_suppressed, &mut self.scratch)?),
            });
        };
        let loss = self.values.value(best.key);
        Ok(Outcome {
            loss,
            lower_bound: lower.map_or(loss, |lower| self.values.value(lower.min(best.key))),
            attribute_losses: self.loss.attribute_losses(&best.sums),
            stopped: stopped.filter(|_| lower.is_some()),
            levels: best.levels,
            suppressed: best.suppressed,
            smallest: best.smallest,
            classes: best.classes,
        })
    }
}
