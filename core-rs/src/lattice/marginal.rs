//! The search for the least loss of a marginal measure.
//!
//! 1. *Ascent.* From the most specific node, step by step to the successor with the smallest free bound, checking each.
//!    This finds a first qualifying node and leaves class lists of every size as sources.
//! 2. *Sweep.* All nodes whose free bound is below the best loss so far, from the most general down, by all threads. A
//!    node that must suppress too much rules out all nodes below it; a node that qualifies may become the best and raises
//!    the bounds of all nodes below it.
//!
//! Every node is thus checked, or ruled out by a more general one, or cannot win by its bound: the best is an optimum.
//! A node is passed over only if its bound *and* its rank lose, so ties are settled exactly.

use std::cmp::Ordering;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{PoisonError, RwLock};

use super::affordable::Affordable;
use super::bounds::Floors;
use super::budget::Halt;
use super::candidates::candidates;
use super::check::{Checked, Fate, Scratch, Verdict};
use super::context::{Context, Pause};
use super::open::{Node, Open, by_gain};
use super::packing::Packing;
use super::search::Outcome;
use super::sources::{Source, Sources};
use super::states::States;
use super::wins_tie;
use crate::Error;
use crate::costs::Costs;
use crate::loss::Loss;
use crate::objective::Objective;

/// A node found to qualify.
struct Best {
    levels: Vec<u16>,
    sums: Vec<u64>,
    suppressed: u64,
    smallest: u64,
    classes: u64,
}

/// What one check has shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// The node and all below suppress too much.
    RuledOut,
    /// The node's own loss has been considered.
    Considered,
}

pub(super) struct Marginal<'a> {
    context: &'a Context<'a>,
    costs: Costs,
    loss: Loss,
    states: States<'a>,
    floors: Floors,
    best: RwLock<Option<Best>>,
    /// The key of the best, as bits: what a comparison in floats settles needs no lock.
    best_key: AtomicU64,
    /// The most rows that a release can suppress and still win: see [`Affordable`].
    limit: AtomicU64,
    /// Fewest rows suppressed at the nodes of the ascent.
    fewest_suppressed: AtomicU64,
    affordable: Affordable,
}

impl<'a> Marginal<'a> {
    pub(super) fn new(
        context: &'a Context<'a>,
        objective: &Objective,
        weights: &[f64],
    ) -> Result<Self, Error> {
        let table = context.checker.table;
        let costs = Costs::new(&table.ladders, table.rows(), objective.measure)?;
        let loss = Loss::new(&costs.ranges(), weights, objective.aggregate);
        let affordable = Affordable::new(table, &costs);
        Ok(Self {
            context,
            costs,
            loss,
            states: States::new(context.lattice),
            floors: Floors::new(Packing::new(context.lattice.tops())),
            best: RwLock::new(None),
            best_key: AtomicU64::new(f64::INFINITY.to_bits()),
            limit: AtomicU64::new(context.limit),
            fewest_suppressed: AtomicU64::new(u64::MAX),
            affordable,
        })
    }

    /// Runs to the end, or to a limit.
    pub(super) fn run(self, anytime: bool) -> Result<Outcome, Halt> {
        let mut scratch = Scratch::new(self.context.checker.table);
        let mut open = None;
        let halted = match self.ascend(&mut scratch) {
            Ok(()) if self.top_is_ruled_out() => Ok(()),
            Ok(()) => self.listed().and_then(|list| {
                let nodes = Open::new(self.context.lattice, list.clone());
                let listed = open.insert(list).len() as u64;
                self.context.sweep(nodes, &mut scratch, |open, pause, scratch| {
                    self.settle(open, listed, pause, scratch)
                })
            }),
            Err(halt) => Err(halt),
        };
        let stopped = match halted {
            Ok(()) => None,
            Err(Halt::Reached(limit)) if anytime => Some(limit),
            Err(halt) => return Err(halt),
        };
        let lower = match stopped {
            Some(_) => self.lower_bound(open.as_deref())?,
            None => None,
        };
        let best = self.best.into_inner().unwrap_or_else(PoisonError::into_inner);
        let Some(best) = best else {
            return Err(match stopped {
                Some(limit) => Halt::Reached(limit),
                None => {
                    let fewest = self.fewest_suppressed.load(Relaxed);
                    Halt::Failed(self.context.infeasible(fewest, &mut scratch)?)
                }
            });
        };
        let loss = self.loss.value(&best.sums);
        let lower_bound = lower.map_or(loss, |lower| lower.min(loss));
        Ok(Outcome {
            loss,
            attribute_losses: self.loss.attribute_losses(&best.sums),
            // When nothing open can win, that is a proof, too.
            stopped: stopped.filter(|_| lower.is_some()),
            lower_bound,
            levels: best.levels,
            suppressed: best.suppressed,
            smallest: best.smallest,
            classes: best.classes,
        })
    }

    fn top_is_ruled_out(&self) -> bool {
        self.states.of(self.context.lattice.size() - 1).is_ruled_out()
    }

    /// Finds a first node that qualifies, on the path from the bottom to the top that always takes the step with the
    /// smallest free bound: as if nodes qualified from some place on. Then checks the nodes above it on the path, as long as
    /// they may win.
    fn ascend(&self, scratch: &mut Scratch) -> Result<(), Halt> {
        let path = self.loss.path(&self.costs, self.context.lattice.tops());
        let first = self.context.ascend(&path, |levels| {
            self.states.claim(self.context.lattice.number(levels));
            let suppressed = self.check_alone(levels, scratch)?.1.unwrap_or(u64::MAX);
            self.fewest_suppressed.fetch_min(suppressed, Relaxed);
            Ok(suppressed <= self.context.limit)
        })?;
        for levels in &path[first..] {
            if !self.may_win(levels, &self.costs.marginals(levels)) {
                break;
            }
            if self.states.take(self.context.lattice.number(levels)) {
                self.check(levels, scratch)?;
            }
        }
        Ok(())
    }

    /// The nodes that the sweep has to settle.
    fn listed(&self) -> Result<Vec<Node>, Halt> {
        let most = f64::from_bits(self.best_key.load(Relaxed));
        let Context { lattice, checker, .. } = self.context;
        let list = candidates(&self.costs, &self.loss, lattice, most, checker.monitor)?;
        checker.monitor.advance((lattice.size() - list.len()) as u64);
        Ok(list)
    }

    /// Settles what the ascent left open and no other thread is settling.
    fn settle(
        &self,
        open: &mut Open<'_>,
        listed: u64,
        pause: &Pause<'_>,
        scratch: &mut Scratch,
    ) -> Result<(), Halt> {
        let Context { lattice, checker, budget, .. } = self.context;
        let mut levels = vec![0; lattice.tops().len()];
        let (mut sums, mut added) = (vec![0; levels.len()], vec![0; levels.len()]);
        while !pause.is_due() {
            budget.ask()?;
            let Some(number) = open.next(&self.states, self.most()) else { break };
            checker.monitor.advance_to(lattice.size() as u64 - listed + open.passed());
            lattice.levels(number, &mut levels);
            for (j, sum) in sums.iter_mut().enumerate() {
                *sum = self.costs.marginal(j, levels[j]);
            }
            if !self.may_win(&levels, &sums) {
                continue;
            }
            self.floors.raise(&levels, &mut sums, &mut added);
            if self.may_win(&levels, &sums)
                && self.states.take(number)
                && self.check(&levels, scratch)?.0 == Seen::RuledOut
            {
                open.prune(&self.states, self.most());
                self.climb(&mut levels, open, scratch)?;
            }
        }
        Ok(())
    }

    /// A key above which no bound can win.
    fn most(&self) -> f64 {
        Loss::most(f64::from_bits(self.best_key.load(Relaxed)))
    }

    /// Computes the classes of a node and learns from them; the rows that it suppresses, if they were counted. A node that
    /// will help with many others may come first.
    fn check(&self, levels: &[u16], scratch: &mut Scratch) -> Result<(Seen, Option<u64>), Halt> {
        if let Some(stone) = self.context.stepping_stone(levels)
            && self.states.claim(self.context.lattice.number(&stone))
        {
            self.check_alone(&stone, scratch)?;
        }
        self.check_alone(levels, scratch)
    }

    fn check_alone(&self, levels: &[u16], scratch: &mut Scratch) -> Result<(Seen, Option<u64>), Halt> {
        let Context { checker, budget, sources, .. } = self.context;
        budget.spend()?;
        let mut sums = self.costs.marginals(levels);
        let limit = self.limit.load(Relaxed);
        let source = sources.cheapest(levels);
        let from = source.classes.len();
        let keep = |classes| Sources::worth_keeping(classes, from);
        let checked = checker.check(levels, &source, limit, keep, scratch)?;
        let keep = keep(checked.classes.len());
        let Verdict { least, suppressed, complete, .. } = checked.verdict;
        let mut seen = Seen::RuledOut;
        if least > limit {
            self.states.rule_out(levels, checker.monitor)?;
        } else {
            seen = Seen::Considered;
            if suppressed <= limit {
                self.states.within(levels, checker.monitor)?;
            }
            self.states.consider(levels);
            if !self.may_win(levels, &sums) {
                // Nodes above are no better and need no check: nobody will ask for these classes.
                return Ok((seen, Some(suppressed)));
            }
        }
        let hopeless = if self.context.limit > 0 && least > 0 && (seen == Seen::Considered || keep) {
            let fates = &checked.verdict.fates;
            source.hopeless.narrowed(scratch.class_of(), |class| fates[class as usize] == Fate::Hopeless)
        } else {
            Default::default()
        };
        if seen == Seen::Considered {
            if !hopeless.tuples.is_empty() {
                self.floors.add(checker.table, &self.costs, levels, &hopeless.tuples);
            }
            if suppressed <= self.context.limit {
                checked.raise(checker.table, &self.costs, levels, &mut sums);
                self.consider(levels, sums, &checked);
            }
        }
        if keep {
            let Checked { classes, histograms, .. } = checked;
            sources.keep(Source { levels: levels.to_vec(), classes, histograms, hopeless });
        }
        Ok((seen, complete.then_some(suppressed)))
    }

    /// Makes a node that qualifies the best, if it is.
    fn consider(&self, levels: &[u16], sums: Vec<u64>, checked: &Checked) {
        let mut best = self.best.write().unwrap_or_else(PoisonError::into_inner);
        if !self.beats(best.as_ref(), levels, &sums) {
            return;
        }
        let key = self.loss.score(&sums).key;
        let (smallest, classes) = checked.released();
        self.best_key.store(key.to_bits(), Relaxed);
        self.limit.store(self.affordable.rows(&self.loss, key, self.context.limit), Relaxed);
        *best = Some(Best {
            levels: levels.to_vec(),
            sums,
            suppressed: checked.verdict.suppressed,
            smallest,
            classes,
        });
    }

    /// Whether a node with these sums, or with these sums as a lower bound, can be better than the best.
    fn may_win(&self, levels: &[u16], sums: &[u64]) -> bool {
        let best = f64::from_bits(self.best_key.load(Relaxed));
        if Loss::surely_above(self.loss.score(sums).key, best) {
            return false;
        }
        self.beats(self.best.read().unwrap_or_else(PoisonError::into_inner).as_ref(), levels, sums)
    }

    fn beats(&self, best: Option<&Best>, levels: &[u16], sums: &[u64]) -> bool {
        best.is_none_or(|best| match self.loss.compare(self.loss.score(sums), self.loss.score(&best.sums)) {
            Ordering::Less => true,
            Ordering::Equal => wins_tie(levels, &best.levels),
            Ordering::Greater => false,
        })
    }

    /// From a node that suppresses too much, climbs as long as nodes do: the highest rules out the most. Of the ways up
    /// those are tried that lead to open nodes, to most of them first.
    fn climb(&self, levels: &mut [u16], open: &Open<'_>, scratch: &mut Scratch) -> Result<(), Halt> {
        let mut ways = by_gain(&open.gains(&self.states, levels, true)).into_iter();
        while let Some(j) = ways.next() {
            levels[j] += 1;
            let number = self.context.lattice.number(levels);
            let state = self.states.of(number);
            let over = state.is_ruled_out()
                || (!state.is_within()
                    && self.states.take(number)
                    && self.check(levels, scratch)?.0 == Seen::RuledOut);
            if over {
                ways = by_gain(&open.gains(&self.states, levels, true)).into_iter();
            } else {
                levels[j] -= 1;
            }
        }
        Ok(())
    }

    /// A lower bound of the loss of the nodes that are open when the search has ended early and may win, if there are any:
    /// their raised bound. Without a list nothing is known but the free bound of the bottom. To raise a bound takes long and
    /// the time is over: nodes come in the order of their free bounds, until these alone are above the least raised one.
    fn lower_bound(&self, list: Option<&[Node]>) -> Result<Option<f64>, Halt> {
        let lattice = self.context.lattice;
        let mut levels = vec![0; lattice.tops().len()];
        let Some(list) = list else { return Ok(Some(self.loss.value(&self.costs.marginals(&levels)))) };
        let mut list: Vec<&Node> =
            list.iter().filter(|node| !self.states.of(node.number as usize).is_settled()).collect();
        list.sort_unstable_by(|a, b| a.bound.total_cmp(&b.bound));
        let (mut least, mut least_key) = (None, f64::INFINITY);
        let mut added = vec![0; levels.len()];
        for &Node { number, bound, .. } in list {
            self.context.checker.monitor.check()?;
            if Loss::surely_above(bound, least_key) {
                break;
            }
            lattice.levels(number as usize, &mut levels);
            let mut sums = self.costs.marginals(&levels);
            self.floors.raise(&levels, &mut sums, &mut added);
            if self.may_win(&levels, &sums) {
                let loss = self.loss.value(&sums);
                least = Some(least.map_or(loss, |least: f64| least.min(loss)));
                least_key = least_key.min(self.loss.score(&sums).key);
            }
        }
        Ok(least)
    }
}
