//! Mondrian: cut the table in two, then the parts, for as long as every part holds.
//!
//! LeFevre, DeWitt and Ramakrishnan, "Mondrian multidimensional k-anonymity", ICDE 2006: rows are points, a class is a
//! box, and a class is cut along its widest attribute at the median. There the model is k-anonymity; here a cut is
//! *allowable* when every part satisfies every model, as Li, Li and Venkatasubramanian do for t-closeness ("t-closeness:
//! privacy beyond k-anonymity and l-diversity", ICDE 2007).
//!
//! * **Which attribute.** The one of the largest width: the share of all values that the class's values stand for, as the
//!   loss counts it, times the weight. When it has no allowable cut the next one is tried. Ties: order of attributes.
//! * **Ordered attributes** are cut at the median code. *Strict*: its rows all go left or all go right, whichever is
//!   better balanced first. For k-anonymity, if these two cuts are not allowable then no cut of the attribute is.
//!   *Relaxed*: its rows may go to both sides, in their order, so that the sides are equally large.
//! * **Other attributes** are cut along their hierarchy: each child of the lowest node above all rows becomes a part.
//!   Children that do not hold alone go together into one part, if need be with the smallest of those that do. (A group of
//!   children is released as their parent whatever the group, so no other grouping says more.)
//!
//! A class is a set of rows and a box around it. With relaxed cuts two classes may end in one and the same box; nobody can
//! tell them apart in the release, so they are made one class. That class holds if the models are convex (see
//! [`crate::models`]); where they are not, ties stay together as in strict cuts.

use std::ops::Range;

use super::cut::{Axis, Cutter};
use super::judge::Judge;
use super::outline::{Partition, outline};
use super::rows::Rows;
use super::tree::Tree;
use crate::codes::{Column, check_shape};
use crate::hierarchy::Hierarchy;
use crate::models::Models;
use crate::{Error, Monitor};

/// One quasi-identifier of a partitioning.
#[derive(Debug, Clone)]
pub struct Dimension<'a> {
    /// The value of every record; the values are the leaves of the hierarchy.
    pub codes: &'a [u32],
    /// What the values become. May have no levels at all.
    pub hierarchy: Hierarchy<'a>,
    /// Whether codes are places in an order, along which to cut. Otherwise the hierarchy decides.
    pub ordered: bool,
    /// How much the attribute's width counts, at least 0.
    pub weight: f64,
}

/// What to partition.
#[derive(Debug, Clone)]
pub struct Partitioning<'a> {
    /// The quasi-identifiers.
    pub dimensions: &'a [Dimension<'a>],
    /// The columns that the models look at.
    pub sensitive: &'a [Column<'a>],
    /// What every class must satisfy; bound to these sensitive columns, and without a population: the classes of a
    /// partitioning do not count one.
    pub models: &'a Models,
    /// Whether rows with equal values in all attributes must stay together.
    pub strict: bool,
}

/// Partitions the records into classes that satisfy the models; suppresses nothing.
///
/// [`Error::Infeasible`] when not even the whole table is a class that holds.
pub fn mondrian(task: &Partitioning<'_>, monitor: &Monitor) -> Result<Partition, Error> {
    let axes = check(task, monitor)?;
    monitor.start(task.dimensions[0].codes.len() as u64);
    let mut columns = Vec::with_capacity(axes.len());
    for (attribute, (dimension, axis)) in task.dimensions.iter().zip(&axes).enumerate() {
        monitor.check()?;
        let leaves = dimension.hierarchy.leaves();
        if dimension.codes.iter().any(|&code| code >= leaves) {
            return Err(Error::CodeOutOfRange { attribute, leaves });
        }
        columns.push(if axis.ordered || axis.tree.in_order() {
            dimension.codes.to_vec()
        } else {
            dimension.codes.iter().map(|&code| axis.tree.rank(code)).collect()
        });
    }
    let sensitive = if task.models.needs_histograms() {
        task.sensitive.iter().map(|column| column.codes.to_vec()).collect()
    } else {
        Vec::new()
    };
    let mut rows = Rows::new(columns, sensitive);

    let judge = Judge::new(task.models, task.sensitive.iter().map(|column| column.cardinality));
    let relaxed = !task.strict && task.models.convex();
    let mut cutter = Cutter::new(&axes, judge, relaxed);
    if !cutter.holds(&rows, 0..rows.len(), monitor)? {
        let rows = rows.len() as u64;
        let largest_k = task.models.only_k_anonymity().then_some(rows);
        return Err(Error::Infeasible { fewest_suppressed: rows, largest_k });
    }
    let mut classes = Vec::new();
    let mut open: Vec<Range<usize>> = std::iter::once(0..rows.len()).collect();
    while let Some(range) = open.pop() {
        if !cutter.cut(&rows, range.clone(), monitor)? {
            monitor.advance(range.len() as u64);
            classes.push(range);
            continue;
        }
        rows.arrange(range.clone(), &cutter.parts, &cutter.sizes, monitor)?;
        let mut end = range.start;
        for &size in cutter.sizes.iter().filter(|size| **size > 0) {
            end += size;
            open.push(end - size..end);
        }
    }
    outline(&rows, &axes, &classes, relaxed, monitor)
}

/// Checks everything but the codes of the attributes.
fn check(task: &Partitioning<'_>, monitor: &Monitor) -> Result<Vec<Axis>, Error> {
    let columns: Vec<Column<'_>> = task
        .dimensions
        .iter()
        .map(|dimension| Column { codes: dimension.codes, cardinality: dimension.hierarchy.leaves() })
        .collect();
    let rows = check_shape(&columns)?;
    for (column, sensitive) in task.sensitive.iter().enumerate() {
        monitor.check()?;
        let (found, values) = (sensitive.codes.len(), sensitive.cardinality);
        if found != rows {
            return Err(Error::SensitiveLength { column, expected: rows, found });
        }
        if sensitive.codes.iter().any(|&code| code >= values) {
            return Err(Error::SensitiveCodeOutOfRange { column, values });
        }
    }
    if !task.models.average().is_empty() {
        return Err(Error::AverageRiskOfPartition);
    }
    if let Some(attribute) = task
        .dimensions
        .iter()
        .position(|dimension| !(dimension.weight.is_finite() && dimension.weight >= 0.0))
    {
        return Err(Error::InvalidWeight { attribute });
    }
    let heaviest = task.dimensions.iter().map(|dimension| dimension.weight).fold(0.0, f64::max);
    if heaviest == 0.0 {
        return Err(Error::NoPositiveWeight);
    }
    task.dimensions
        .iter()
        .map(|dimension| {
            Ok(Axis {
                ordered: dimension.ordered,
                tree: Tree::new(&dimension.hierarchy, monitor)?,
                values: dimension.hierarchy.leaves(),
                weight: dimension.weight / heaviest,
            })
        })
        .collect()
}
