//! Models bound to a table: parameters checked, tables precomputed, cheap models first.

use super::k::{DeltaPresence, KAnonymity, KMap};
use super::{AverageRisk, Class, Model, ModelProblem, Ratio, Sensitive, Spec};
use crate::Error;

/// The models of one release.
#[derive(Debug)]
pub struct Models {
    /// Models of classes, cheap ones first, each with its place among the specs.
    classes: Vec<(usize, Box<dyn Model>)>,
    average: Vec<AverageRisk>,
    average_places: Vec<usize>,
    /// How many of the first of `classes` look at sizes only.
    by_size: usize,
    /// No class with fewer rows can hold.
    fewest_rows: u64,
    only_k_anonymity: bool,
}

impl Models {
    /// Checks the parameters and precomputes what does not depend on a class. `has_population` says whether classes
    /// will count rows of a population.
    pub fn bind(specs: &[Spec], sensitive: &[Sensitive<'_>], has_population: bool) -> Result<Self, Error> {
        let mut classes = Vec::new();
        let mut average = Vec::new();
        let mut average_places = Vec::new();
        for (place, spec) in specs.iter().enumerate() {
            let refused = |problem| Error::InvalidModel { model: place, problem };
            if let Spec::AverageRisk { limit, population } = *spec {
                ratio(limit).map_err(refused)?;
                if limit.numerator == 0 {
                    return Err(refused(ModelProblem::TooSmall));
                }
                if population && !has_population {
                    return Err(refused(ModelProblem::NoPopulation));
                }
                average.push(AverageRisk { limit, population });
                average_places.push(place);
            } else {
                classes.push((place, model(spec, sensitive, has_population).map_err(refused)?));
            }
        }
        classes.sort_by_key(|(_, model)| model.cost());
        Ok(Self {
            by_size: classes.iter().take_while(|(_, model)| !model.needs_histograms()).count(),
            fewest_rows: classes.iter().map(|(_, model)| model.fewest_rows()).max().unwrap_or(1),
            only_k_anonymity: specs
                .iter()
                .all(|spec| matches!(spec, Spec::KAnonymity { .. } | Spec::AverageRisk { .. })),
            classes,
            average,
            average_places,
        })
    }

    /// Whether the class may be released.
    pub fn holds(&self, class: &Class<'_>) -> bool {
        class.rows >= self.fewest_rows && self.classes.iter().all(|(_, model)| model.holds(class))
    }

    /// The fewest rows of the class that are suppressed at any node below, or fewer: see [the laws](super#laws).
    pub fn least_removed(&self, class: &Class<'_>) -> u64 {
        let mut kept = class.rows;
        for (_, model) in &self.classes {
            if kept < self.fewest_rows {
                return class.rows;
            }
            kept = model.most_kept(class, kept);
        }
        // What stays is nothing, or at least as large as the smallest class that holds.
        if kept < self.fewest_rows { class.rows } else { class.rows - kept }
    }

    /// Whether the numbers of rows alone show that [`Models::least_removed`] is all rows.
    pub fn hopeless_by_size(&self, rows: u64, population: u64) -> bool {
        let class = Class { rows, population, histograms: &[] };
        let kept =
            self.classes[..self.by_size].iter().fold(rows, |kept, (_, model)| model.most_kept(&class, kept));
        kept < self.fewest_rows
    }

    /// Whether any model looks at histograms.
    pub fn needs_histograms(&self) -> bool {
        self.by_size < self.classes.len()
    }

    /// Whether the union of classes that hold always holds.
    pub fn convex(&self) -> bool {
        self.classes.iter().all(|(_, model)| model.is_convex())
    }

    /// Whether k-anonymity is the only model of classes there is (or there is none).
    pub fn only_k_anonymity(&self) -> bool {
        self.only_k_anonymity
    }

    /// The limits on the release's mean risk.
    pub fn average(&self) -> &[AverageRisk] {
        &self.average
    }

    /// An empty record of what the models measure over the classes of a release.
    pub fn measures(&self) -> Measures<'_> {
        Measures {
            models: self,
            worst: vec![None; self.classes.len()],
            means: vec![0.0; self.average.len()],
            rows: 0,
        }
    }
}

/// What the models measure over the classes of a release.
#[derive(Debug, Clone)]
pub struct Measures<'a> {
    models: &'a Models,
    worst: Vec<Option<(f64, f64)>>,
    /// Per limit on the mean risk, the sum of the rows' risks.
    means: Vec<f64>,
    rows: u64,
}

impl Measures<'_> {
    /// Takes a released class into account.
    pub fn add(&mut self, class: &Class<'_>) {
        for (worst, (_, model)) in self.worst.iter_mut().zip(&self.models.classes) {
            let measured = model.measured(class);
            *worst = Some(worst.map_or(measured, |before| model.worse(before, measured)));
        }
        for (sum, average) in self.means.iter_mut().zip(&self.models.average) {
            let size = if average.population { class.population } else { class.rows };
            *sum += class.rows as f64 / size as f64;
        }
        self.rows += class.rows;
    }

    /// For every spec, in the order in which they were bound, the worst value over the classes; empty without a class.
    ///
    /// k-anonymity: smallest class; k-map: smallest population of a class; delta-presence: smallest and largest share;
    /// distinct: fewest values; entropy: smallest exp(H); recursive: largest r₁ / (r_l + …); t-closeness: largest
    /// distance; delta-disclosure: largest |ln(p/q)|; beta: largest (p − q)/q; average risk: the mean.
    pub fn values(&self) -> Vec<Vec<f64>> {
        let mut values = vec![Vec::new(); self.models.classes.len() + self.models.average.len()];
        for (worst, (place, model)) in self.worst.iter().zip(&self.models.classes) {
            if let &Some((first, second)) = worst {
                values[*place] = [first, second][..model.measures()].to_vec();
            }
        }
        if self.rows > 0 {
            for (sum, &place) in self.means.iter().zip(&self.models.average_places) {
                values[place] = vec![sum / self.rows as f64];
            }
        }
        values
    }
}

/// The model of a spec of classes.
fn model(
    spec: &Spec,
    _sensitive: &[Sensitive<'_>],
    has_population: bool,
) -> Result<Box<dyn Model>, ModelProblem> {
    let population = if has_population { Ok(()) } else { Err(ModelProblem::NoPopulation) };
    Ok(match *spec {
        Spec::KAnonymity { k } => Box::new(KAnonymity { k: positive(k)? }),
        Spec::KMap { k } => {
            population?;
            Box::new(KMap { k: positive(k)? })
        }
        Spec::DeltaPresence { least, most } => {
            population?;
            ratio(least)?;
            ratio(most)?;
            if u128::from(least.numerator) * u128::from(most.denominator)
                > u128::from(most.numerator) * u128::from(least.denominator)
            {
                return Err(ModelProblem::BoundsCross);
            }
            Box::new(DeltaPresence { least, most })
        }
        _ => return Err(ModelProblem::TooLarge),
    })
}

fn positive(number: u64) -> Result<u64, ModelProblem> {
    if number == 0 { Err(ModelProblem::TooSmall) } else { Ok(number) }
}

fn ratio(ratio: Ratio) -> Result<(), ModelProblem> {
    const ABOVE: u64 = 1 << 63;
    if ratio.denominator == 0 || ratio.denominator >= ABOVE || ratio.numerator >= ABOVE {
        return Err(ModelProblem::BadRatio);
    }
    Ok(())
}
