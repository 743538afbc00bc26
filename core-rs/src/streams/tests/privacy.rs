//! The facts that privacy follows from, checked exhaustively where they are small.

use std::collections::BTreeMap;

use super::*;

/// All streams of that many numbers from −1 to 2.
fn all_streams(length: u32) -> impl Iterator<Item = Vec<i128>> {
    (0..4i128.pow(length)).map(move |code| (0..length).map(|place| code / 4i128.pow(place) % 4 - 1).collect())
}

/// What noise is added to, step by step.
fn encoded(mut stream: Correlated, numbers: &[i128]) -> Vec<i128> {
    numbers
        .iter()
        .map(|&added| {
            let found = stream.encoded(added);
            stream.step(added, &[0]).unwrap();
            found
        })
        .collect()
}

/// One step's number changed by at most `MOST`: no pair of streams is further apart than the factor says, and one is as far.
#[test]
fn the_sensitivity_of_a_correlated_stream_is_what_the_factor_says() {
    const MOST: i128 = 2;
    for new in [|| prefix(5), || window(1), || window(2), || window(3)] {
        let said = match new().factor_for_tests().window {
            // Of a window's four lengths of coefficients five steps see these.
            Some(_) => new()
                .factor_for_tests()
                .coefficients()
                .iter()
                .take(5)
                .map(|&f| u128::from(f.unsigned_abs()).pow(2))
                .sum(),
            None => new().factor_for_tests().squared_length(),
        };
        let mut most = 0;
        for numbers in all_streams(5) {
            let whole = encoded(new(), &numbers);
            for step in 0..5 {
                for change in [-MOST, -1, 1, MOST] {
                    let mut other = numbers.clone();
                    other[step] += change;
                    let apart = encoded(new(), &other);
                    let squares =
                        whole.iter().zip(&apart).map(|(a, b)| (a - b).unsigned_abs().pow(2)).sum::<u128>();
                    assert!(whole[..step] == apart[..step], "a number shows before it came");
                    most = most.max(squares);
                }
            }
        }
        assert_eq!(most, said * (MOST as u128).pow(2));
    }
}

/// Whatever the step and the length: a step's number shifts the window's encoding no further than the factor says, for ever.
#[test]
fn a_window_forgets_a_number_for_good() {
    for length in [1, 2, 5, 30] {
        let mut numbers = vec![0; 20 * length];
        numbers[3 * length] = 7;
        let squares =
            encoded(window(length), &numbers).iter().map(|each| each.unsigned_abs().pow(2)).sum::<u128>();
        assert_eq!(squares, 49 * window(length).factor_for_tests().squared_length());
    }
}

/// Every release as the sum of nodes, and for every step the nodes that it is in: a change of the step's number by 1 is made up
/// for by a change of the noise of those nodes, one of each level, by −1, in this release and in every other, also in those
/// before the step, where the changes cancel. Whoever chooses the next rows by the releases so far sees no difference.
#[test]
fn a_change_of_a_step_is_a_shift_of_one_draw_a_level() {
    for (shape, window) in [
        ((3, 3), None),
        ((5, 2), None),
        ((3, 2), Some(5)),
        ((3, 3), Some(20)),
        ((5, 3), Some(30)),
        ((3, 1), Some(4)),
    ] {
        let shape = Shape { branches: shape.0, levels: shape.1 };
        let steps = if window.is_some() { 80 } else { (shape.branches.pow(shape.levels) - 1) / 2 };
        for to in 1..=steps {
            let from = window.map_or(0, |length| to.saturating_sub(length));
            let nodes = shape.coefficients(from, to);
            for step in 0..steps + 10 {
                let levels = (0..shape.levels).map(|level| (level, step / shape.branches.pow(level)));
                let shift: i64 = levels.map(|node| nodes.get(&node).copied().unwrap_or(0)).sum();
                assert_eq!(shift, i64::from((from..to).contains(&step)), "{shape:?} {window:?} {step} {to}");
            }
        }
    }
}

/// The same with the machine itself: two streams that differ in one step, and draws that make up for it, release the same.
#[test]
fn draws_that_make_up_for_a_change_hide_it_in_every_release() {
    for make in [|| Tree::prefix(600).unwrap(), || Tree::window(40).unwrap(), || Tree::window(300).unwrap()] {
        for changed in [0, 1, 39, 40, 41, 299, 300, 599] {
            let mut random = Random(changed);
            let (mut one, mut other) = (make(), make());
            let branches = one.shape().branches;
            let mut draws: BTreeMap<(u32, u64), i128> = BTreeMap::new();
            for step in 0..600u64 {
                let missing = one.missing();
                assert_eq!(missing, other.missing());
                let noise: Vec<i128> = missing.iter().map(|_| random.around(1000)).collect();
                let shifted: Vec<i128> = missing
                    .iter()
                    .zip(&noise)
                    .map(|(&(level, index), &drawn)| {
                        assert!(draws.insert((level, index), drawn).is_none(), "a node was drawn for twice");
                        drawn - i128::from(changed / branches.pow(level) == index)
                    })
                    .collect();
                let added = random.around(50);
                let more = i128::from(step == changed);
                assert_eq!(one.step(added, &noise), other.step(added + more, &shifted));
            }
        }
    }
}
