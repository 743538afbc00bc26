//! Noise, drawn exactly: whole numbers of the discrete Laplace and the discrete Gaussian distribution, and choices.
//!
//! Nothing is sampled by our own code. The samplers are those of the OpenDP library, which come with proofs: Canonne, Kamath
//! and Steinke, "The discrete Gaussian for differential privacy" (2020), over fractions of any size, without a rounding
//! anywhere; McSherry and Talwar's exponential mechanism by rejection. Random bytes are the operating system's, through
//! OpenSSL's private generator. There is no seed.

use dashu::integer::{IBig, UBig};
use dashu::rational::RBig;
use opendp::domains::{AtomDomain, VectorDomain};
use opendp::measurements::make_noisy_top_k;
use opendp::measures::ZeroConcentratedDivergence;
use opendp::metrics::LInfDistance;
use opendp::traits::samplers::{sample_discrete_gaussian, sample_discrete_laplace};

use crate::{Error, Monitor};

/// A scale parameter: a positive fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// What is divided.
    pub numerator: u128,
    /// What it is divided by.
    pub denominator: u128,
}

impl Scale {
    fn exactly(self) -> Result<RBig, Error> {
        if self.numerator == 0 || self.denominator == 0 {
            return Err(Error::InvalidScale);
        }
        Ok(RBig::from_parts(IBig::from(self.numerator), UBig::from(self.denominator)))
    }
}

/// Independent draws of the discrete Laplace distribution: P(x) is proportional to exp(−|x| / scale).
pub fn discrete_laplace(scale: Scale, count: usize, monitor: &Monitor) -> Result<Vec<i128>, Error> {
    let scale = scale.exactly()?;
    draw(count, monitor, || sample_discrete_laplace(scale.clone()))
}

/// Independent draws of the discrete Gaussian distribution: P(x) is proportional to exp(−x² / (2 scale²)).
pub fn discrete_gaussian(scale: Scale, count: usize, monitor: &Monitor) -> Result<Vec<i128>, Error> {
    let scale = scale.exactly()?;
    draw(count, monitor, || sample_discrete_gaussian(scale.clone()))
}

fn draw(
    count: usize,
    monitor: &Monitor,
    sample: impl Fn() -> opendp::error::Fallible<IBig>,
) -> Result<Vec<i128>, Error> {
    (0..count)
        .map(|_| {
            monitor.check()?;
            let drawn = sample().map_err(|_| Error::NoEntropy)?;
            i128::try_from(drawn).map_err(|_| Error::InvalidScale)
        })
        .collect()
}

/// The exponential mechanism: the place of a utility, each with a probability proportional to exp(utility / scale).
pub fn choose(utilities: &[f64], scale: f64) -> Result<usize, Error> {
    let positive = scale.is_normal() && scale > 0.0;
    if utilities.is_empty() || !positive || !utilities.iter().all(|each| each.is_finite()) {
        return Err(Error::InvalidUtilities);
    }
    // Under this measure the library chooses with replacement, which is the exponential mechanism, as if by Gumbel noise; and
    // whether the metric is monotonic matters only to a privacy map that nobody asks.
    let choice = make_noisy_top_k(
        VectorDomain::new(AtomDomain::<f64>::new_non_nan()),
        LInfDistance::new(false),
        ZeroConcentratedDivergence,
        1,
        scale,
        false,
    )
    .and_then(|measurement| measurement.invoke(&utilities.to_vec()))
    .map_err(|_| Error::NoEntropy)?;
    choice.first().copied().ok_or(Error::InvalidUtilities)
}
