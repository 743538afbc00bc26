//! The search for the best node, with proof. `DESIGN.md` teaches it from zero; in short:
//!
//! 1. *Ascent.* From the most specific node, step by step to the successor with the smallest free bound, checking each.
//!    This finds a first qualifying node and leaves class lists of every size as sources.
//! 2. *Sweep.* All nodes whose free bound is below the best loss so far, from the most general down. A node that
//!    suppresses too much rules out all nodes below it; a node that qualifies may become the best and raises the bounds
//!    of all nodes below it.
//!
//! Every node is thus checked, or ruled out because a more general one suppresses too much, or cannot win by its bound:
//! the best is an optimum. A node is passed over only if its bound *and* its rank lose, so ties are settled exactly.

use std::cmp::Ordering;

use super::bounds::{Floor, Floors};
use super::candidates::candidates;
use super::sources::{Source, Sources, Suppressed};
use super::states::{State, States};
use super::{Lattice, Rank, lattice_size};
use crate::classes::ClassHistogram;
use crate::codes::{Column, check_shape};
use crate::index::Index;
use crate::loss::{Aggregate, Loss};
use crate::models::{Class, Models};
use crate::table::{Attribute, Table};
use crate::{Error, Monitor};

/// What to search for.
#[derive(Debug, Clone)]
pub struct Task<'a> {
    /// The quasi-identifiers, in the order in which ties are broken.
    pub attributes: &'a [Attribute<'a>],
    /// What every released class must satisfy.
    pub models: &'a Models,
    /// The most rows that may be suppressed.
    pub suppression_limit: u64,
    /// One weight per attribute.
    pub weights: &'a [f64],
    /// How attribute losses become one.
    pub aggregate: Aggregate,
}

/// The best node and what it does to the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// The level of every attribute.
    pub levels: Vec<u16>,
    /// The aggregated loss.
    pub loss: f64,
    /// The loss of every attribute, unweighted.
    pub attribute_losses: Vec<f64>,
    /// Rows suppressed.
    pub suppressed: u64,
    /// Nodes whose classes were computed.
    pub checked: u64,
    /// Nodes of the lattice.
    pub lattice_size: u64,
    /// For every row, 1 when it is released and 0 when it is suppressed.
    pub kept: Vec<u8>,
    /// Class sizes of the input, all attributes at level 0.
    pub before: ClassHistogram,
    /// Class sizes of the released rows.
    pub after: ClassHistogram,
}

/// Finds the qualifying node with the least loss. Ties: smaller level sum, then lexicographically smaller levels.
///
/// A node qualifies when the rows in classes that fail the model are at most the limit, and not all rows.
pub fn search(task: &Task<'_>, monitor: &Monitor) -> Result<Solution, Error> {
    let attributes = task.attributes;
    let columns: Vec<Column<'_>> =
        attributes.iter().map(|a| Column { codes: a.codes, cardinality: a.hierarchy.leaves() }).collect();
    let rows = check_shape(&columns)? as u64;
    if task.suppression_limit > rows {
        return Err(Error::LimitAboveRows { limit: task.suppression_limit, rows });
    }
    let leaves: Vec<u32> = columns.iter().map(|column| column.cardinality).collect();
    let loss = Loss::new(rows, &leaves, task.weights, task.aggregate)?;
    let lattice_size = lattice_size(attributes.iter().map(|a| a.hierarchy.levels() as u64));
    // u16 levels: the hierarchies have been checked.
    let lattice = Lattice::new(attributes.iter().map(|a| (a.hierarchy.levels() - 1) as u16).collect())?;
    monitor.start(rows + lattice_size);

    let table = Table::new(attributes, &columns, monitor)?;
    let mut search = Search::new(task, &table, &loss, &lattice, monitor);
    search.ascend()?;
    if search.best.is_some() {
        search.sweep()?;
    }
    search.solution()
}

/// A node found to qualify.
struct Best {
    levels: Vec<u16>,
    rank: Rank,
    sums: Vec<u64>,
    suppressed: u64,
}

struct Search<'a> {
    models: &'a Models,
    limit: u64,
    table: &'a Table,
    loss: &'a Loss,
    lattice: &'a Lattice,
    monitor: &'a Monitor,
    leaves: Vec<u64>,
    states: States<'a>,
    sources: Sources<'a>,
    floors: Floors,
    index: Index,
    best: Option<Best>,
    checked: u64,
}

impl<'a> Search<'a> {
    fn new(
        task: &'a Task<'_>,
        table: &'a Table,
        loss: &'a Loss,
        lattice: &'a Lattice,
        monitor: &'a Monitor,
    ) -> Self {
        let models = task.models;
        let failing: Vec<u32> = (0u32..)
            .zip(table.tuples.counts())
            .filter(|&(_, &size)| !holds(models, size))
            .map(|(tuple, _)| tuple)
            .collect();
        let suppressed = Suppressed { tuples: failing.clone(), classes: failing };
        Self {
            models,
            // Suppressing everything is no release.
            limit: task.suppression_limit.min(table.rows() - 1),
            table,
            loss,
            lattice,
            monitor,
            leaves: task.attributes.iter().map(|a| u64::from(a.hierarchy.leaves())).collect(),
            states: States::new(lattice),
            sources: Sources::new(&table.tuples, table.ladders.len(), suppressed),
            floors: Floors::default(),
            index: Index::new(),
            best: None,
            checked: 0,
        }
    }

    /// Checks nodes along one path upwards until the path's bound is no better than the best node found. A path without
    /// a qualifying node ends at the top, where the fewest rows are suppressed: then there is none at all.
    fn ascend(&mut self) -> Result<(), Error> {
        let mut levels = vec![0; self.lattice.tops().len()];
        let mut sums = self.marginals(&levels);
        while self.may_win(&levels, &sums) {
            self.check(&levels)?;
            let next = (0..levels.len())
                .filter(|&j| levels[j] < self.lattice.tops()[j])
                .map(|j| {
                    let mut sums = sums.clone();
                    sums[j] = self.table.ladders[j].marginal(levels[j] + 1);
                    (j, sums)
                })
                .min_by(|a, b| self.loss.compare(self.loss.score(&a.1), self.loss.score(&b.1)));
            let Some((j, raised)) = next else { break };
            levels[j] += 1;
            sums = raised;
        }
        Ok(())
    }

    /// Settles every node that the ascent left open, the most general first.
    fn sweep(&mut self) -> Result<(), Error> {
        let most = self.best.as_ref().map_or(f64::INFINITY, |best| self.loss.score(&best.sums).key);
        let by_level_sum = candidates(self.table, self.loss, self.lattice, most, self.monitor)?;
        let passed: usize = by_level_sum.iter().map(Vec::len).sum();
        self.monitor.advance((self.lattice.size() - passed) as u64);
        let mut levels = vec![0; self.lattice.tops().len()];
        let (mut sums, mut added) = (vec![0; levels.len()], vec![0; levels.len()]);
        for nodes in by_level_sum.into_iter().rev() {
            for number in nodes {
                self.monitor.check()?;
                self.monitor.advance(1);
                if matches!(self.states.of(number as usize), State::Considered | State::RuledOut) {
                    continue;
                }
                self.lattice.levels(number as usize, &mut levels);
                for (j, sum) in sums.iter_mut().enumerate() {
                    *sum = self.table.ladders[j].marginal(levels[j]);
                }
                if !self.may_win(&levels, &sums) {
                    continue;
                }
                self.floors.raise(&levels, &mut sums, &mut added);
                if self.may_win(&levels, &sums) && !self.check(&levels)? {
                    self.climb(&mut levels)?;
                }
            }
        }
        Ok(())
    }

    /// Computes the classes of a node and learns from them; tells whether it suppresses few enough rows.
    fn check(&mut self, levels: &[u16]) -> Result<bool, Error> {
        let mut sums = self.marginals(levels);
        let may_win = self.may_win(levels, &sums);
        let source = self.sources.cheapest(levels);
        let (classes, class_of) =
            self.table.roll_up(source.classes, source.levels, levels, &mut self.index, self.monitor)?;
        self.checked += 1;
        let (models, counts) = (self.models, classes.counts());
        let fails = |class: u32| !holds(models, counts[class as usize]);
        let rows: u64 =
            counts.iter().map(|&size| if holds(models, size) { 0 } else { u64::from(size) }).sum();
        let within = rows <= self.limit;
        if within {
            self.states.consider(levels);
            if !may_win {
                // Nodes above are no better and need no check: nobody will ask for these classes.
                return Ok(true);
            }
        } else {
            self.states.rule_out(levels);
        }
        let keep = Sources::worth_keeping(classes.len(), source.classes.len());
        let suppressed = if self.limit > 0 && rows > 0 && (within || keep) {
            source.suppressed.narrowed(&class_of, fails)
        } else {
            Suppressed::default()
        };
        if within {
            if rows > 0 {
                let floor = Floor::new(self.table, &self.leaves, levels, &suppressed.tuples);
                floor.raise_own(&mut sums);
                self.floors.add(floor);
            }
            if self.may_win(levels, &sums) {
                let rank = Rank::new(self.lattice, levels);
                self.best = Some(Best { levels: levels.to_vec(), rank, sums, suppressed: rows });
            }
        }
        if keep {
            self.sources.keep(Source { levels: levels.to_vec(), classes, suppressed });
        }
        Ok(within)
    }

    /// Whether a node with these sums, or with these sums as a lower bound, can be better than the best.
    fn may_win(&self, levels: &[u16], sums: &[u64]) -> bool {
        self.best.as_ref().is_none_or(|best| {
            match self.loss.compare(self.loss.score(sums), self.loss.score(&best.sums)) {
                Ordering::Less => true,
                Ordering::Equal => Rank::new(self.lattice, levels) < best.rank,
                Ordering::Greater => false,
            }
        })
    }

    /// From a node that suppresses too much, climbs to a highest one that does, which rules out the most.
    fn climb(&mut self, levels: &mut [u16]) -> Result<(), Error> {
        let mut j = 0;
        while j < levels.len() {
            if levels[j] < self.lattice.tops()[j] {
                levels[j] += 1;
                let over = match self.states.of(self.lattice.number(levels)) {
                    State::Open => !self.check(levels)?,
                    State::RuledOut => true,
                    State::Within | State::Considered => false,
                };
                if over {
                    j = 0;
                    continue;
                }
                levels[j] -= 1;
            }
            j += 1;
        }
        Ok(())
    }

    fn marginals(&self, levels: &[u16]) -> Vec<u64> {
        self.table.ladders.iter().zip(levels).map(|(ladder, &level)| ladder.marginal(level)).collect()
    }

    /// The error for a table of which even the most general node does not qualify.
    fn infeasible(&mut self) -> Result<Error, Error> {
        let top = self.lattice.tops();
        let source = self.sources.cheapest(top);
        let (classes, _) =
            self.table.roll_up(source.classes, source.levels, top, &mut self.index, self.monitor)?;
        let fewest_suppressed = classes
            .counts()
            .iter()
            .filter(|&&size| !holds(self.models, size))
            .map(|&size| u64::from(size))
            .sum();
        // With k = s all classes smaller than s go: the first s whose own rows would break the limit is the largest k.
        let mut gone = 0;
        let mut largest_k = 0;
        for (size, count) in ClassHistogram::of(classes.counts().iter().copied()).counts {
            largest_k = size;
            gone += size * count;
            if gone > self.limit {
                break;
            }
        }
        Ok(Error::Infeasible { fewest_suppressed, largest_k })
    }

    /// Applies the best node to the tuples once more and reports it.
    fn solution(mut self) -> Result<Solution, Error> {
        let Some(best) = self.best.take() else {
            return Err(self.infeasible()?);
        };
        let bottom = vec![0; best.levels.len()];
        let (classes, class_of) =
            self.table.roll_up(&self.table.tuples, &bottom, &best.levels, &mut self.index, self.monitor)?;
        let holds: Vec<bool> = classes.counts().iter().map(|&size| holds(self.models, size)).collect();
        let kept = self
            .table
            .tuple_of_row
            .iter()
            .map(|&tuple| u8::from(holds[class_of[tuple as usize] as usize]))
            .collect();
        Ok(Solution {
            loss: self.loss.value(&best.sums),
            attribute_losses: self.loss.attribute_losses(&best.sums),
            suppressed: best.suppressed,
            checked: self.checked,
            lattice_size: self.lattice.size() as u64,
            kept,
            before: ClassHistogram::of(self.table.tuples.counts().iter().copied()),
            after: ClassHistogram::of(
                classes.counts().iter().zip(&holds).filter(|(_, holds)| **holds).map(|(&size, _)| size),
            ),
            levels: best.levels,
        })
    }
}

/// Whether a class of this size may be released.
fn holds(models: &Models, size: u32) -> bool {
    models.holds(&Class::of_size(u64::from(size)))
}
