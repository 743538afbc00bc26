//! What the classes of a partitioning look like from outside: their boxes.

use std::collections::hash_map::DefaultHasher;
use std::hash::Hash;
use std::ops::Range;

use super::cut::Axis;
use super::equal::first_equals;
use super::rows::Rows;
use crate::{Error, Monitor};

/// Classes of records, each with a box around its values. Classes are numbered in order of first appearance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    /// The class of every record.
    pub class_of_record: Vec<u32>,
    /// The number of classes.
    pub classes: usize,
    /// The smallest code, class after class one per attribute.
    pub lows: Vec<u32>,
    /// The largest code, likewise.
    pub highs: Vec<u32>,
    /// The lowest level at which all of the class's codes have one value, likewise; one above the last level where they
    /// never do.
    pub levels: Vec<u16>,
}

/// The sides of one class's box along one attribute.
#[derive(Debug, Clone, Copy)]
struct Side {
    /// What tells boxes apart: the range of codes, or level and node.
    key: (u32, u32),
    low: u32,
    high: u32,
    level: u16,
}

/// Makes the boxes, and where `merge` says so one class of all classes in the same box.
pub(super) fn outline(
    rows: &Rows,
    axes: &[Axis],
    ranges: &[Range<usize>],
    merge: bool,
    monitor: &Monitor,
) -> Result<Partition, Error> {
    let mut sides = Vec::with_capacity(ranges.len() * axes.len());
    for range in ranges {
        for (attribute, axis) in axes.iter().enumerate() {
            sides.push(side(rows, attribute, axis, range.clone(), monitor)?);
        }
    }
    let box_of = |range: usize| &sides[range * axes.len()..(range + 1) * axes.len()];
    // For every range the range whose class it belongs to.
    let leader = if merge {
        let keys = |range: usize| box_of(range).iter().map(|side| side.key);
        let feed = |range: usize, hasher: &mut DefaultHasher| keys(range).for_each(|key| key.hash(hasher));
        first_equals(ranges.len(), feed, |a, b| keys(a).eq(keys(b)), monitor)?
    } else {
        // Ranges are not empty, so there are at most as many as rows.
        (0..ranges.len() as u32).collect()
    };
    let mut range_of_record = vec![0u32; rows.len()];
    for (&leader, range) in leader.iter().zip(ranges) {
        monitor.check()?;
        rows.records[range.clone()].iter().for_each(|&record| range_of_record[record as usize] = leader);
    }
    let class_of_range = super::number_by_appearance(&mut range_of_record, ranges.len());
    let classes = class_of_range.iter().filter(|class| **class != u32::MAX).count();
    let size = classes * axes.len();
    let (mut lows, mut highs, mut levels) = (vec![u32::MAX; size], vec![0; size], vec![0; size]);
    for (range, &leader) in leader.iter().enumerate() {
        let first = class_of_range[leader as usize] as usize * axes.len();
        for (at, side) in (first..).zip(box_of(range)) {
            // Ranges of one class have the same key, hence the same level.
            levels[at] = side.level;
            lows[at] = side.low.min(lows[at]);
            highs[at] = side.high.max(highs[at]);
        }
    }
    Ok(Partition { class_of_record: range_of_record, classes, lows, highs, levels })
}

fn side(
    rows: &Rows,
    attribute: usize,
    axis: &Axis,
    range: Range<usize>,
    monitor: &Monitor,
) -> Result<Side, Error> {
    let (low, high) = rows.bounds(attribute, range.clone(), monitor)?;
    let tree = &axis.tree;
    // The same bounds in the other numbers: ranks for codes, or codes for ranks.
    let other = if tree.in_order() {
        (low, high)
    } else {
        let translate = |number| if axis.ordered { tree.rank(number) } else { tree.code(number) };
        let mut other = (u32::MAX, 0);
        for &number in &rows.columns[attribute][range] {
            let number = translate(number);
            other = (other.0.min(number), other.1.max(number));
        }
        other
    };
    Ok(if axis.ordered {
        Side { key: (low, high), low, high, level: tree.common_level(other.0, other.1) }
    } else {
        let level = tree.common_level(low, high);
        Side { key: (u32::from(level), tree.node(level, low)), low: other.0, high: other.1, level }
    })
}
