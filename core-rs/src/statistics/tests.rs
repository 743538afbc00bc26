//! Against a plain reading of the definitions, and the properties that a privacy proof rests on.

use super::*;
use crate::Column;

const LENGTH: usize = 3 * TASK_ROWS + 17;

/// Numbers that are everything a table may hold.
fn awkward(seed: u64, rows: usize) -> Vec<f64> {
    let special =
        [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e308, -1e308, 0.0, -0.0, 5e-324, 100.0, -7.25];
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    (0..rows)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let high = (state >> 33) as usize;
            if high.is_multiple_of(7) { special[high % special.len()] } else { high as f64 / 1e7 - 107.0 }
        })
        .collect()
}

fn grid(lower: f64, upper: f64, origin: f64, exponent: i32) -> Grid {
    Grid::new(lower, upper, origin, exponent).unwrap_or_else(|error| panic!("{error}"))
}

fn of(values: &[f64], grid: &Grid, groups: Option<Column<'_>>) -> Moments {
    moments(values, grid, true, groups, &Monitor::new()).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn moments_are_those_of_the_definition() {
    let values = awkward(1, LENGTH);
    let grid = grid(-7.25, 100.0, 46.375, -23);
    let codes: Vec<u32> = (0..LENGTH as u32).map(|row| row % 5).collect();
    let mut expected = Moments::new(5);
    for (value, &group) in values.iter().zip(&codes) {
        if value.is_nan() {
            continue;
        }
        let steps = ((value.clamp(-7.25, 100.0) - 46.375) * 2f64.powi(23)).round_ties_even() as i128;
        expected.counts[group as usize] += 1;
        expected.sums[group as usize] += steps;
        expected.squares[group as usize] += (steps * steps) as u128;
    }
    let found = of(&values, &grid, Some(Column { codes: &codes, cardinality: 5 }));
    assert_eq!(found, expected);
    let all = of(&values, &grid, None);
    assert_eq!(all.counts[0], expected.counts.iter().sum::<u64>());
    assert_eq!(all.sums[0], expected.sums.iter().sum::<i128>());
    assert_eq!(all.squares[0], expected.squares.iter().sum::<u128>());
}

#[test]
fn the_order_of_rows_changes_nothing() {
    let values = awkward(2, LENGTH);
    let mut reversed = values.clone();
    reversed.reverse();
    let grid = grid(-1.0, 3.0, 1.0, -29);
    assert_eq!(of(&values, &grid, None), of(&reversed, &grid, None));
}

/// What one row changes is at most what the grid's ends say, whatever the row holds; and the ends are reached.
#[test]
fn one_row_moves_a_sum_by_at_most_the_ends() {
    let grid = grid(-2.5, 7.0, 0.0, -28);
    let (low, high) = grid.ends();
    let values = awkward(3, 300);
    let whole = of(&values, &grid, None).sums[0];
    for row in 0..values.len() {
        let mut fewer = values.clone();
        fewer.remove(row);
        let moved = whole - of(&fewer, &grid, None).sums[0];
        assert!((i128::from(low)..=i128::from(high)).contains(&moved) || moved == 0);
    }
    assert_eq!(of(&[f64::INFINITY], &grid, None).sums[0], i128::from(high));
    assert_eq!(of(&[f64::NEG_INFINITY], &grid, None).sums[0], i128::from(low));
}

#[test]
fn halves_are_rounded_to_even() {
    let grid = grid(-10.0, 10.0, 0.0, 0);
    let steps: Vec<i64> =
        [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2.500_000_1].iter().map(|&each| grid.steps(each)).collect();
    assert_eq!(steps, [-2, -2, 0, 0, 2, 2, 3]);
}

#[test]
fn grids_that_do_not_fit_are_refused() {
    for (lower, upper, origin, exponent) in [
        (1.0, 1.0, 0.0, 0),
        (2.0, 1.0, 0.0, 0),
        (f64::NAN, 1.0, 0.0, 0),
        (0.0, f64::INFINITY, 0.0, 0),
        (0.0, 1.0, f64::NAN, 0),
        (0.0, 3.0, 0.0, -31),
        (0.0, 1.0, 0.0, -2000),
        (0.0, 1.0, 0.0, 2000),
    ] {
        assert_eq!(Grid::new(lower, upper, origin, exponent), Err(Error::InvalidGrid));
    }
}

#[test]
fn every_value_is_in_the_bin_between_its_edges() {
    let values = awkward(4, LENGTH);
    for edges in
        [vec![-100.0, -7.25, 0.0, 1e-9, 42.0, 100.0], (0..=20).map(|edge| f64::from(edge) * 0.1).collect()]
    {
        let (first, last) = (edges[0], edges[edges.len() - 1]);
        for outliers in [Outliers::Drop, Outliers::Clamp] {
            let mut expected = vec![0u64; edges.len() - 1];
            for &value in &values {
                let value = if outliers == Outliers::Clamp { value.clamp(first, last) } else { value };
                for (bin, pair) in edges.windows(2).enumerate() {
                    let closed = bin + 2 == edges.len() && value == last;
                    expected[bin] += u64::from(pair[0] <= value && (value < pair[1] || closed));
                }
            }
            let found = histogram(&values, &edges, outliers, None, &Monitor::new());
            assert_eq!(found, Ok(expected));
        }
    }
}

#[test]
fn edges_must_ascend() {
    for edges in
        [vec![], vec![1.0], vec![1.0, 1.0], vec![2.0, 1.0], vec![0.0, f64::NAN], vec![0.0, f64::INFINITY]]
    {
        let found = histogram(&[1.0], &edges, Outliers::Drop, None, &Monitor::new());
        assert_eq!(found, Err(Error::InvalidEdges));
    }
}

#[test]
fn codes_are_counted_by_group() {
    let (codes, groups) = ([0, 1, 1, 2, 1], [0, 0, 1, 1, 1]);
    let column = Column { codes: &codes, cardinality: 3 };
    let by = Column { codes: &groups, cardinality: 3 };
    assert_eq!(cross_counts(column, Some(by), &Monitor::new()), Ok(vec![1, 1, 0, 0, 2, 1, 0, 0, 0]));
    let few = Column { codes: &codes, cardinality: 2 };
    let refused = Error::CodeOutOfRange { attribute: 0, leaves: 2 };
    assert_eq!(cross_counts(few, None, &Monitor::new()), Err(refused));
    let short = Column { codes: &groups[1..], cardinality: 3 };
    let refused = Error::UnequalLengths { attribute: 1, expected: 5, found: 4 };
    assert_eq!(cross_counts(column, Some(short), &Monitor::new()), Err(refused));
    let few_groups = Column { codes: &groups, cardinality: 1 };
    let refused = Error::CodeOutOfRange { attribute: 1, leaves: 1 };
    assert_eq!(
        moments(&[1.0; 5], &grid(0.0, 2.0, 0.0, 0), false, Some(few_groups), &Monitor::new()),
        Err(refused)
    );
}

#[test]
fn no_rows_add_up_to_nothing() {
    assert_eq!(of(&[], &grid(0.0, 1.0, 0.0, 0), None), Moments::new(1));
}

#[test]
fn a_cancelled_kernel_stops() {
    let monitor = Monitor::new();
    monitor.cancel();
    assert_eq!(moments(&[1.0], &grid(0.0, 1.0, 0.0, 0), false, None, &monitor), Err(Error::Cancelled));
}
