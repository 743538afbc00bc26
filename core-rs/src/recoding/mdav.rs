//! MDAV: classes of k records that are close to each other.
//!
//! Domingo-Ferrer and Torra, "Ordinal, continuous and heterogeneous k-anonymity through microaggregation", Data Mining
//! and Knowledge Discovery 11 (2005). While at least 3k records are left: r is the record farthest from their mean, s
//! the one farthest from r; r with the k − 1 records nearest to it becomes a class, then s with the k − 1 nearest to it
//! of those that are left. From 2k to 3k − 1 records give one class around the record farthest from the mean and one of
//! the rest; fewer are one class. So every class has k records but the last one, which has up to 2k − 1.
//!
//! Distances are Euclidean over standardised columns. Ties go to the tuple whose first unassigned record comes first, and
//! within a tuple to the record that comes first. Equal records are one point with a weight.

use super::points::Points;
use crate::models::ModelProblem;
use crate::{Error, MAX_ROWS, Monitor};

/// Records × distinct records × columns / k that one call takes: about a minute on one core of a 2020s server.
const MAX_WORK: f64 = 2e11;

/// Classes between two fresh sums of all records. Each costs one scan among 3 × 32, and rounding stays near that of one sum.
const AFRESH: u32 = 64;

/// The class of every record, numbered in order of first appearance. Only class sizes are guaranteed, no other model.
///
/// Columns are finite numbers of any unit, one value per record: they are standardised here to mean 0 and variance 1,
/// and a column of one value weighs nothing. The work grows with records × distinct records; see [`Error::TooMuchToCluster`].
pub fn mdav(columns: &[&[f64]], k: u64, monitor: &Monitor) -> Result<Vec<u32>, Error> {
    let Some(rows) = columns.first().map(|column| column.len()) else {
        return Err(Error::NoAttributes);
    };
    if rows == 0 {
        return Err(Error::NoRows);
    }
    if rows > MAX_ROWS {
        return Err(Error::TooManyRows { rows });
    }
    if k == 0 {
        return Err(Error::InvalidModel { model: 0, problem: ModelProblem::BelowOne { parameter: "k" } });
    }
    if k > rows as u64 {
        return Err(Error::FewerRowsThanK { rows: rows as u64, k });
    }
    monitor.start(rows as u64);
    let columns = columns
        .iter()
        .enumerate()
        .map(|(attribute, column)| {
            monitor.check()?;
            match column.len() {
                found if found != rows => Err(Error::UnequalLengths { attribute, expected: rows, found }),
                _ => standardised(attribute, column),
            }
        })
        .collect::<Result<Vec<_>, Error>>()?;
    if k == 1 {
        // Every record is a class, however far it is from others.
        monitor.advance(rows as u64);
        return Ok((0..rows as u32).collect());
    }
    let points = Points::new(&columns, monitor)?;
    let width = columns.len();
    drop(columns);
    check_work(rows, points.len(), width, k)?;
    cluster(points, rows, k, monitor)
}

/// Refuses what would take much longer than a minute.
fn check_work(rows: usize, distinct: usize, columns: usize, k: u64) -> Result<(), Error> {
    let per_distinct = rows as f64 * columns as f64 / k as f64;
    if per_distinct * distinct as f64 <= MAX_WORK {
        return Ok(());
    }
    // The rows at which a table with the same share of distinct records would just pass.
    let share = distinct as f64 / rows as f64;
    let limit = (MAX_WORK * k as f64 / (columns as f64 * share)).sqrt() as u64;
    Err(Error::TooMuchToCluster { rows: rows as u64, limit })
}

fn cluster(mut points: Points, rows: usize, k: u64, monitor: &Monitor) -> Result<Vec<u32>, Error> {
    let mut class_of_record = vec![0u32; rows];
    let mut class = 0;
    while points.records() >= 3 * k {
        if class % AFRESH == 0 {
            points.sum_afresh();
        }
        let Some(r) = points.farthest(&points.centroid(), monitor)? else { break };
        let (near, far) = points.nearest_and_farthest(&points.place(r.point), k, monitor)?;
        let far = far.unwrap_or(r);
        let mut s = points.place(far.point);
        points.take(&near, k, class, &mut class_of_record);
        if near.contains(&far) {
            // Even the farthest point is among the nearest, so all that are left are equally far: the first one it is.
            let Some(earliest) = points.all().into_iter().min_by_key(|found| found.first) else { break };
            s = points.place(earliest.point);
        }
        let (near, _) = points.nearest_and_farthest(&s, k, monitor)?;
        points.take(&near, k, class + 1, &mut class_of_record);
        class += 2;
        monitor.advance(2 * k);
    }
    let left = points.records();
    if left >= 2 * k
        && let Some(r) = points.farthest(&points.centroid(), monitor)?
    {
        let (near, _) = points.nearest_and_farthest(&points.place(r.point), k, monitor)?;
        points.take(&near, k, class, &mut class_of_record);
        class += 1;
    }
    points.take(&points.all(), points.records(), class, &mut class_of_record);
    monitor.advance(left);
    super::number_by_appearance(&mut class_of_record, class as usize + 1);
    Ok(class_of_record)
}

/// A column with mean 0 and variance 1 (over n), or zeros when all values are equal.
fn standardised(attribute: usize, column: &[f64]) -> Result<Vec<f64>, Error> {
    if column.iter().any(|value| !value.is_finite()) {
        return Err(Error::NotFinite { attribute });
    }
    // Divided by the largest absolute value first, squares and sums of any finite numbers stay finite.
    let scale = column.iter().fold(0.0f64, |most, value| most.max(value.abs()));
    if column.iter().all(|value| *value == column[0]) || scale == 0.0 {
        return Ok(vec![0.0; column.len()]);
    }
    let rows = column.len() as f64;
    let mut values: Vec<f64> = column.iter().map(|value| value / scale).collect();
    let mean = values.iter().sum::<f64>() / rows;
    values.iter_mut().for_each(|value| *value -= mean);
    let deviation = (values.iter().map(|value| value * value).sum::<f64>() / rows).sqrt();
    if deviation > 0.0 {
        // Adding 0 turns −0 into 0, so that equal values have equal bits.
        values.iter_mut().for_each(|value| *value = *value / deviation + 0.0);
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(columns: &[&[f64]], k: u64) -> Result<Vec<u32>, Error> {
        mdav(columns, k, &Monitor::new())
    }

    #[test]
    fn two_clear_groups() {
        assert_eq!(run(&[&[1.0, 9.0, 1.1, 9.1, 1.2, 9.2]], 3), Ok(vec![0, 1, 0, 1, 0, 1]));
    }

    #[test]
    fn the_steps_by_hand() {
        // Mean 10: r = 30 takes 20 with it; s = 0 takes 1; 3 and 6 are left. Standardising one column changes no order.
        assert_eq!(run(&[&[0.0, 30.0, 1.0, 6.0, 20.0, 3.0]], 2), Ok(vec![0, 1, 0, 2, 1, 2]));
        // Five records and k = 2: around 30, the farthest from the mean, then the rest.
        assert_eq!(run(&[&[0.0, 30.0, 1.0, 6.0, 20.0]], 2), Ok(vec![0, 1, 0, 0, 1]));
    }

    #[test]
    fn equal_records_are_shared_out_in_their_order() {
        assert_eq!(run(&[&[5.0; 7], &[-0.0; 7]], 2), Ok(vec![0, 0, 1, 1, 2, 2, 2]));
        assert_eq!(run(&[&[1.0, 1.0, 1.0, 1.0, 8.0]], 2), Ok(vec![0, 1, 1, 1, 0]));
    }

    #[test]
    fn of_equally_far_or_near_records_the_first_one_counts() {
        // Four corners are equally far from the mean: 0 and its neighbour 2, then 4 opposite and its neighbour 3.
        let (x, y) = ([90.0, 90.0, 100.0, -100.0, -90.0, -90.0], [-5.0, 5.0, 0.0, 0.0, 5.0, -5.0]);
        assert_eq!(run(&[&x, &y], 2), Ok(vec![0, 1, 0, 2, 2, 1]));
        // 2 is the farthest from the mean; 0 and 1 are equally near to it.
        let (x, y) = ([1.0, -1.0, 0.0, 1.0, -1.0], [9.0, 9.0, 20.0, 0.0, 0.0]);
        assert_eq!(run(&[&x, &y], 2), Ok(vec![0, 1, 0, 1, 1]));
    }

    #[test]
    fn where_all_are_equally_far_the_second_class_is_around_the_first_one_left() {
        // From record 1 all others, two in each of four directions, are equally far: so also those that it takes along.
        let x = [1.0, 0.0, 0.0, -1.0, 0.0, 1.0, 0.0, -1.0, 0.0];
        let y = [0.0, 0.0, 1.0, 0.0, -1.0, 0.0, 1.0, 0.0, -1.0];
        let z = [0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        assert_eq!(run(&[&x, &y, &z], 3), Ok(vec![0, 0, 1, 1, 2, 0, 1, 2, 2]));
    }

    #[test]
    fn units_do_not_matter_even_extreme_ones() {
        let small = [1.0, 2.0, 9.0, 4.0, 5.0, 7.0, 3.0];
        let other = [3.0, 1.0, 2.0, 8.0, 5.0, 5.0, 1.0];
        let expected = run(&[&small, &other], 2);
        for unit in [2f64.powi(1020), 2f64.powi(-1020)] {
            let scaled = small.map(|value| value * unit);
            assert_eq!(run(&[&scaled, &other], 2), expected);
        }
    }

    #[test]
    fn bad_input_is_refused() {
        assert_eq!(run(&[], 1), Err(Error::NoAttributes));
        assert_eq!(run(&[&[]], 1), Err(Error::NoRows));
        let error = Error::InvalidModel { model: 0, problem: ModelProblem::BelowOne { parameter: "k" } };
        assert_eq!(run(&[&[1.0]], 0), Err(error));
        assert_eq!(run(&[&[1.0]], 2), Err(Error::FewerRowsThanK { rows: 1, k: 2 }));
        assert_eq!(run(&[&[1.0], &[f64::NAN]], 1), Err(Error::NotFinite { attribute: 1 }));
        let error = Error::UnequalLengths { attribute: 1, expected: 1, found: 2 };
        assert_eq!(run(&[&[1.0], &[1.0, 2.0]], 1), Err(error));
    }

    #[test]
    fn the_limit_is_named_and_passes() {
        let Err(Error::TooMuchToCluster { rows, limit }) = check_work(5_000_000, 5_000_000, 4, 3) else {
            panic!("too much work must be refused");
        };
        assert_eq!(rows, 5_000_000);
        assert_eq!(check_work(limit as usize, limit as usize, 4, 3), Ok(()));
        // Few distinct records are quick however many rows there are.
        assert_eq!(check_work(5_000_000, 1000, 4, 3), Ok(()));
    }
}
