//! Class measures: one number for a list of classes, of which some are suppressed.
//!
//! Next to a node's *value* there is its *base*: the value if nothing were suppressed. For every measure here
//!
//! * base ≤ value at the same node, and
//! * base never falls on the way up,
//!
//! so the base of a node is a lower bound of the value of every node above it. `DESIGN.md` proves both.
//!
//! Values compare as whole numbers: sums as they are, floats, which are not negative, by their bits.

use crate::Error;
use crate::classes::Classes;
use crate::lattice::Fate;
use crate::objective::Measure;
use crate::table::Table;

/// Floats that differ by less than this, of themselves or of 1 if they are smaller, are equal.
const CLOSE: f64 = 1e-12;

/// A value, or a base, ready to be compared.
pub(crate) type Key = u64;

/// A class measure of one table.
pub(crate) struct Values<'a> {
    table: &'a Table,
    measure: Measure,
    /// Σ p ln p over the distinct tuples, p their share of the rows; for the divergence only.
    certainty: f64,
    /// How many tuples of leaves there may be, for the ambiguity; for the divergence the logarithm of that.
    volume: f64,
    /// No class with fewer rows is ever released.
    fewest: u64,
}

impl<'a> Values<'a> {
    /// No class with fewer than `fewest` rows is ever released. Fails when the number of possible tuples is no finite float
    /// and the measure needs it.
    pub(crate) fn new(table: &'a Table, measure: Measure, fewest: u64) -> Result<Self, Error> {
        let rows = table.rows() as f64;
        let (mut certainty, mut volume) = (0.0, 1.0);
        let leaves = table.ladders.iter().map(|ladder| f64::from(ladder.leaves()));
        if measure == Measure::KlDivergence {
            let shares = table.tuples.counts().iter().map(|&count| f64::from(count) / rows);
            certainty = shares.map(|p| p * p.ln()).sum();
            volume = leaves.map(f64::ln).sum();
        } else if measure == Measure::Ambiguity {
            volume = leaves.product();
            if !volume.is_finite() {
                return Err(Error::VolumeTooLarge);
            }
        }
        Ok(Self { table, measure, certainty, volume, fewest })
    }

    /// The base and the value of a node.
    pub(crate) fn of(&self, levels: &[u16], classes: &Classes, fates: &[Fate]) -> (Key, Key) {
        match self.measure {
            Measure::Discernibility => self.discernibility(classes, fates),
            Measure::AverageClassSize => self.fewer(classes, fates),
            Measure::KlDivergence => self.divergence(levels, classes, fates),
            _ => self.ambiguity(levels, classes, fates),
        }
    }

    /// The measure itself.
    pub(crate) fn value(&self, key: Key) -> f64 {
        match self.measure {
            Measure::Discernibility => key as f64,
            Measure::AverageClassSize => self.table.rows() as f64 / (self.table.rows() - key) as f64,
            _ => f64::from_bits(key),
        }
    }

    /// The largest key that counts as equal to this one.
    pub(crate) fn tied(&self, key: Key) -> Key {
        match self.measure {
            Measure::Discernibility | Measure::AverageClassSize => key,
            _ if key == Key::MAX => key,
            _ => {
                let value = f64::from_bits(key);
                (value + CLOSE * value.max(1.0)).to_bits()
            }
        }
    }

    /// The most rows, up to `limit`, that a release with a value that counts as equal to `key`, or less, can suppress.
    pub(crate) fn affordable(&self, key: Key, limit: u64) -> u64 {
        let rows = self.table.rows();
        let most = match self.measure {
            // s suppressed rows cost s N, and the others at least the size of a smallest class each.
            Measure::Discernibility if self.fewest < rows => {
                key.saturating_sub(rows * self.fewest) / (rows - self.fewest)
            }
            // Of the classes of the output one is the suppressed rows, and the others have at least so many rows.
            Measure::AverageClassSize => {
                rows.saturating_sub(self.fewest.saturating_mul((rows - key).saturating_sub(1)))
            }
            // s suppressed rows cost s V, and the others at least 1 each. Rounded up generously: it is a bound.
            Measure::Ambiguity if self.volume > 1.0 && key < f64::INFINITY.to_bits() => {
                let value = f64::from_bits(self.tied(key));
                ((value - 1.0) * rows as f64 / (self.volume - 1.0) * (1.0 + 1e-9)).ceil() as u64
            }
            _ => limit,
        };
        most.min(limit)
    }

    /// Σ n² ≤ (Σ n)² < 2^64, and so it is when some n² become n N. A row of a class of n rows is, at every node above, in
    /// a class of at least so many, of at least the smallest that is released, or suppressed.
    fn discernibility(&self, classes: &Classes, fates: &[Fate]) -> (Key, Key) {
        let all = self.table.rows();
        let (mut base, mut value) = (0, 0);
        for (&rows, fate) in classes.counts().iter().zip(fates) {
            let rows = u64::from(rows);
            base += rows * rows.max(self.fewest.min(all));
            value += rows * if *fate == Fate::Released { rows } else { all };
        }
        (base, value)
    }

    /// Rows of the table less classes: falls as the classes become more. The suppressed rows are one class. At a node above,
    /// a released class holds one of the classes here that are large enough, or enough rows of the others.
    fn fewer(&self, classes: &Classes, fates: &[Fate]) -> (Key, Key) {
        let released = fates.iter().filter(|fate| **fate == Fate::Released).count() as u64;
        let all = classes.counts().len() as u64;
        let (mut large, mut rows_of_small) = (0, 0);
        for &rows in classes.counts() {
            let is_large = u64::from(rows) >= self.fewest;
            large += u64::from(is_large);
            rows_of_small += if is_large { 0 } else { u64::from(rows) };
        }
        let most = all.min(large + rows_of_small / self.fewest + 1);
        (self.table.rows() - most, self.table.rows() - released - u64::from(released < all))
    }

    /// The product over the attributes of `size` of the leaves under every class's cells, or their sum: `join` decides.
    fn volumes(
        &self,
        levels: &[u16],
        classes: &Classes,
        empty: f64,
        size: impl Fn(f64) -> f64,
        join: impl Fn(&mut f64, f64),
    ) -> Vec<f64> {
        let mut volumes = vec![empty; classes.counts().len()];
        for (j, &level) in levels.iter().enumerate() {
            let under = self.table.ladders[j].leaves_under(level);
            let sizes: Vec<f64> = under.iter().map(|&leaves| size(f64::from(leaves))).collect();
            for (volume, code) in volumes.iter_mut().zip(classes.codes(self.table.layout.fields[j])) {
                join(volume, sizes[code as usize]);
            }
        }
        volumes
    }

    /// Σ p ln p − Σ classes n/N ln p*, with p* the same for every row of a class. In logarithms: with many attributes the
    /// number of possible tuples is beyond any float.
    fn divergence(&self, levels: &[u16], classes: &Classes, fates: &[Fate]) -> (Key, Key) {
        let all = self.table.rows() as f64;
        let counts = classes.counts();
        let gone = counts.iter().zip(fates).filter(|(_, fate)| **fate != Fate::Released);
        let suppressed: u64 = gone.map(|(&rows, _)| u64::from(rows)).sum();
        // The suppressed rows say that a tuple may be anything.
        let anything = (suppressed as f64 / all).ln() - self.volume;
        let (mut base, mut value) = (self.certainty, self.certainty);
        let volumes = self.volumes(levels, classes, 0.0, f64::ln, |volume, size| *volume += size);
        for ((&rows, fate), volume) in counts.iter().zip(fates).zip(volumes) {
            let share = f64::from(rows) / all;
            let density = share.ln() - volume;
            base -= share * density;
            value -= share
                * match fate {
                    Fate::Released => density + (anything - density).exp().ln_1p(),
                    _ => anything,
                };
        }
        (base.max(0.0).to_bits(), value.max(0.0).to_bits())
    }

    fn ambiguity(&self, levels: &[u16], classes: &Classes, fates: &[Fate]) -> (Key, Key) {
        let all = self.table.rows() as f64;
        let (mut base, mut value) = (0.0, 0.0);
        let volumes = self.volumes(levels, classes, 1.0, |leaves| leaves, |volume, size| *volume *= size);
        for ((&rows, fate), volume) in classes.counts().iter().zip(fates).zip(volumes) {
            let share = f64::from(rows) / all;
            base += share * volume;
            value += share * if *fate == Fate::Released { volume } else { self.volume };
        }
        (base.to_bits(), value.to_bits())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Attribute;
    use crate::{Hierarchy, Monitor};

    /// Six rows of one attribute with eight leaves, of which 0 to 3 occur (twice, once, once, twice); level 1 joins pairs.
    fn table() -> Table {
        let hierarchy = Hierarchy::new(0, 8, vec![&[0, 0, 1, 1, 2, 2, 3, 3]]).unwrap();
        let attribute = Attribute { codes: &[0, 1, 2, 3, 0, 3], hierarchy };
        Table::new(&[attribute], &[], None, None, &Monitor::new()).unwrap()
    }

    fn of(measure: Measure, fates: [Fate; 4]) -> (f64, f64) {
        let table = table();
        let values = Values::new(&table, measure, 1).unwrap();
        let (base, value) = values.of(&[0], &table.tuples, &fates);
        (values.value(base), values.value(value))
    }

    #[test]
    fn by_hand() {
        use Fate::{Hopeless, Released, Suppressed};
        let fates = [Released, Suppressed, Hopeless, Released];
        assert_eq!(of(Measure::Discernibility, fates), (4.0 + 1.0 + 1.0 + 4.0, 4.0 + 6.0 + 6.0 + 4.0));
        assert_eq!(of(Measure::AverageClassSize, fates), (6.0 / 4.0, 6.0 / 3.0));
        let (base, value) = of(Measure::Ambiguity, fates);
        assert!((base - 1.0).abs() < 1e-15 && (value - (4.0 + 2.0 * 8.0) / 6.0).abs() < 1e-14);
        let (base, value) = of(Measure::KlDivergence, fates);
        // A released tuple of two rows has 2/6 + 2/6 · 1/8 = 3/8 where it should have 1/3; a suppressed one 2/6 · 1/8 for 1/6.
        let expected = 2.0 * (1.0 / 3.0) * (8.0f64 / 9.0).ln() + 2.0 * (1.0 / 6.0) * 4.0f64.ln();
        assert!(base.abs() < 1e-15 && (value - expected).abs() < 1e-15, "{base} {value} {expected}");
    }

    #[test]
    fn everything_suppressed_is_the_worst() {
        let fates = [Fate::Hopeless; 4];
        assert_eq!(of(Measure::AverageClassSize, fates).1, 6.0);
        assert_eq!(of(Measure::Discernibility, fates).1, 36.0);
    }
}
