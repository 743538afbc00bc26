//! One check: the classes of a node, and which of them are released.

use std::sync::Arc;

use super::sources::Source;
use crate::classes::{Classes, Workspace};
use crate::costs::Costs;
use crate::models::{Class, Histogram, Models, SizeGroup};
use crate::sensitive::{Histograms, Room, Tally};
use crate::table::Table;
use crate::{Error, Monitor};

/// What becomes of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is released.
    Released,
    /// It is suppressed.
    Suppressed,
    /// It is suppressed, and so is every part of it at every node below.
    Hopeless,
}

/// What the models say of a node.
#[derive(Debug, Clone, Default)]
pub(crate) struct Verdict {
    /// By class.
    pub(crate) fates: Vec<Fate>,
    /// Rows that the node suppresses.
    pub(crate) suppressed: u64,
    /// Rows that this node and every node below suppress at least.
    pub(crate) least: u64,
    /// Whether all classes have been judged. If not, those that hold by their size count as released.
    pub(crate) complete: bool,
}

/// The classes of a node and the verdict on them.
pub(crate) struct Checked {
    pub(crate) classes: Arc<Classes>,
    /// Of every sensitive column, if a model looks at them and the node is worth keeping or was judged by them.
    pub(crate) histograms: Arc<Vec<Histograms>>,
    pub(crate) verdict: Verdict,
}

/// What a thread needs for its checks, used again and again.
pub(crate) struct Scratch {
    workspace: Workspace,
    tally: Tally,
    rooms: Vec<Room>,
}

impl Scratch {
    /// The class, at the node last checked, of every class of its source.
    pub(crate) fn class_of(&self) -> &[u32] {
        &self.workspace.class_of
    }

    pub(crate) fn new(table: &Table) -> Self {
        Self {
            workspace: Workspace::default(),
            tally: Tally::default(),
            rooms: vec![Room::default(); table.histograms.len()],
        }
    }
}

/// Checks nodes of one table by the same models.
pub(crate) struct Checker<'a> {
    pub(crate) table: &'a Table,
    pub(crate) models: &'a Models,
    pub(crate) monitor: &'a Monitor,
    /// If the models look at nothing but a class's rows, the fewest that hold.
    threshold: Option<u64>,
    /// No class with fewer rows is ever released.
    pub(crate) fewest: u64,
}

impl Checked {
    /// Rows of the smallest released class, and how many classes are released.
    pub(crate) fn released(&self) -> (u64, u64) {
        let released = self.classes.counts().iter().zip(&self.verdict.fates);
        let released =
            released.filter(|(_, fate)| **fate == Fate::Released).map(|(&rows, _)| u64::from(rows));
        released.fold((u64::MAX, 0), |(smallest, classes), rows| (smallest.min(rows), classes + 1))
    }

    /// Raises the marginal sums of the node by what its suppressed rows add.
    pub(crate) fn raise(&self, table: &Table, costs: &Costs, levels: &[u16], sums: &mut [u64]) {
        let failing: Vec<usize> = self
            .verdict
            .fates
            .iter()
            .enumerate()
            .filter(|(_, fate)| **fate != Fate::Released)
            .map(|(class, _)| class)
            .collect();
        for (j, sum) in sums.iter_mut().enumerate() {
            let (extras, field) = (costs.extras(j, levels[j]), table.layout.fields[j]);
            let counts = self.classes.counts();
            *sum += failing
                .iter()
                .map(|&class| u64::from(counts[class]) * extras[self.classes.code(class, field) as usize])
                .sum::<u64>();
        }
    }
}

impl<'a> Checker<'a> {
    pub(crate) fn new(table: &'a Table, models: &'a Models, monitor: &'a Monitor) -> Self {
        let by_rows_alone = !models.needs_histograms() && !table.has_population();
        let fewest = fewest_rows(models, table);
        Self { table, models, monitor, threshold: by_rows_alone.then_some(fewest), fewest }
    }

    /// Whether any model looks at histograms.
    pub(crate) fn looks_at_values(&self) -> bool {
        self.threshold.is_none() && self.models.needs_histograms()
    }

    /// Computes the classes of a node from those of a node below, and judges them. The judgement ends early when it is
    /// known that more rows than `limit` must go, unless the list is to be kept: `keep` tells by its length.
    pub(crate) fn check(
        &self,
        levels: &[u16],
        source: &Source,
        limit: u64,
        keep: impl Fn(usize) -> bool,
        scratch: &mut Scratch,
    ) -> Result<Checked, Error> {
        let itself = levels == source.levels;
        let classes = if itself {
            scratch.workspace.stay(source.classes.len());
            Arc::clone(&source.classes)
        } else {
            let (from, workspace) = (&source.levels, &mut scratch.workspace);
            Arc::new(self.table.roll_up(&source.classes, from, levels, workspace, self.monitor)?)
        };
        if let Some(threshold) = self.threshold {
            let mut verdict = by_threshold(&classes, threshold);
            self.average(&classes, &mut verdict);
            return Ok(Checked { classes, histograms: Arc::default(), verdict });
        }
        let mut verdict = self.by_size(&classes);
        if verdict.least > limit && !keep(classes.len()) {
            return Ok(Checked { classes, histograms: Arc::default(), verdict });
        }
        let histograms = if !self.looks_at_values() {
            Arc::default()
        } else if itself {
            Arc::clone(&source.histograms)
        } else {
            let Scratch { workspace, tally, .. } = scratch;
            Arc::new(self.table.roll_up_histograms(&source.histograms, &workspace.class_of, &classes, tally))
        };
        self.judge(&classes, &histograms, &mut verdict, &mut scratch.rooms)?;
        Ok(Checked { classes, histograms, verdict })
    }

    /// The verdict on the tuples themselves.
    pub(crate) fn tuples(&self, scratch: &mut Scratch) -> Result<Verdict, Error> {
        let (classes, histograms) = (&*self.table.tuples, &*self.table.histograms);
        if let Some(threshold) = self.threshold {
            return Ok(by_threshold(classes, threshold));
        }
        let mut verdict = self.by_size(classes);
        self.judge(classes, histograms, &mut verdict, &mut scratch.rooms)?;
        Ok(verdict)
    }

    /// Finds the classes that are hopeless by their numbers of rows alone; all others count as released so far.
    fn by_size(&self, classes: &Classes) -> Verdict {
        let population = classes.population();
        let mut verdict = Verdict::default();
        verdict.fates.extend(classes.counts().iter().enumerate().map(|(class, &rows)| {
            let rows = u64::from(rows);
            if self.models.hopeless_by_size(rows, population.get(class).copied().unwrap_or(0)) {
                verdict.least += rows;
                Fate::Hopeless
            } else {
                Fate::Released
            }
        }));
        verdict.suppressed = verdict.least;
        verdict
    }

    /// Judges the classes that are not hopeless by their size.
    fn judge(
        &self,
        classes: &Classes,
        histograms: &[Histograms],
        verdict: &mut Verdict,
        rooms: &mut [Room],
    ) -> Result<(), Error> {
        let population = classes.population();
        for (class, (&rows, fate)) in classes.counts().iter().zip(&mut verdict.fates).enumerate() {
            if class % 1024 == 0 {
                self.monitor.check()?;
            }
            if *fate == Fate::Hopeless {
                continue;
            }
            let rows = u64::from(rows);
            let population = population.get(class).copied().unwrap_or(0);
            self.with(class, rows, population, histograms, rooms, |looked_at| {
                if !self.models.holds(looked_at) {
                    let least = self.models.least_removed(looked_at);
                    verdict.suppressed += rows;
                    verdict.least += least;
                    *fate = if least == rows { Fate::Hopeless } else { Fate::Suppressed };
                }
            });
        }
        verdict.complete = true;
        self.average(classes, verdict);
        Ok(())
    }

    /// Shows a class as the models see it.
    fn with<T>(
        &self,
        class: usize,
        rows: u64,
        population: u64,
        histograms: &[Histograms],
        rooms: &mut [Room],
        look: impl FnOnce(&Class<'_>) -> T,
    ) -> T {
        // One column is by far the most frequent number.
        if let ([histograms], [room]) = (histograms, &mut *rooms) {
            return look(&Class { rows, population, histograms: &[histograms.of(class, room)] });
        }
        let seen: Vec<Histogram<'_>> =
            histograms.iter().zip(rooms).map(|(histograms, room)| histograms.of(class, room)).collect();
        look(&Class { rows, population, histograms: &seen })
    }

    /// Shows every class to `look`, with its number.
    pub(crate) fn each(
        &self,
        classes: &Classes,
        histograms: &[Histograms],
        scratch: &mut Scratch,
        mut look: impl FnMut(usize, &Class<'_>),
    ) {
        let population = classes.population();
        for (class, &rows) in classes.counts().iter().enumerate() {
            let people = population.get(class).copied().unwrap_or(0);
            self.with(class, u64::from(rows), people, histograms, &mut scratch.rooms, |seen| {
                look(class, seen)
            });
        }
    }

    /// Suppresses what the limits on the mean risk ask for, over and over until all of them hold: what one takes away may
    /// raise the mean of another.
    fn average(&self, classes: &Classes, verdict: &mut Verdict) {
        let limits = self.models.average();
        if limits.is_empty() {
            return;
        }
        let population = classes.population();
        let mut satisfied = 0;
        for limit in limits.iter().cycle() {
            let size = |class: usize| match limit.population {
                true => population.get(class).copied().unwrap_or(0),
                false => u64::from(classes.counts()[class]),
            };
            let mut released: Vec<(u64, usize)> = verdict
                .fates
                .iter()
                .enumerate()
                .filter(|(_, fate)| **fate == Fate::Released)
                .map(|(class, _)| (size(class), class))
                .collect();
            released.sort_unstable();
            let runs: Vec<&[(u64, usize)]> = released.chunk_by(|a, b| a.0 == b.0).collect();
            let rows =
                |run: &[(u64, usize)]| run.iter().map(|&(_, class)| u64::from(classes.counts()[class])).sum();
            // A class that the population does not know has no finite risk: it goes first, whatever the limit.
            let unknown = runs.iter().take_while(|run| run[0].0 == 0).count();
            let groups: Vec<SizeGroup> =
                runs[unknown..].iter().map(|run| SizeGroup { size: run[0].0, rows: rows(run) }).collect();
            let gone = unknown + limit.suppressed(&groups);
            for run in &runs[..gone] {
                verdict.suppressed += rows(run);
                for &(_, class) in *run {
                    verdict.fates[class] = Fate::Suppressed;
                }
            }
            satisfied = if gone == 0 { satisfied + 1 } else { 1 };
            if satisfied == limits.len() {
                return;
            }
        }
    }
}

/// The verdict of models that look at nothing but rows.
fn by_threshold(classes: &Classes, threshold: u64) -> Verdict {
    let mut gone = 0;
    let fates = classes
        .counts()
        .iter()
        .map(|&rows| {
            let rows = u64::from(rows);
            let fails = rows < threshold;
            gone += if fails { rows } else { 0 };
            if fails { Fate::Hopeless } else { Fate::Released }
        })
        .collect();
    Verdict { fates, suppressed: gone, least: gone, complete: true }
}

/// The fewest rows with which a class is not hopeless by its size, whatever its population; `rows + 1` if there are none.
/// Hopelessness is inherited by parts: all smaller classes are hopeless, and if the models look at nothing but rows, no
/// larger ones.
fn fewest_rows(models: &Models, table: &Table) -> u64 {
    // More than any population has: counts of 32 bits of records that are numbered with 32 bits.
    let population = if table.has_population() { u64::MAX >> 1 } else { 0 };
    let (mut low, mut high) = (1, table.rows() + 1);
    while low < high {
        let middle = low.midpoint(high);
        if models.hopeless_by_size(middle, population) { low = middle + 1 } else { high = middle }
    }
    low
}
