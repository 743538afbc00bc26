//! A sensitive column, checked.

use super::{Sensitive, SensitiveProblem};
use crate::{Error, Hierarchy};

/// A sensitive column whose parts fit each other.
#[derive(Debug)]
pub(super) struct Column<'a> {
    /// Reference rows of each value.
    pub(super) reference: &'a [u64],
    /// Their sum: above 0, below 2^63.
    pub(super) rows: u64,
    /// Ascending places; values that are equal numbers share one.
    pub(super) positions: Option<&'a [u64]>,
    /// Nested maps of the levels from 1 on.
    pub(super) maps: &'a [&'a [u32]],
}

impl<'a> Column<'a> {
    pub(super) fn new(column: usize, given: &'a Sensitive<'_>) -> Result<Self, Error> {
        let refused = |problem| Err(Error::InvalidSensitive { column, problem });
        if given.reference.len() != given.values as usize {
            return refused(SensitiveProblem::ReferenceLength);
        }
        let rows = given.reference.iter().try_fold(0u64, |sum, &count| sum.checked_add(count));
        let Some(rows @ 1..0x8000_0000_0000_0000) = rows else {
            return refused(SensitiveProblem::ReferenceRows);
        };
        if let Some(positions) = given.positions {
            if positions.len() != given.values as usize {
                return refused(SensitiveProblem::PositionsLength);
            }
            if !positions.is_sorted() {
                return refused(SensitiveProblem::PositionsOrder);
            }
        }
        match Hierarchy::new(column, given.values, given.generalizations.clone()) {
            Ok(_) => {}
            Err(Error::NotNested { level, .. }) => return refused(SensitiveProblem::NotNested { level }),
            Err(Error::LevelLength { level, .. } | Error::LevelCodeOutOfRange { level, .. }) => {
                return refused(SensitiveProblem::Map { level });
            }
            Err(Error::TooManyLevels { .. }) => return refused(SensitiveProblem::TooManyLevels),
            Err(other) => return Err(other),
        }
        Ok(Self {
            reference: given.reference,
            rows,
            positions: given.positions,
            maps: &given.generalizations,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_must_fit_each_other() {
        let good = Sensitive {
            values: 3,
            reference: &[1, 0, 2],
            positions: Some(&[0, 5, 6]),
            generalizations: vec![&[0, 0, 1], &[0, 0, 0]],
        };
        assert!(Column::new(0, &good).is_ok_and(|column| column.rows == 3));
        let problem = |change: fn(&mut Sensitive<'_>)| {
            let mut bad = good.clone();
            change(&mut bad);
            match Column::new(7, &bad) {
                Err(Error::InvalidSensitive { column: 7, problem }) => problem,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(problem(|s| s.reference = &[1, 1]), SensitiveProblem::ReferenceLength);
        assert_eq!(problem(|s| s.reference = &[0, 0, 0]), SensitiveProblem::ReferenceRows);
        assert_eq!(problem(|s| s.reference = &[1, 1 << 63, 1]), SensitiveProblem::ReferenceRows);
        assert_eq!(problem(|s| s.reference = &[u64::MAX, 1, 1]), SensitiveProblem::ReferenceRows);
        assert_eq!(problem(|s| s.positions = Some(&[0, 5])), SensitiveProblem::PositionsLength);
        assert_eq!(problem(|s| s.positions = Some(&[0, 5, 4])), SensitiveProblem::PositionsOrder);
        assert!(Column::new(0, &Sensitive { positions: Some(&[0, 5, 5]), ..good.clone() }).is_ok());
        assert_eq!(problem(|s| s.generalizations = vec![&[0, 0]]), SensitiveProblem::Map { level: 1 });
        assert_eq!(
            problem(|s| s.generalizations = vec![&[0, 0, 1], &[0, 1, 0]]),
            SensitiveProblem::NotNested { level: 2 }
        );
    }
}
