//! What a caller says: models with their parameters, sensitive columns with their reference distributions.

/// An exact fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    /// Above the line.
    pub numerator: u64,
    /// Below the line, not 0. Both are below 2^63.
    pub denominator: u64,
}

impl Ratio {
    /// The nearest float.
    pub fn value(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }
}

/// How far apart two values are, for t-closeness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distance {
    /// All values are equally far apart: ½ Σ |p − q|.
    Equal,
    /// By rank: 1/(m − 1) Σ |P − Q| over the first m − 1 of the m values.
    Ordered,
    /// By the level at which the values become one, over the height of the hierarchy.
    Hierarchical,
    /// By the values' places on a line: Σ |P − Q| (xᵢ₊₁ − xᵢ) over the line's length.
    Wasserstein,
}

/// A privacy model with its parameters. `column` is the position of a [`Sensitive`].
#[derive(Debug, Clone, PartialEq)]
pub enum Spec {
    /// At least k rows.
    KAnonymity {
        /// At least 1.
        k: u64,
    },
    /// At least k rows of the population.
    KMap {
        /// At least 1.
        k: u64,
    },
    /// least ≤ rows / rows of the population ≤ most.
    DeltaPresence {
        /// At least 0.
        least: Ratio,
        /// At least `least`.
        most: Ratio,
    },
    /// At least l distinct values.
    DistinctDiversity {
        /// The column.
        column: usize,
        /// At least 1.
        l: u64,
    },
    /// Entropy of at least ln l.
    EntropyDiversity {
        /// The column.
        column: usize,
        /// At least 1.
        l: f64,
        /// Grassberger's estimate of the entropy instead of Shannon's.
        grassberger: bool,
    },
    /// The most frequent value is rarer than c times all but the l − 1 most frequent ones together.
    RecursiveDiversity {
        /// The column.
        column: usize,
        /// Above 0.
        c: Ratio,
        /// At least 1.
        l: u64,
    },
    /// At most t away from the reference distribution.
    Closeness {
        /// The column.
        column: usize,
        /// Which distance.
        distance: Distance,
        /// At least 0.
        t: Ratio,
    },
    /// |ln(p/q)| < delta for every value that occurs.
    DeltaDisclosure {
        /// The column.
        column: usize,
        /// Above 0.
        delta: f64,
    },
    /// (p − q)/q ≤ beta for every value, or, enhanced, ≤ min(beta, −ln q).
    BetaLikeness {
        /// The column.
        column: usize,
        /// Above 0.
        beta: Ratio,
        /// Whether −ln q bounds as well.
        enhanced: bool,
    },
    /// The mean over the released rows of 1 / rows of the class is at most `limit`.
    AverageRisk {
        /// Above 0.
        limit: Ratio,
        /// Take the class's rows of the population instead.
        population: bool,
    },
}

/// A sensitive column as the models see it: codes below `values` with their reference distribution.
#[derive(Debug, Clone)]
pub struct Sensitive<'a> {
    /// How many values there are. Every one should occur in the table or in the reference: for
    /// [`Distance::Ordered`] all of them have a rank.
    pub values: u32,
    /// For each value, its rows in the reference distribution.
    pub reference: &'a [u64],
    /// For each value its place on a line, ascending; needed by [`Distance::Wasserstein`].
    pub positions: Option<&'a [u64]>,
    /// For every level from 1 on, what each value becomes there; used by [`Distance::Hierarchical`].
    pub generalizations: Vec<&'a [u32]>,
}
