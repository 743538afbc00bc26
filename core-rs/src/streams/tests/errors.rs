//! How much noise there is: computed from what the machines do with a single draw, not from the formulas they were made by.

use super::*;
use crate::streams::nodes::mean_absolute_digits;

/// What one draw of 1 in the first step does to the releases from there on; later draws do the same, later.
fn response(mut stream: Correlated, steps: usize) -> Vec<f64> {
    let mut numbers = vec![0; steps];
    let mut first = true;
    let found = released(&mut stream, &numbers.split_off(0), |_| {
        vec![i128::from(std::mem::take(&mut first)) << FACTOR_BITS]
    });
    found.into_iter().map(Option::unwrap).collect()
}

/// The standard deviations of the releases when the noise of a release by itself has 1: the greatest, and the root mean square.
fn deviations(factor: &Factor, response: &[f64]) -> (f64, f64) {
    let length = factor.squared_length() as f64 / 4f64.powi(FACTOR_BITS as i32);
    let mut variance = 0.0;
    let variances: Vec<f64> = response
        .iter()
        .map(|each| {
            variance += each * each;
            variance * length
        })
        .collect();
    let mean = variances.iter().sum::<f64>() / variances.len() as f64;
    (variances[variances.len() - 1].sqrt(), mean.sqrt())
}

fn close(found: f64, expected: f64, digits: f64) {
    assert!((found - expected).abs() <= digits, "{found} is not {expected}");
}

#[test]
fn the_square_root_has_the_error_that_is_known_of_it() {
    for (steps, most, mean) in [(255, 2.830, 2.668), (1023, 3.272, 3.110), (4095, 3.714, 3.551)] {
        let factor = Factor::prefix(steps).unwrap();
        let found = deviations(&factor, &response(prefix(steps), steps));
        close(found.0, most, 5e-4);
        close(found.1, mean, 1e-3);
    }
}

/// The closed form: a sum of squared binomials, ln(T)/π + 1.066 and a little.
#[test]
fn long_horizons_cost_a_logarithm() {
    for steps in [1usize << 16, 1 << 20] {
        let length = Factor::prefix(steps).unwrap().squared_length() as f64 / 4f64.powi(FACTOR_BITS as i32);
        close(length, (steps as f64).ln() / std::f64::consts::PI + 1.0662, 1e-4);
    }
}

#[test]
fn windows_have_the_error_of_the_square_root_and_little_more() {
    for (length, known) in [(16, 2.113), (64, 2.675), (256, 3.237), (1024, 3.799)] {
        let factor = Factor::window(length).unwrap();
        let found = deviations(&factor, &response(window(length), 40 * length));
        assert!(found.0 >= known - 5e-4 && found.0 <= known * 1.002, "{length}: {}", found.0);
    }
}

/// What a draw leaves in the releases fades: the decoder is stable for windows of every length, short and long.
#[test]
fn windows_forget_their_noise() {
    for length in (1..=64).chain([100, 127, 255, 256, 500]) {
        let found = response(window(length), 60 * length + 200);
        let late = found[50 * length + 100..].iter().fold(0.0f64, |most, each| most.max(each.abs()));
        assert!(late < 1e-6, "{length}: {late}");
    }
}

#[test]
fn a_factor_tells_its_variance_and_a_little_more() {
    for (factor, stream, steps, slack) in [
        (Factor::prefix(4095), prefix(4095), 4095, 1.0025),
        (Factor::window(64), window(64), 2000, 1.032),
        (Factor::window(300), window(300), 3000, 1.032),
        (Factor::window(1), window(1), 50, 1.032),
        (Factor::window(3), window(3), 50, 1.032),
    ] {
        let factor = factor.unwrap();
        let mut exact = 0.0;
        for (place, each) in response(stream, steps).iter().enumerate() {
            exact += each * each;
            if place % 97 == 0 || place + 1 == steps {
                let said = factor.variance(place + 1);
                assert!(said >= exact && said <= exact * slack, "{place}: {said} {exact}");
            }
        }
    }
}

/// The table of "Count on your elders", section 1, as the reference numbers have it: epsilon 1, continuous Laplace noise.
#[test]
fn trees_have_the_error_that_is_known_of_them() {
    for (steps, branches, levels, mean, most) in [
        (255, 23, 2, 9.5, 13.3),
        (1023, 13, 3, 13.1, 18.0),
        (4095, 21, 3, 16.5, 22.9),
        (65_535, 21, 4, 24.8, 34.4),
        (1_048_575, 19, 5, 33.9, 46.9),
    ] {
        let shape = Shape::prefix(steps).unwrap();
        let scale = 2f64.sqrt() * f64::from(shape.levels);
        let (mut sum, mut greatest) = (0usize, 0);
        for step in 1..=steps as u64 {
            let terms: u64 = shape.runs(0, step).iter().map(|run| run.end - run.start).sum();
            sum += terms as usize;
            greatest = greatest.max(terms);
        }
        let found = ((sum as f64 / steps as f64).sqrt() * scale, (greatest as f64).sqrt() * scale);
        assert!(found.0 <= mean + 0.05, "{steps} {shape:?}: {found:?}");
        assert!(
            found.1 <= most + 0.05 || shape != Shape { branches, levels },
            "{steps} {shape:?}: {found:?}"
        );
        println!("{steps}: {shape:?} rms {:.2} max {:.2}", found.0, found.1);
    }
}

#[test]
fn digits_have_the_mean_size_that_counting_finds() {
    for (branches, levels, last) in [(3, 4, 40), (5, 3, 62), (7, 2, 20), (23, 2, 255), (9, 1, 4), (3, 3, 5)] {
        let shape = Shape { branches, levels };
        let by_counting = (1..=last)
            .map(|step| shape.runs(0, step).iter().map(|run| run.end - run.start).sum::<u64>())
            .sum::<u64>() as f64
            / last as f64;
        let found: f64 = (0..levels).map(|level| mean_absolute_digits(shape, level, last)).sum();
        close(found, by_counting, 1e-9);
    }
}

/// Fresh Laplace noise of each step, added up over a window, has √(2W); a window's tree is never worse, and soon better.
#[test]
fn windows_of_laplace_noise_are_no_worse_than_fresh_noise() {
    for (length, most) in
        [(1usize, 1.42), (4, 2.83), (16, 5.66), (64, 9.6), (256, 13.8), (1024, 19.0), (4096, 25.0)]
    {
        let tree = Tree::window(length).unwrap();
        let steps = 3 * length as u64..6 * length as u64;
        let terms: usize = steps.clone().map(|step| tree.terms(step)).sum();
        let mean = terms as f64 / (3 * length) as f64;
        let found = (2.0 * mean).sqrt() * f64::from(tree.shape().levels);
        println!("W = {length}: {:?} {found:.2}, fresh {:.2}", tree.shape(), (2.0 * length as f64).sqrt());
        assert!(found <= most, "{length}: {found}");
    }
}
