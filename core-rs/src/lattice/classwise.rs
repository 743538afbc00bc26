//! The search for the least value of a class measure.
//!
//! There is no bound without looking at classes. What a check shows instead is its *base*, which bounds the values of
//! all nodes above (see [`crate::values`]). So the lattice is closed from both sides:
//!
//! 1. *Ascent* to a first qualifying node, then on to better neighbours as long as there are any.
//! 2. *Sweep* of all nodes by all threads, the most specific first: their class lists are long, and each is the source of
//!    the next. A node that must suppress too much rules out all nodes below; from there it goes on upwards as long as
//!    nodes do. A node whose base is above the best value rules out all nodes above; from there it goes on downwards as
//!    long as nodes do. Of any other node the own value counts.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{PoisonError, RwLock};

use super::budget::Halt;
use super::check::{Checked, Scratch, Verdict};
use super::context::{Context, Pause};
use super::open::{Node, Open, by_gain};
use super::packing::Packing;
use super::search::Outcome;
use super::sources::{Hopeless, Source, Sources};
use super::states::States;
use super::wins_tie;
use crate::Error;
use crate::costs::Costs;
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

/// What one check has shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// The node and all below suppress too much.
    RuledOut,
    /// The node and all above are worse than the best by their classes alone.
    Worse,
    /// The node's own value has been considered.
    Considered,
}

pub(super) struct Classwise<'a> {
    context: &'a Context<'a>,
    values: Values<'a>,
    /// The loss: it guides the ascent, and is reported.
    costs: Costs,
    loss: Loss,
    states: States<'a>,
    /// The best and what ties with it.
    best: RwLock<Vec<Best>>,
    best_key: AtomicU64,
    /// Bases of checked nodes that were not above the best.
    bases: RwLock<Vec<(Key, Vec<u16>)>>,
    /// The most rows that a release can suppress and still win.
    limit: AtomicU64,
    fewest_suppressed: AtomicU64,
}

impl<'a> Classwise<'a> {
    pub(super) fn new(context: &'a Context<'a>, measure: Measure) -> Result<Self, Error> {
        let table = context.checker.table;
        let costs = Costs::new(&table.ladders, table.rows(), Measure::Loss)?;
        let loss = Loss::new(&costs.ranges(), &vec![1.0; table.ladders.len()], Aggregate::GeometricMean);
        Ok(Self {
            context,
            values: Values::new(table, measure, context.checker.fewest)?,
            costs,
            loss,
            states: States::new(context.lattice),
            best: RwLock::default(),
            best_key: AtomicU64::new(Key::MAX),
            bases: RwLock::default(),
            limit: AtomicU64::new(context.limit),
            fewest_suppressed: AtomicU64::new(u64::MAX),
        })
    }

    /// Runs to the end, or to a limit.
    pub(super) fn run(self, anytime: bool) -> Result<Outcome, Halt> {
        let mut scratch = Scratch::new(self.context.checker.table);
        let halted = self.ascend(&mut scratch).and_then(|()| {
            if self.states.of(self.context.lattice.size() - 1).is_ruled_out() {
                return Ok(());
            }
            self.improve(&mut scratch)?;
            let open = Open::new(self.context.lattice, self.listed());
            self.context.sweep(open, &mut scratch, |open, pause, scratch| self.settle(open, pause, scratch))
        });
        let stopped = match halted {
            Ok(()) => None,
            Err(Halt::Reached(limit)) if anytime => Some(limit),
            Err(halt) => return Err(halt),
        };
        let lower = match stopped {
            Some(_) => self.lower_bound()?,
            None => None,
        };
        let ties = self.best.into_inner().unwrap_or_else(PoisonError::into_inner);
        let best = ties.into_iter().reduce(|a, b| if wins_tie(&a.levels, &b.levels) { a } else { b });
        let Some(best) = best else {
            return Err(match stopped {
                Some(limit) => Halt::Reached(limit),
                None => {
                    let fewest = self.fewest_suppressed.load(Relaxed);
                    Halt::Failed(self.context.infeasible(fewest, &mut scratch)?)
                }
            });
        };
        let loss = self.values.value(best.key);
        let lower_bound = lower.map_or(loss, |lower| self.values.value(lower.min(best.key)));
        Ok(Outcome {
            loss,
            lower_bound,
            attribute_losses: self.loss.attribute_losses(&best.sums),
            // When nothing open can win, that is a proof, too.
            stopped: stopped.filter(|_| lower.is_some()),
            levels: best.levels,
            suppressed: best.suppressed,
            smallest: best.smallest,
            classes: best.classes,
        })
    }

    /// Finds a first node that qualifies, on a path upwards that the loss decides.
    fn ascend(&self, scratch: &mut Scratch) -> Result<(), Halt> {
        let path = self.loss.path(&self.costs, self.context.lattice.tops());
        self.context.ascend(&path, |levels| {
            self.states.claim(self.context.lattice.number(levels));
            let suppressed = self.check(levels, scratch)?.1.unwrap_or(u64::MAX);
            self.fewest_suppressed.fetch_min(suppressed, Relaxed);
            Ok(suppressed <= self.context.limit)
        })?;
        Ok(())
    }

    /// From the best node goes on to its neighbours, as long as one is better.
    fn improve(&self, scratch: &mut Scratch) -> Result<(), Halt> {
        let lattice = self.context.lattice;
        loop {
            let Some((key, levels)) = self.current() else { return Ok(()) };
            // One level below in all attributes is a source for all neighbours.
            let below: Vec<u16> = levels.iter().map(|level| level.saturating_sub(1)).collect();
            if self.states.claim(lattice.number(&below)) {
                self.check(&below, scratch)?;
            }
            let mut near = levels.clone();
            for j in 0..levels.len() {
                for level in
                    [levels[j].checked_sub(1), Some(levels[j] + 1).filter(|&l| l <= lattice.tops()[j])]
                {
                    let Some(level) = level else { continue };
                    near[j] = level;
                    if self.states.take(lattice.number(&near)) {
                        self.check(&near, scratch)?;
                    }
                    near[j] = levels[j];
                }
            }
            if self.best_key.load(Relaxed) >= key {
                return Ok(());
            }
        }
    }

    fn current(&self) -> Option<(Key, Vec<u16>)> {
        let best = self.best.read().unwrap_or_else(PoisonError::into_inner);
        best.iter().min_by_key(|best| best.key).map(|best| (best.key, best.levels.clone()))
    }

    /// All nodes, the most specific first: by level sum, then by number.
    fn listed(&self) -> Vec<Node> {
        let lattice = self.context.lattice;
        let packing = Packing::new(lattice.tops());
        let sums = lattice.tops().iter().map(|&top| usize::from(top)).sum::<usize>() + 1;
        let mut by_sum = vec![Vec::new(); sums];
        let mut levels = vec![0; lattice.tops().len()];
        for number in 0..lattice.size() {
            lattice.levels(number, &mut levels);
            let packed =
                levels.iter().enumerate().map(|(j, &level)| u64::from(level) * packing.step(j)).sum();
            let sum = levels.iter().map(|&level| usize::from(level)).sum::<usize>();
            // So numbered, a lattice has at most 2^20 nodes. Nothing bounds a class measure beforehand.
            by_sum[sum].push(Node { packed, number: number as u32, bound: 0.0 });
        }
        by_sum.into_iter().flatten().collect()
    }

    /// Settles what no other thread is settling.
    fn settle(&self, open: &mut Open<'_>, pause: &Pause<'_>, scratch: &mut Scratch) -> Result<(), Halt> {
        let Context { lattice, checker, budget, .. } = self.context;
        let mut levels = vec![0; lattice.tops().len()];
        while !pause.is_due() {
            budget.ask()?;
            let Some(number) = open.next(&self.states, f64::INFINITY) else { break };
            checker.monitor.advance_to(open.passed());
            if !self.states.take(number) {
                continue;
            }
            lattice.levels(number, &mut levels);
            let seen = self.check(&levels, scratch)?.0;
            if seen != Seen::Considered {
                open.prune(&self.states, f64::INFINITY);
                self.follow(&mut levels, seen, open, scratch)?;
            }
        }
        Ok(())
    }

    /// Computes the classes of a node and learns from them; the rows that it suppresses, if they were counted.
    fn check(&self, levels: &[u16], scratch: &mut Scratch) -> Result<(Seen, Option<u64>), Halt> {
        let Context { checker, budget, sources, .. } = self.context;
        budget.spend()?;
        let limit = self.limit.load(Relaxed);
        let source = sources.cheapest(levels);
        let from = source.classes.len();
        let keep = |classes| Sources::worth_keeping(classes, from);
        let checked = checker.check(levels, &source, limit, keep, scratch)?;
        let Verdict { least, suppressed, complete, .. } = checked.verdict;
        let (base, value) = self.values.of(levels, &checked.classes, &checked.verdict.fates);
        let seen = if least > limit {
            self.states.rule_out(levels, checker.monitor)?;
            Seen::RuledOut
        } else {
            if suppressed <= limit {
                self.states.within(levels, checker.monitor)?;
            }
            if suppressed <= self.context.limit {
                self.consider(levels, value, &checked)?;
            }
            self.states.consider(levels);
            Seen::Considered
        };
        let worse = base > self.values.tied(self.best_key.load(Relaxed));
        if worse {
            self.states.worse(levels, checker.monitor)?;
        } else {
            self.bases.write().unwrap_or_else(PoisonError::into_inner).push((base, levels.to_vec()));
        }
        if keep(checked.classes.len()) {
            let Checked { classes, histograms, .. } = checked;
            sources.keep(Source {
                levels: levels.to_vec(),
                classes,
                histograms,
                hopeless: Hopeless::default(),
            });
        }
        Ok((
            if worse && seen == Seen::Considered { Seen::Worse } else { seen },
            complete.then_some(suppressed),
        ))
    }

    /// Makes a node that qualifies the best, if it is, or one of those that tie with it.
    fn consider(&self, levels: &[u16], key: Key, checked: &Checked) -> Result<(), Error> {
        let Context { checker, .. } = self.context;
        let mut best = self.best.write().unwrap_or_else(PoisonError::into_inner);
        let least = self.best_key.load(Relaxed);
        if key > self.values.tied(least) {
            return Ok(());
        }
        let mut sums = self.costs.marginals(levels);
        checked.raise(checker.table, &self.costs, levels, &mut sums);
        let (smallest, classes) = checked.released();
        let suppressed = checked.verdict.suppressed;
        best.push(Best { levels: levels.to_vec(), key, suppressed, smallest, classes, sums });
        if key < least {
            self.best_key.store(key, Relaxed);
            self.limit.store(self.values.affordable(key, self.context.limit), Relaxed);
            let tied = self.values.tied(key);
            best.retain(|best| best.key <= tied);
            drop(best);
            let mut bases = self.bases.write().unwrap_or_else(PoisonError::into_inner);
            for (_, levels) in bases.extract_if(.., |(base, _)| *base > tied) {
                self.states.worse(&levels, checker.monitor)?;
            }
        }
        Ok(())
    }

    /// From a node that suppresses too much climbs as long as nodes do; from one that is worse than the best descends as
    /// long as nodes are. Of the ways those are tried that lead to open nodes, to most of them first.
    fn follow(
        &self,
        levels: &mut [u16],
        seen: Seen,
        open: &Open<'_>,
        scratch: &mut Scratch,
    ) -> Result<(), Halt> {
        let up = seen == Seen::RuledOut;
        let mut ways = by_gain(&open.gains(&self.states, levels, up)).into_iter();
        while let Some(j) = ways.next() {
            let before = levels[j];
            levels[j] = if up { before + 1 } else { before - 1 };
            let number = self.context.lattice.number(levels);
            let state = self.states.of(number);
            let (known, other) = match up {
                true => (state.is_ruled_out(), state.is_within()),
                false => (state.is_worse(), state.is_ruled_out()),
            };
            // A node on the way may be settled already by what is known from the other side: it still rules out more.
            if known || (!other && self.states.claim(number) && self.check(levels, scratch)?.0 == seen) {
                ways = by_gain(&open.gains(&self.states, levels, up)).into_iter();
            } else {
                levels[j] = before;
            }
        }
        Ok(())
    }

    /// A lower bound of the values of the nodes that are open when the search has ended early, if there are any: the largest
    /// base below each. More checks only raise it.
    fn lower_bound(&self) -> Result<Option<Key>, Halt> {
        let lattice = self.context.lattice;
        let bases = self.bases.read().unwrap_or_else(PoisonError::into_inner);
        let mut largest: Vec<Key> = vec![0; lattice.size()];
        for (base, levels) in bases.iter() {
            largest[lattice.number(levels)] = *base;
        }
        let mut levels = vec![0; lattice.tops().len()];
        let mut least: Option<Key> = None;
        // Numbers ascend upwards: what is below a node has been seen.
        for number in 0..lattice.size() {
            if number.is_multiple_of(1024) {
                self.context.checker.monitor.check()?;
            }
            lattice.levels(number, &mut levels);
            let below = levels.iter().enumerate().filter(|(_, level)| **level > 0);
            let below = below.map(|(j, _)| largest[number - lattice.stride(j)]).max().unwrap_or(0);
            largest[number] = largest[number].max(below);
            if !self.states.of(number).is_settled() {
                least = Some(least.map_or(largest[number], |least| least.min(largest[number])));
            }
        }
        Ok(least)
    }
}
