//! Models, measures and aggregates by their names.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::models::{Distance, Ratio, Spec};
use crate::{Aggregate, Measure, Objective};

/// A model as it comes from Python: its name, its whole numbers and its floats. A fraction is two whole numbers.
pub(super) type RawModel = (String, Vec<u64>, Vec<f64>);

/// An objective as it comes from Python: measure, aggregate, weights.
pub(super) type RawObjective = (String, String, Vec<f64>);

/// The models of a call.
pub(super) fn specs(models: &[RawModel]) -> PyResult<Vec<Spec>> {
    models.iter().map(|(name, whole, floats)| spec(name, whole, floats)).collect()
}

fn spec(name: &str, whole: &[u64], floats: &[f64]) -> PyResult<Spec> {
    let ratio = |numerator, denominator| Ratio { numerator, denominator };
    let column = |number: u64| usize::try_from(number).map_err(PyErr::from);
    Ok(match (name, whole, floats) {
        ("K_ANONYMITY", &[k], []) => Spec::KAnonymity { k },
        ("K_MAP", &[k], []) => Spec::KMap { k },
        ("DELTA_PRESENCE", &[a, b, c, d], []) => {
            Spec::DeltaPresence { least: ratio(a, b), most: ratio(c, d) }
        }
        ("DISTINCT_DIVERSITY", &[c, l], []) => Spec::DistinctDiversity { column: column(c)?, l },
        ("ENTROPY_DIVERSITY", &[c, grassberger], &[l]) => {
            Spec::EntropyDiversity { column: column(c)?, l, grassberger: grassberger != 0 }
        }
        ("RECURSIVE_DIVERSITY", &[col, a, b, l], []) => {
            Spec::RecursiveDiversity { column: column(col)?, c: ratio(a, b), l }
        }
        (
            "CLOSENESS_EQUAL" | "CLOSENESS_ORDERED" | "CLOSENESS_HIERARCHICAL" | "CLOSENESS_WASSERSTEIN",
            &[c, a, b],
            [],
        ) => {
            let distance = match name {
                "CLOSENESS_EQUAL" => Distance::Equal,
                "CLOSENESS_ORDERED" => Distance::Ordered,
                "CLOSENESS_HIERARCHICAL" => Distance::Hierarchical,
                _ => Distance::Wasserstein,
            };
            Spec::Closeness { column: column(c)?, distance, t: ratio(a, b) }
        }
        ("DELTA_DISCLOSURE", &[c], &[delta]) => Spec::DeltaDisclosure { column: column(c)?, delta },
        ("BETA_LIKENESS", &[c, a, b, enhanced], []) => {
            Spec::BetaLikeness { column: column(c)?, beta: ratio(a, b), enhanced: enhanced != 0 }
        }
        ("AVERAGE_RISK", &[a, b, population], []) => {
            Spec::AverageRisk { limit: ratio(a, b), population: population != 0 }
        }
        _ => return Err(PyValueError::new_err(format!("no model {name} with these parameters"))),
    })
}

/// The objective of a call.
pub(super) fn objective((measure, aggregate, weights): RawObjective) -> PyResult<Objective> {
    let aggregate = match aggregate.as_str() {
        "GEOMETRIC_MEAN" => Aggregate::GeometricMean,
        "ARITHMETIC_MEAN" => Aggregate::ArithmeticMean,
        "MAXIMUM" => Aggregate::Maximum,
        _ => return Err(PyValueError::new_err(format!("no aggregate {aggregate}"))),
    };
    let measure = Measure::ALL
        .into_iter()
        .find(|each| name_of(*each) == measure)
        .ok_or_else(|| PyValueError::new_err(format!("no measure {measure}")))?;
    Ok(Objective { measure, aggregate, weights })
}

/// What Python calls a measure.
pub(super) fn name_of(measure: Measure) -> &'static str {
    match measure {
        Measure::Loss => "LOSS",
        Measure::Precision => "PRECISION",
        Measure::NonUniformEntropy => "NON_UNIFORM_ENTROPY",
        Measure::Discernibility => "DISCERNIBILITY",
        Measure::AverageClassSize => "AVERAGE_CLASS_SIZE",
        Measure::KlDivergence => "KL_DIVERGENCE",
        Measure::Ambiguity => "AMBIGUITY",
    }
}
