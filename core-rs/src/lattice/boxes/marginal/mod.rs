//! Boxes under a marginal measure.
//!
//! Nothing below a checked node v wins when v must suppress too much, or when the rows that are hopeless at v make every
//! node of the box below v worse than the best: then v *covers* the lower end of the box, and whoever wins goes beyond v in
//! some attribute. From all such nodes together comes the bound of the box ([`super::prices`]). If the nodes that cost no more
//! than the bound are not covered yet, one of them is checked, which either covers it, so that the bound rises, or does not,
//! and then the box is split along a node that covers its lower end.

mod view;

use std::cmp::Ordering;

use super::Judge;
use super::facts::{Fact, Facts, Floor};
use super::interval::Distinct;
use crate::Error;
use crate::costs::Costs;
use crate::lattice::affordable::Affordable;
use crate::lattice::bounds;
use crate::lattice::budget::Halt;
use crate::lattice::check::{Checked, Fate, Scratch, Verdict};
use crate::lattice::context::Context;
use crate::lattice::packing::Packing;
use crate::lattice::sources::{Source, Sources};
use crate::lattice::wins_tie;
use crate::loss::Loss;
use crate::objective::{Aggregate, Objective};

/// A node found to qualify.
struct Best {
    levels: Vec<u16>,
    sums: Vec<u64>,
    key: f64,
    suppressed: u64,
    smallest: u64,
    classes: u64,
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
