//! What a release should lose least of.

use crate::Error;

/// What is measured. All measures are losses: less is better.
///
/// *Marginal* measures are a cost per cell, added up per attribute and normalised to 0 (nothing lost) … 1 (all lost);
/// an [`Aggregate`] makes one number of the attributes'. *Class* measures are one number per list of classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Marginal: leaves under the value / all leaves. Xu et al., "Utility-based anonymization using local recoding" (KDD
    /// 2006); ARX's `Loss` with gsFactor 0.5.
    Loss,
    /// Marginal: level / height. Sweeney, "Achieving k-anonymity privacy protection using generalization and
    /// suppression" (2002).
    Precision,
    /// Marginal: bits that the value leaves open of what the leaf was. Gionis and Tassa, "k-Anonymization with Minimal
    /// Loss of Information" (TKDE 2009).
    NonUniformEntropy,
    /// Class: Σ rows of released classes² + rows of the table × suppressed rows. Bayardo and Agrawal, "Data Privacy
    /// through Optimal k-Anonymization" (ICDE 2005).
    Discernibility,
    /// Class: rows of the table / classes of the output, in which all suppressed rows are one class, as ARX's AECS. LeFevre et
    /// al., "Mondrian multidimensional k-anonymity" (ICDE 2006).
    AverageClassSize,
    /// Class: Kullback-Leibler divergence in nats of the table from what the release says about it. Kifer and Gehrke,
    /// "Injecting utility into anonymized datasets" (SIGMOD 2006).
    KlDivergence,
    /// Class: mean over the rows of how many tuples of leaves the released row may stand for. Goldberger and Tassa,
    /// "Efficient Anonymizations with Enhanced Utility" (2010).
    Ambiguity,
}

impl Measure {
    /// All measures.
    pub const ALL: [Self; 7] = [
        Self::Loss,
        Self::Precision,
        Self::NonUniformEntropy,
        Self::Discernibility,
        Self::AverageClassSize,
        Self::KlDivergence,
        Self::Ambiguity,
    ];

    /// Whether this is a cost per cell.
    pub fn is_marginal(self) -> bool {
        matches!(self, Self::Loss | Self::Precision | Self::NonUniformEntropy)
    }
}

/// How the losses of the attributes become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aggregate {
    /// (Π (v_j w_j + 1))^(1/q) − 1.
    GeometricMean,
    /// Σ v_j w_j / q.
    ArithmeticMean,
    /// The largest v_j w_j.
    Maximum,
}

/// What a search minimises.
#[derive(Debug, Clone, PartialEq)]
pub struct Objective {
    /// What is measured.
    pub measure: Measure,
    /// For marginal measures: how attribute losses become one.
    pub aggregate: Aggregate,
    /// For marginal measures: one weight per attribute, none for all 1.
    pub weights: Vec<f64>,
}

impl Default for Objective {
    fn default() -> Self {
        Self { measure: Measure::Loss, aggregate: Aggregate::GeometricMean, weights: Vec::new() }
    }
}

impl Objective {
    /// The weights of all attributes, of which one at least is above 0.
    pub(crate) fn weights(&self, attributes: usize) -> Result<Vec<f64>, Error> {
        if self.weights.is_empty() {
            return Ok(vec![1.0; attributes]);
        }
        if self.weights.len() != attributes {
            return Err(Error::WeightCount { expected: attributes, found: self.weights.len() });
        }
        if let Some(attribute) = self.weights.iter().position(|w| !(w.is_finite() && *w >= 0.0)) {
            return Err(Error::InvalidWeight { attribute });
        }
        if self.weights.iter().all(|weight| *weight == 0.0) {
            return Err(Error::NoPositiveWeight);
        }
        Ok(self.weights.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_checked() {
        let checked = |weights: &[f64]| {
            let objective = Objective { weights: weights.to_vec(), ..Objective::default() };
            objective.weights(2)
        };
        assert_eq!(checked(&[]), Ok(vec![1.0, 1.0]));
        assert_eq!(checked(&[1.0, 4.0]), Ok(vec![1.0, 4.0]));
        assert_eq!(checked(&[1.0]), Err(Error::WeightCount { expected: 2, found: 1 }));
        assert_eq!(checked(&[1.0, f64::NAN]), Err(Error::InvalidWeight { attribute: 1 }));
        assert_eq!(checked(&[-1.0, 1.0]), Err(Error::InvalidWeight { attribute: 0 }));
        assert_eq!(checked(&[f64::INFINITY, 1.0]), Err(Error::InvalidWeight { attribute: 0 }));
        assert_eq!(checked(&[0.0, 0.0]), Err(Error::NoPositiveWeight));
    }
}
