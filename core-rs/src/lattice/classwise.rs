//! The search for the least value of a class measure.
//!
//! There is no bound without looking at classes. What a check shows instead is its *base*, which bounds the values of
//! all nodes above (see [`crate::values`]). So the lattice is closed from both sides:
//!
//! 1. *Ascent* to a first qualifying node, then *descent* from there to better neighbours as long as there are any.
//! 2. *Sweep* of all nodes by all threads, those nearest to the best first. A node that must suppress too much rules out
//!    all nodes below; from there it goes on upwards as long as nodes do. A node whose base is above the best value rules
//!    out all nodes above; from there it goes on downwards as long as nodes do. Of any other node the own value counts.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{PoisonError, RwLock};

use super::budget::Halt;
use super::check::{Checked, Scratch, Verdict};
use super::search::{Context, Outcome};
use super::sources::{Hopeless, Source, Sources};
use super::states::States;
use super::{generalises, wins_tie};
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
    fewest_suppressed: AtomicU64,
}

impl<'a> Classwise<'a> {
    pub(super) fn new(context: &'a Context<'a>, measure: Measure) -> Result<Self, Error> {
        let table = context.checker.table;
        let costs = Costs::new(&table.ladders, table.rows(), Measure::Loss)?;
        let loss = Loss::new(&costs.ranges(), vec![1.0; table.ladders.len()], Aggregate::GeometricMean);
        Ok(Self {
            context,
            values: Values::new(table, measure)?,
            costs,
            loss,
            states: States::new(context.lattice),
            best: RwLock::default(),
            best_key: AtomicU64::new(Key::MAX),
            bases: RwLock::default(),
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
            self.sweep(&self.listed(), &mut scratch)
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

    /// Checks nodes along one path upwards until one qualifies. The loss decides the way.
    fn ascend(&self, scratch: &mut Scratch) -> Result<(), Halt> {
        let tops = self.context.lattice.tops();
        let mut levels = vec![0; tops.len()];
        loop {
            if self.states.take(self.context.lattice.number(&levels)) {
                let (_, suppressed) = self.check(&levels, scratch)?;
                self.fewest_suppressed.fetch_min(suppressed.unwrap_or(u64::MAX), Relaxed);
            }
            let next = (0..levels.len()).filter(|&j| levels[j] < tops[j]).min_by(|&a, &b| {
                let raised = |j: usize| {
                    let mut sums = self.costs.marginals(&levels);
                    sums[j] = self.costs.marginal(j, levels[j] + 1);
                    sums
                };
                self.loss.compare(self.loss.score(&raised(a)), self.loss.score(&raised(b)))
            });
            let Some(j) = next.filter(|_| self.best_key.load(Relaxed) == Key::MAX) else { return Ok(()) };
            levels[j] += 1;
        }
    }

    /// From the best node goes on to its neighbours, as long as one is better.
    fn improve(&self, scratch: &mut Scratch) -> Result<(), Halt> {
        let lattice = self.context.lattice;
        loop {
            let Some((key, levels)) = self.current() else { return Ok(()) };
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

    /// All nodes, those whose level sum is nearest to the best's first.
    fn listed(&self) -> Vec<u32> {
        let lattice = self.context.lattice;
        let mut levels = vec![0; lattice.tops().len()];
        let sum = |levels: &[u16]| levels.iter().map(|&level| usize::from(level)).sum::<usize>();
        let middle = self.current().map_or(sum(lattice.tops()), |(_, levels)| sum(&levels));
        let mut by_distance = vec![Vec::new(); sum(lattice.tops()) + 1];
        for number in 0..lattice.size() {
            lattice.levels(number, &mut levels);
            // A lattice has at most 2^26 nodes.
            by_distance[sum(&levels).abs_diff(middle)].push(number as u32);
        }
        by_distance.into_iter().flatten().collect()
    }

    /// Settles every node, with all threads.
    fn sweep(&self, list: &[u32], scratch: &mut Scratch) -> Result<(), Halt> {
        let next = AtomicUsize::new(0);
        self.context.in_threads(scratch, |scratch| {
            let result = self.settle(list, &next, scratch);
            if result.is_err() {
                // The others come to the end of the list.
                next.store(list.len(), Relaxed);
            }
            result
        })
    }

    /// Takes nodes of the list one by one and settles them.
    fn settle(&self, list: &[u32], next: &AtomicUsize, scratch: &mut Scratch) -> Result<(), Halt> {
        let lattice = self.context.lattice;
        let mut levels = vec![0; lattice.tops().len()];
        while let Some(&number) = list.get(next.fetch_add(1, Relaxed)) {
            let number = number as usize;
            self.context.checker.monitor.check()?;
            self.context.checker.monitor.advance(1);
            if !self.states.take(number) {
                continue;
            }
            lattice.levels(number, &mut levels);
            let seen = self.check(&levels, scratch)?.0;
            if seen != Seen::Considered {
                self.follow(&mut levels, seen, scratch)?;
            }
        }
        Ok(())
    }

    /// Computes the classes of a node and learns from them; the rows that it suppresses, if they were counted.
    fn check(&self, levels: &[u16], scratch: &mut Scratch) -> Result<(Seen, Option<u64>), Halt> {
        let Context { checker, budget, sources, limit, .. } = self.context;
        budget.spend()?;
        let source = sources.cheapest(levels);
        let from = source.classes.len();
        let keep = |classes| Sources::worth_keeping(classes, from);
        let checked = checker.check(levels, &source, *limit, keep, scratch)?;
        let Verdict { least, suppressed, complete, .. } = checked.verdict;
        let (base, value) = self.values.of(levels, &checked.classes, &checked.verdict.fates);
        let seen = if least > *limit {
            self.states.rule_out(levels, checker.monitor)?;
            Seen::RuledOut
        } else {
            if suppressed <= *limit {
                self.states.within(levels, checker.monitor)?;
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
            let (classes, histograms) = (checked.classes.into(), checked.histograms.into());
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

    /// From a node that suppresses too much climbs to a highest one that does; from one that is worse than the best
    /// descends to a lowest one that is.
    fn follow(&self, levels: &mut [u16], seen: Seen, scratch: &mut Scratch) -> Result<(), Halt> {
        let up = seen == Seen::RuledOut;
        let tops = self.context.lattice.tops();
        let mut j = 0;
        while j < levels.len() {
            let before = levels[j];
            if if up { before < tops[j] } else { before > 0 } {
                levels[j] = if up { before + 1 } else { before - 1 };
                let number = self.context.lattice.number(levels);
                let state = self.states.of(number);
                let (known, other) = match up {
                    true => (state.is_ruled_out(), state.is_within()),
                    false => (state.is_worse(), state.is_ruled_out()),
                };
                if known || (!other && self.states.take(number) && self.check(levels, scratch)?.0 == seen) {
                    j = 0;
                    continue;
                }
                levels[j] = before;
            }
            j += 1;
        }
        Ok(())
    }

    /// A lower bound of the values of the nodes that are open when the search has ended early, if there are any: the largest
    /// base below each.
    fn lower_bound(&self) -> Result<Option<Key>, Halt> {
        let lattice = self.context.lattice;
        let mut bases = self.bases.write().unwrap_or_else(PoisonError::into_inner);
        // The highest first, and only so many: each open node is compared with all of them.
        bases.sort_unstable_by(|a, b| b.cmp(a));
        bases.truncate(1 << 10);
        let mut levels = vec![0; lattice.tops().len()];
        let mut least: Option<Key> = None;
        for number in 0..lattice.size() {
            if number.is_multiple_of(1024) {
                self.context.checker.monitor.check()?;
            }
            if self.states.of(number).is_settled() {
                continue;
            }
            lattice.levels(number, &mut levels);
            let below = bases.iter().find(|(_, node)| generalises(&levels, node));
            let base = below.map_or(0, |(base, _)| *base);
            least = Some(least.map_or(base, |least| least.min(base)));
        }
        Ok(least)
    }
}
