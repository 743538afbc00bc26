//! The ten rows on which every measure has been computed by hand and by other tools.

use super::naive::Fraction;
use super::{Class, Distance, Domain, Histogram, Models, Rows, Sensitive, Spec, ratio};

/// Diseases, 0 to 4: bronchitis, cancer, flu, gastritis, ulcer; of the ten rows, the last of which is suppressed.
const DISEASES: [u32; 10] = [2, 3, 2, 0, 4, 0, 3, 1, 1, 4];

/// Flu and bronchitis are respiratory, gastritis and ulcer digestive, cancer is by itself.
const ORGANS: [u32; 5] = [0, 1, 0, 2, 2];

const SALARIES: [u64; 10] = [3000, 4000, 5000, 6000, 8000, 30000, 7000, 9000, 12000, 4000];

/// The released classes: age decade, three digits of zip, sex.
const CLASSES: [std::ops::Range<usize>; 3] = [0..3, 3..7, 7..9];

fn domain(codes: &[u32], values: usize, positions: Vec<u64>, maps: Vec<Vec<u32>>) -> Domain {
    let mut reference = vec![0; values];
    for &code in codes {
        reference[code as usize] += 1;
    }
    Domain { reference, positions, maps }
}

/// Disease with the first `rows` rows as the reference.
fn diseases(rows: usize) -> (Domain, Vec<Rows>) {
    let domain = domain(&DISEASES[..rows], 5, (0..5).collect(), vec![ORGANS.to_vec(), vec![0; 5]]);
    (domain, classes(&DISEASES, 5))
}

/// Salary as an ordered column.
fn salaries(rows: usize) -> (Domain, Vec<Rows>) {
    let mut places = SALARIES[..rows].to_vec();
    places.sort_unstable();
    places.dedup();
    let codes: Vec<u32> = SALARIES
        .iter()
        .map(|salary| places.iter().position(|place| place == salary).unwrap() as u32)
        .collect();
    let values = places.len();
    (domain(&codes[..rows], values, places, vec![]), classes(&codes, values))
}

fn classes(codes: &[u32], values: usize) -> Vec<Rows> {
    CLASSES
        .iter()
        .map(|class| {
            let mut counts = vec![0; values];
            for &code in &codes[class.clone()] {
                counts[code as usize] += 1;
            }
            Rows { counts, population: 0 }
        })
        .collect()
}

/// The distance of each class is `expected`: it is within exactly that, and not within a little less.
fn expect_distances((domain, classes): (Domain, Vec<Rows>), distance: Distance, expected: [(u64, u64); 3]) {
    let models = |numerator, denominator| {
        domain.bind(&[Spec::Closeness { column: 0, distance, t: ratio(numerator, denominator) }])
    };
    for (class, (above, below)) in classes.iter().zip(expected) {
        assert!(class.holds(&models(above, below)), "{distance:?} {above}/{below}");
        assert!(
            !class.holds(&models(1_000_000 * above - 1, 1_000_000 * below)),
            "{distance:?} {above}/{below}"
        );
        let measured = class.measured(&models(1, 1))[0][0];
        assert!((measured - above as f64 / below as f64).abs() < 1e-15);
        assert_eq!(super::naive::distance(&domain, class, distance), Fraction(above as i128, below as i128));
    }
}

#[test]
fn distances_from_the_nine_released_rows() {
    expect_distances(diseases(9), Distance::Equal, [(5, 9), (4, 9), (7, 9)]);
    expect_distances(diseases(9), Distance::Hierarchical, [(7, 18), (1, 3), (7, 9)]);
    expect_distances(salaries(9), Distance::Ordered, [(3, 8), (7, 48), (49, 144)]);
    expect_distances(salaries(9), Distance::Wasserstein, [(16, 81), (43, 324), (31, 162)]);
}

#[test]
fn distances_from_all_ten_rows() {
    expect_distances(diseases(10), Distance::Equal, [(3, 5), (2, 5), (4, 5)]);
    expect_distances(salaries(10), Distance::Ordered, [(27, 80), (7, 40), (3, 8)]);
}

#[test]
fn diversity() {
    let (domain, classes) = diseases(9);
    let column = 0;
    let entropy = domain.bind(&[Spec::EntropyDiversity { column, l: 2.0, grassberger: false }]);
    let recursive = domain.bind(&[Spec::RecursiveDiversity { column, c: ratio(2, 1), l: 2 }]);
    let distinct = domain.bind(&[Spec::DistinctDiversity { column, l: 2 }]);
    // Closed forms: (1/3, 2/3), (1/4, 1/4, 1/2), 1.
    let entropies = [3.0 / 4f64.powf(1.0 / 3.0), 8f64.sqrt(), 1.0];
    for (class, (entropy_of, printed)) in
        classes.iter().zip(entropies.into_iter().zip([1.889882, 2.828427, 1.0]))
    {
        let measured = class.measured(&entropy)[0][0];
        assert!((measured - entropy_of).abs() < 1e-12 && (measured - printed).abs() < 5e-7, "{measured}");
    }
    let holds = |models: &Models| classes.iter().map(|class| class.holds(models)).collect::<Vec<_>>();
    assert_eq!(holds(&entropy), [false, true, false]);
    assert_eq!(
        classes.iter().map(|c| c.measured(&recursive)[0][0]).collect::<Vec<_>>(),
        [2.0, 1.0, f64::INFINITY]
    );
    assert_eq!(holds(&recursive), [false, true, false]);
    assert_eq!(classes.iter().map(|c| c.measured(&distinct)[0][0]).collect::<Vec<_>>(), [2.0, 3.0, 1.0]);
    assert_eq!(holds(&distinct), [true, true, false]);
}

#[test]
fn likeness_and_disclosure() {
    let (domain, classes) = diseases(9);
    let column = 0;
    let betas = [(2, 1), (5, 4), (7, 2)];
    for (class, (above, below)) in classes.iter().zip(betas) {
        let models = |above, below| {
            domain.bind(&[Spec::BetaLikeness { column, beta: ratio(above, below), enhanced: false }])
        };
        assert!(class.holds(&models(above, below)));
        assert!(!class.holds(&models(1_000_000 * above - 1, 1_000_000 * below)));
        assert!((class.measured(&models(1, 1))[0][0] - above as f64 / below as f64).abs() < 1e-15);
    }
    for (class, (ratio, printed)) in
        classes.iter().zip([(3.0f64, 1.098612), (2.25, 0.810930), (4.5, 1.504077)])
    {
        let models = |delta| domain.bind(&[Spec::DeltaDisclosure { column, delta }]);
        let measured = class.measured(&models(1.0))[0][0];
        assert!((measured - ratio.ln()).abs() < 1e-12 && (measured - printed).abs() < 5e-7, "{measured}");
        // The condition is strict, rounded to the safe side.
        assert!(!class.holds(&models(ratio.ln())));
        assert!(class.holds(&models(ratio.ln() + 1e-9)));
    }
}

#[test]
fn sizes_of_the_classes_and_of_their_population() {
    let column = Sensitive { values: 1, reference: &[9], positions: None, generalizations: vec![] };
    let specs = [
        Spec::AverageRisk { limit: ratio(1, 3), population: false },
        Spec::KMap { k: 4 },
        Spec::KAnonymity { k: 2 },
        Spec::AverageRisk { limit: ratio(1, 3), population: true },
        Spec::DeltaPresence { least: ratio(1, 5), most: ratio(1, 2) },
    ];
    let models = Models::bind(&specs, &[column], true).unwrap();
    let mut measures = models.measures();
    assert_eq!(measures.values(), vec![Vec::<f64>::new(); 5]);
    for (rows, population) in [(3, 6), (4, 20), (2, 4)] {
        let histograms = [Histogram { values: &[0], counts: &[rows] }];
        let class = Class { rows: u64::from(rows), population, histograms: &histograms };
        assert!(models.holds(&class));
        measures.add(&class);
    }
    let values = measures.values();
    assert!((values[0][0] - 1.0 / 3.0).abs() < 1e-15);
    assert_eq!(values[1..3], [[4.0], [2.0]]);
    // The marketer's risk.
    assert!((values[3][0] - 2.0 / 15.0).abs() < 1e-15);
    assert_eq!(values[4], [0.2, 0.5]);
    assert!(!models.needs_histograms() && !models.convex() && !models.only_k_anonymity());
    assert!(
        models.hopeless_by_size(1, 50) && models.hopeless_by_size(9, 3) && !models.hopeless_by_size(3, 4)
    );
}
