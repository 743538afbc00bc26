//! Columns of codes, and how the codes of one row are packed into a key.
//!
//! A key is a few 64-bit words in which every attribute owns a field of bits. Comparing two rows on all attributes
//! is then comparing one word (or a few), whatever the number of attributes.

use crate::{Error, MAX_ATTRIBUTES, MAX_ROWS};

/// One column of a table: a code per row.
#[derive(Debug, Clone, Copy)]
pub struct Column<'a> {
    /// The code of every row, below `cardinality`.
    pub codes: &'a [u32],
    /// The number of different codes that may occur.
    pub cardinality: u32,
}

/// Checks that there are columns and rows, not too many of either, and equally many rows everywhere.
pub(crate) fn check_shape(columns: &[Column<'_>]) -> Result<usize, Error> {
    let Some(first) = columns.first() else {
        return Err(Error::NoAttributes);
    };
    if columns.len() > MAX_ATTRIBUTES {
        return Err(Error::TooManyAttributes { given: columns.len() });
    }
    let rows = first.codes.len();
    if rows == 0 {
        return Err(Error::NoRows);
    }
    if rows > MAX_ROWS {
        return Err(Error::TooManyRows { rows });
    }
    for (attribute, column) in columns.iter().enumerate() {
        if column.codes.len() != rows {
            return Err(Error::UnequalLengths { attribute, expected: rows, found: column.codes.len() });
        }
    }
    Ok(rows)
}

/// The bits of one attribute within a key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    pub(crate) word: usize,
    pub(crate) shift: u32,
    /// The field's ones, not shifted; 0 for an attribute with a single code.
    pub(crate) mask: u64,
}

/// Where in a key each attribute's field is.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub(crate) fields: Vec<Field>,
    /// Words of a key: a power of two up to 32.
    pub(crate) words: usize,
}

impl Layout {
    /// Lays the fields out in the given order, none across two words. Any two fields fit one word, so 64 attributes
    /// need at most 32 words.
    pub(crate) fn new(cardinalities: impl Iterator<Item = u32>) -> Self {
        let (mut word, mut used) = (0, 0);
        let fields = cardinalities
            .map(|cardinality| {
                let bits = u32::BITS - cardinality.saturating_sub(1).leading_zeros();
                if bits == 0 {
                    return Field { word: 0, shift: 0, mask: 0 };
                }
                if used + bits > u64::BITS {
                    (word, used) = (word + 1, 0);
                }
                let field = Field { word, shift: used, mask: (1u64 << bits) - 1 };
                used += bits;
                field
            })
            .collect();
        Self { fields, words: (word + 1).next_power_of_two() }
    }
}

/// Calls a function that is generic over the words of a key.
macro_rules! by_words {
    ($words:expr, $function:ident($($argument:expr),* $(,)?)) => {
        match $words {
            1 => $function::<1>($($argument),*),
            2 => $function::<2>($($argument),*),
            4 => $function::<4>($($argument),*),
            8 => $function::<8>($($argument),*),
            16 => $function::<16>($($argument),*),
            _ => $function::<32>($($argument),*),
        }
    };
}
pub(crate) use by_words;

/// Packs the rows from `start` on into `keys`; every column has been checked to have that many rows.
pub(crate) fn pack<const W: usize>(
    columns: &[Column<'_>],
    layout: &Layout,
    start: usize,
    keys: &mut [[u64; W]],
) -> Result<(), Error> {
    keys.fill([0; W]);
    for (attribute, (column, &Field { word, shift, .. })) in columns.iter().zip(&layout.fields).enumerate() {
        let codes = &column.codes[start..start + keys.len()];
        // Known before the loop and not only in it, so that the loop is compiled to vector instructions.
        assert!(word < W);
        // A code at the cardinality or above sets its own top bit or that of the difference; what else does is looked
        // at again. Two plain loops, checking and packing, are compiled to twice as many rows an instruction as one.
        let last = column.cardinality.wrapping_sub(1);
        let signs = codes.iter().fold(0, |signs, &code| signs | last.wrapping_sub(code) | code);
        for (key, &code) in keys.iter_mut().zip(codes) {
            key[word] |= u64::from(code) << shift;
        }
        if signs >> 31 == 1 && codes.iter().any(|&code| code >= column.cardinality) {
            return Err(Error::CodeOutOfRange { attribute, leaves: column.cardinality });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_do_not_overlap_and_do_not_cross_words() {
        let layout = Layout::new([1, 2, 3, u32::MAX, u32::MAX, 1 << 30, 5].into_iter());
        let mut seen = vec![0u64; layout.words];
        for field in &layout.fields {
            let bits = field.mask << field.shift;
            assert_eq!(bits >> field.shift, field.mask, "a field is cut off");
            assert_eq!(seen[field.word] & bits, 0, "two fields overlap");
            seen[field.word] |= bits;
        }
        // Three words are used, which round up to four.
        assert_eq!(layout.words, 4);
    }

    #[test]
    fn the_widest_key_has_32_words() {
        assert_eq!(Layout::new([u32::MAX; MAX_ATTRIBUTES].into_iter()).words, 32);
    }

    #[test]
    fn a_code_at_the_cardinality_is_refused() {
        let columns = [Column { codes: &[0, 1], cardinality: 2 }, Column { codes: &[0, 2], cardinality: 2 }];
        let layout = Layout::new(columns.iter().map(|c| c.cardinality));
        let mut keys = [[0u64; 1]; 2];
        assert_eq!(
            pack(&columns, &layout, 0, &mut keys),
            Err(Error::CodeOutOfRange { attribute: 1, leaves: 2 })
        );
    }
}
