//! Models bound to a table: parameters checked, tables precomputed, cheap models first.

use super::closeness::{Closeness, Metric};
use super::column::Column;
use super::disclosure::Disclosure;
use super::diversity::{Distinct, Recursive};
use super::entropy::Entropy;
use super::groups::Groups;
use super::k::{DeltaPresence, KAnonymity, KMap};
use super::likeness::Likeness;
use super::line::Line;
use super::{AverageRisk, Class, Distance, Model, ModelProblem, Ratio, Sensitive, Spec};
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
        let columns = sensitive
            .iter()
            .enumerate()
            .map(|(place, column)| Column::new(place, column))
            .collect::<Result<Vec<_>, Error>>()?;
        let mut classes = Vec::new();
        let (mut average, mut average_places) = (Vec::new(), Vec::new());
        for (place, spec) in specs.iter().enumerate() {
            let refused = |problem| Error::InvalidModel { model: place, problem };
            match bound(spec, &columns, has_population).map_err(refused)? {
                Bound::Classes(model) => classes.push((place, model)),
                Bound::Release(limit) => {
                    average.push(limit);
                    average_places.push(place);
                }
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

/// A spec with its parameters checked.
enum Bound {
    Classes(Box<dyn Model>),
    Release(AverageRisk),
}

fn bound(spec: &Spec, columns: &[Column<'_>], has_population: bool) -> Result<Bound, ModelProblem> {
    let column = |column: usize| columns.get(column).ok_or(ModelProblem::NoColumn { column });
    let population = if has_population { Ok(()) } else { Err(ModelProblem::NoPopulation) };
    let model: Box<dyn Model> = match *spec {
        Spec::KAnonymity { k } => Box::new(KAnonymity { k: at_least_one(k, "k")? }),
        Spec::KMap { k } => {
            population?;
            Box::new(KMap { k: at_least_one(k, "k")? })
        }
        Spec::DeltaPresence { least, most } => {
            population?;
            let (least, most) = (ratio(least)?, ratio(most)?);
            if u128::from(least.numerator) * u128::from(most.denominator)
                > u128::from(most.numerator) * u128::from(least.denominator)
            {
                return Err(ModelProblem::BoundsCross);
            }
            Box::new(DeltaPresence { least, most })
        }
        Spec::DistinctDiversity { column: place, l } => {
            column(place)?;
            Box::new(Distinct { column: place, l: at_least_one(l, "l")? })
        }
        Spec::EntropyDiversity { column: place, l, grassberger } => {
            column(place)?;
            if finite(l, "l")? < 1.0 {
                return Err(ModelProblem::BelowOne { parameter: "l" });
            }
            Box::new(Entropy::new(place, l, grassberger))
        }
        Spec::RecursiveDiversity { column: place, c, l } => {
            column(place)?;
            Box::new(Recursive { column: place, c: positive(c, "c")?, l: at_least_one(l, "l")? })
        }
        Spec::Closeness { column: place, distance, t } => {
            let column = column(place)?;
            let metric = match distance {
                Distance::Equal => Metric::Groups(Groups::equal(column)),
                Distance::Hierarchical => Metric::Groups(Groups::hierarchical(column)),
                Distance::Ordered => Metric::Line(Line::ordered(column)?),
                Distance::Wasserstein => Metric::Line(Line::positioned(column)?),
            };
            Box::new(Closeness::new(place, metric, ratio(t)?))
        }
        Spec::DeltaDisclosure { column: place, delta } => {
            let column = column(place)?;
            if finite(delta, "delta")? <= 0.0 {
                return Err(ModelProblem::NotPositive { parameter: "delta" });
            }
            Box::new(Disclosure::new(place, column, delta))
        }
        Spec::BetaLikeness { column: place, beta, enhanced } => {
            Box::new(Likeness::new(place, column(place)?, positive(beta, "beta")?, enhanced))
        }
        Spec::AverageRisk { limit, population: of_population } => {
            if of_population {
                population?;
            }
            return Ok(Bound::Release(AverageRisk {
                limit: positive(limit, "the limit")?,
                population: of_population,
            }));
        }
    };
    Ok(Bound::Classes(model))
}

fn at_least_one(number: u64, parameter: &'static str) -> Result<u64, ModelProblem> {
    if number == 0 { Err(ModelProblem::BelowOne { parameter }) } else { Ok(number) }
}

fn finite(number: f64, parameter: &'static str) -> Result<f64, ModelProblem> {
    if number.is_finite() { Ok(number) } else { Err(ModelProblem::NotFinite { parameter }) }
}

fn ratio(ratio: Ratio) -> Result<Ratio, ModelProblem> {
    const ABOVE: u64 = 1 << 63;
    if ratio.denominator == 0 || ratio.denominator >= ABOVE || ratio.numerator >= ABOVE {
        return Err(ModelProblem::BadRatio);
    }
    Ok(ratio)
}

fn positive(given: Ratio, parameter: &'static str) -> Result<Ratio, ModelProblem> {
    if ratio(given)?.numerator == 0 { Err(ModelProblem::NotPositive { parameter }) } else { Ok(given) }
}
