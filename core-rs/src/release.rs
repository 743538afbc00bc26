//! What one node does to a table: measured, and row by row.

use crate::classes::{ClassHistogram, Classes};
use crate::costs::Costs;
use crate::lattice::{Checked, Checker, Fate, Scratch, Source};
use crate::loss::Loss;
use crate::models::{Models, Spec};
use crate::objective::{Measure, Objective};
use crate::table::Table;
use crate::values::Values;
use crate::{Error, Monitor};

/// One node, measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// Whether it suppresses no more rows than the limit, and not all.
    pub satisfied: bool,
    /// Rows suppressed.
    pub suppressed: u64,
    /// The objective's value; infinite when nothing is released.
    pub loss: f64,
    /// Released classes.
    pub classes: u64,
    /// Rows of the smallest released class, 0 when there is none.
    pub smallest: u64,
}

/// What a node does to a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Release {
    /// For every record, 1 when it is released and 0 when it is suppressed.
    pub kept: Vec<u8>,
    /// For every record the number of its class, or [`Release::SUPPRESSED`]. Released classes are numbered from 0 in order
    /// of first appearance.
    pub class_of_record: Vec<u32>,
    /// Class sizes of the input, all attributes at level 0.
    pub before: ClassHistogram,
    /// Class sizes of the released rows.
    pub after: ClassHistogram,
    /// Rows and rows of the population of every released class; empty without a population.
    pub population_after: Vec<(u64, u64)>,
    /// Rows suppressed.
    pub suppressed: u64,
    /// The loss of every attribute, unweighted, under [`Measure::Loss`].
    pub attribute_losses: Vec<f64>,
    /// Every measure; marginal ones under the objective's aggregate and weights. Infinite when nothing is released.
    pub losses: Vec<(Measure, f64)>,
    /// What each model measures, see [`crate::models::Measures::values`].
    pub measured: Vec<Vec<f64>>,
}

impl Release {
    /// The class of a suppressed record.
    pub const SUPPRESSED: u32 = u32::MAX;
}

impl Table {
    /// Measures nodes, one after the other.
    pub fn evaluate(
        &self,
        nodes: &[Vec<u16>],
        specs: &[Spec],
        suppression_limit: u64,
        objective: &Objective,
        monitor: &Monitor,
    ) -> Result<Vec<Evaluation>, Error> {
        let models = self.bind(specs)?;
        monitor.start(nodes.len() as u64);
        let limit = suppression_limit.min(self.rows() - 1);
        let mut scratch = Scratch::new(self);
        nodes
            .iter()
            .map(|levels| {
                let checked = self.checked(levels, &models, &mut scratch, monitor)?;
                let loss = self.loss(levels, &checked, objective, objective.measure)?;
                let (smallest, classes) = checked.released();
                monitor.advance(1);
                Ok(Evaluation {
                    satisfied: checked.verdict.suppressed <= limit,
                    suppressed: checked.verdict.suppressed,
                    loss,
                    classes,
                    smallest: if classes == 0 { 0 } else { smallest },
                })
            })
            .collect()
    }

    /// Applies a node to the table.
    pub fn release(
        &self,
        levels: &[u16],
        specs: &[Spec],
        objective: &Objective,
        monitor: &Monitor,
    ) -> Result<Release, Error> {
        let models = self.bind(specs)?;
        monitor.start(1);
        let mut scratch = Scratch::new(self);
        let checked = self.checked(levels, &models, &mut scratch, monitor)?;
        let Checked { classes, histograms, verdict } = &checked;
        let class_of = scratch.class_of();

        let mut number = 0;
        let numbers: Vec<u32> = verdict
            .fates
            .iter()
            .map(|fate| match fate {
                Fate::Released => {
                    number += 1;
                    number - 1
                }
                _ => Release::SUPPRESSED,
            })
            .collect();
        let class_of_record: Vec<u32> =
            self.tuple_of_record.iter().map(|&tuple| numbers[class_of[tuple as usize] as usize]).collect();
        let kept = class_of_record.iter().map(|&class| u8::from(class != Release::SUPPRESSED)).collect();

        let mut measures = models.measures();
        Checker::new(self, &models, monitor).each(classes, histograms, &mut scratch, |class, seen| {
            if verdict.fates[class] == Fate::Released {
                measures.add(seen);
            }
        });
        let losses = Measure::ALL
            .into_iter()
            .map(|measure| Ok((measure, self.loss_or_infinite(levels, &checked, objective, measure)?)))
            .collect::<Result<_, Error>>()?;
        let costs = Costs::new(&self.ladders, self.rows(), Measure::Loss)?;
        let loss = Loss::new(&costs.ranges(), &objective.weights(self.ladders.len())?, objective.aggregate);
        let attribute_losses = loss.attribute_losses(&self.sums(levels, &checked, &costs));
        monitor.finish();
        Ok(Release {
            kept,
            class_of_record,
            before: ClassHistogram::of(self.tuples.counts().iter().copied()),
            after: ClassHistogram::of(released(classes, &verdict.fates).map(|(rows, _)| rows)),
            population_after: match self.has_population() {
                true => released(classes, &verdict.fates)
                    .map(|(rows, people)| (u64::from(rows), people))
                    .collect(),
                false => Vec::new(),
            },
            suppressed: verdict.suppressed,
            attribute_losses,
            losses,
            measured: measures.values(),
        })
    }

    /// Rolls the tuples up to a node and judges its classes.
    fn checked(
        &self,
        levels: &[u16],
        models: &Models,
        scratch: &mut Scratch,
        monitor: &Monitor,
    ) -> Result<Checked, Error> {
        let tops = self.tops();
        if levels.len() != tops.len() || levels.iter().zip(&tops).any(|(level, top)| level > top) {
            return Err(Error::NotANode);
        }
        Checker::new(self, models, monitor).check(levels, &Source::bottom(self), u64::MAX, |_| true, scratch)
    }

    fn sums(&self, levels: &[u16], checked: &Checked, costs: &Costs) -> Vec<u64> {
        let mut sums = costs.marginals(levels);
        checked.raise(self, costs, levels, &mut sums);
        sums
    }

    /// The value of a measure.
    fn loss(
        &self,
        levels: &[u16],
        checked: &Checked,
        objective: &Objective,
        measure: Measure,
    ) -> Result<f64, Error> {
        if checked.verdict.fates.iter().all(|fate| *fate != Fate::Released) {
            return Ok(f64::INFINITY);
        }
        if measure.is_marginal() {
            let costs = Costs::new(&self.ladders, self.rows(), measure)?;
            let weights = objective.weights(self.ladders.len())?;
            let loss = Loss::new(&costs.ranges(), &weights, objective.aggregate);
            return Ok(loss.value(&self.sums(levels, checked, &costs)));
        }
        let values = Values::new(self, measure, 1)?;
        Ok(values.value(values.of(levels, &checked.classes, &checked.verdict.fates).1))
    }

    /// The value of a measure; infinite where it is beyond any float.
    fn loss_or_infinite(
        &self,
        levels: &[u16],
        checked: &Checked,
        objective: &Objective,
        measure: Measure,
    ) -> Result<f64, Error> {
        match self.loss(levels, checked, objective, measure) {
            Err(Error::VolumeTooLarge) => Ok(f64::INFINITY),
            loss => loss,
        }
    }
}

/// Rows and rows of the population of the released classes; without a population of the latter 0.
fn released<'a>(classes: &'a Classes, fates: &'a [Fate]) -> impl Iterator<Item = (u32, u64)> + 'a {
    let population = classes.population();
    classes
        .counts()
        .iter()
        .zip(fates)
        .enumerate()
        .filter(|(_, (_, fate))| **fate == Fate::Released)
        .map(|(class, (&rows, _))| (rows, population.get(class).copied().unwrap_or(0)))
}
