//! Without noise every release is the exact sum.

use super::*;

fn sums(stream: &[i128], window: Option<usize>) -> Vec<Option<f64>> {
    (1..=stream.len())
        .map(|end| {
            let start = window.map_or(0, |length| end.saturating_sub(length));
            Some(stream[start..end].iter().sum::<i128>() as f64)
        })
        .collect()
}

fn some_stream(seed: u64, length: usize, most: i128) -> Vec<i128> {
    let mut random = Random(seed);
    (0..length).map(|_| random.around(most)).collect()
}

#[test]
fn a_correlated_stream_without_noise_is_exact() {
    // As long as all products fit a double's 53 bits nothing is rounded.
    let stream = some_stream(1, 1500, 1 << 20);
    assert_eq!(released(&mut prefix(1500), &stream, silence), sums(&stream, None));
    for length in [1, 2, 3, 7, 64, 100] {
        assert_eq!(released(&mut window(length), &stream, silence), sums(&stream, Some(length)), "{length}");
    }
}

#[test]
fn large_numbers_are_exact_to_the_last_bits_of_a_double() {
    let most = 1i128 << 85;
    let stream = some_stream(2, 2000, most);
    for (found, expected) in [
        (released(&mut prefix(4096), &stream, silence), sums(&stream, None)),
        (released(&mut window(50), &stream, silence), sums(&stream, Some(50))),
    ] {
        let differences = found.iter().zip(&expected).map(|(a, b)| (a.unwrap() - b.unwrap()).abs());
        assert!(differences.fold(0.0, f64::max) < most as f64 * 1e-10);
    }
}

#[test]
fn a_tree_without_noise_is_exact() {
    let stream = some_stream(3, 3000, 1 << 40);
    assert_eq!(released(&mut Tree::prefix(3000).unwrap(), &stream, silence), sums(&stream, None));
    for length in [1, 2, 3, 7, 64, 100, 1000] {
        let mut tree = Tree::window(length).unwrap();
        assert_eq!(released(&mut tree, &stream, silence), sums(&stream, Some(length)), "{length}");
    }
}

#[test]
fn blocks_release_the_last_full_window() {
    let stream = some_stream(4, 100, 1000);
    let mut drawn = 0;
    let found = released(&mut Blocks::new(7).unwrap(), &stream, |count| {
        drawn += count;
        vec![5; count]
    });
    for (place, found) in found.into_iter().enumerate() {
        let full = (place + 1) / 7;
        let expected = (full > 0).then(|| stream[7 * full - 7..7 * full].iter().sum::<i128>() as f64 + 5.0);
        assert_eq!(found, expected);
    }
    assert_eq!(drawn, 100 / 7);
}

/// A node's sum written out: every leaf that it covers once.
#[test]
fn the_nodes_of_a_sum_add_up_to_it() {
    for shape in [(3, 1), (3, 2), (3, 4), (5, 3), (7, 2), (9, 3)] {
        let shape = Shape { branches: shape.0, levels: shape.1 };
        for to in 1..200u64 {
            for from in [0, 1, to / 2, to.saturating_sub(17), to] {
                let mut covered = vec![0i64; 2000];
                for ((level, index), times) in shape.coefficients(from, to) {
                    let size = shape.branches.pow(level);
                    (index * size..(index + 1) * size).for_each(|leaf| covered[leaf as usize] += times);
                }
                let expected = (0..2000).map(|leaf| i64::from((from..to).contains(&leaf)));
                assert!(covered.iter().copied().eq(expected), "{shape:?} {from}..{to}");
            }
        }
    }
}
