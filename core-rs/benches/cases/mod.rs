//! Generated tables: the same for every run, for benchmarks and for counting instructions.

use shoal_core::{Attribute, Column, Hierarchy};

/// The domains of adult's nine quasi-identifiers.
pub(crate) const CARDINALITIES: [u32; 9] = [2, 74, 5, 7, 16, 41, 7, 14, 2];

/// How many distinct tuples rows are drawn from.
#[derive(Clone, Copy)]
pub(crate) enum Tuples {
    /// A table per thread groups them within the caches.
    Few,
    /// Ten rows each: too many for the caches.
    Many,
    /// Nearly as many as rows.
    NearUnique,
}

impl Tuples {
    pub(crate) const ALL: [Self; 3] = [Self::Few, Self::Many, Self::NearUnique];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Few => "few",
            Self::Many => "many",
            Self::NearUnique => "near-unique",
        }
    }

    fn count(self, rows: usize) -> u64 {
        match self {
            Self::Few => 10_000,
            Self::Many => rows as u64 / 10,
            Self::NearUnique => u64::MAX,
        }
    }
}

/// The codes of nine columns.
pub(crate) fn columns(rows: usize, tuples: Tuples) -> Vec<Vec<u32>> {
    let mut state = 1;
    let tuple_of_row: Vec<u64> = (0..rows).map(|_| below(&mut state, tuples.count(rows))).collect();
    let column = |(place, &cardinality): (usize, &u32)| {
        let code = |&tuple: &u64| below(&mut (tuple ^ (place as u64) << 56), u64::from(cardinality)) as u32;
        tuple_of_row.iter().map(code).collect()
    };
    CARDINALITIES.iter().enumerate().map(column).collect()
}

/// The columns as grouping takes them.
pub(crate) fn borrowed(columns: &[Vec<u32>]) -> Vec<Column<'_>> {
    columns.iter().zip(CARDINALITIES).map(|(codes, cardinality)| Column { codes, cardinality }).collect()
}

/// The maps of every attribute: each level halves the values of the one below, down to one value.
pub(crate) fn maps(cardinalities: &[u32]) -> Vec<Vec<Vec<u32>>> {
    let of_attribute = |&leaves: &u32| {
        let top = u32::BITS - leaves.saturating_sub(1).leading_zeros();
        (1..=top).map(|level| (0..leaves).map(|leaf| leaf >> level).collect()).collect()
    };
    cardinalities.iter().map(of_attribute).collect()
}

/// The columns as a table takes them.
pub(crate) fn attributes<'a>(columns: &'a [Vec<u32>], maps: &'a [Vec<Vec<u32>>]) -> Vec<Attribute<'a>> {
    let attribute = |(place, (codes, maps)): (usize, (&'a Vec<u32>, &'a Vec<Vec<u32>>))| {
        let maps = maps.iter().map(Vec::as_slice).collect();
        let hierarchy = Hierarchy::new(place, CARDINALITIES[place], maps);
        Attribute {
            codes,
            hierarchy: hierarchy.unwrap_or_else(|error| panic!("a generated hierarchy: {error}")),
        }
    };
    columns.iter().zip(maps).enumerate().map(attribute).collect()
}

/// A number below `limit` (splitmix64).
fn below(state: &mut u64, limit: u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^= z >> 31;
    ((u128::from(z) * u128::from(limit)) >> 64) as u64
}
