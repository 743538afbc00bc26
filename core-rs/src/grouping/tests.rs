use std::collections::HashMap;

use super::workers::{Progress, work_off};
use super::*;
use crate::hash::Seed;

/// The same numbers everywhere (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(limit)) >> 64) as u64
    }
}

/// Rows drawn from some distinct tuples; every word of a key is in use, and the columns do not fill it.
struct Example {
    codes: Vec<Vec<u32>>,
    cardinality: u32,
    words: usize,
}

impl Example {
    fn new(random: &mut Random, words: usize, rows: usize, tuples: u64) -> Self {
        // Two columns a word.
        let cardinality = u32::MAX - random.below(3) as u32;
        let mut codes = vec![Vec::with_capacity(rows); words * 2];
        let seed = random.next();
        for _ in 0..rows {
            // Skewed, so that a few tuples hold most rows.
            let tuple = random.below(tuples) * random.below(tuples) / tuples;
            let mut tuple = Random(seed ^ tuple);
            for column in &mut codes {
                column.push(tuple.below(u64::from(cardinality)) as u32);
            }
        }
        // Not all attributes tell tuples apart.
        let dull = random.below(words as u64 * 2) as usize;
        codes[dull].fill(7);
        Self { codes, cardinality, words }
    }

    fn columns(&self) -> Vec<Column<'_>> {
        self.codes.iter().map(|codes| Column { codes, cardinality: self.cardinality }).collect()
    }

    /// Counts and class of every row, numbered by first appearance, by the standard library.
    fn reference(&self) -> (Vec<u32>, Vec<u32>) {
        let mut numbers = HashMap::new();
        let (mut counts, mut ids) = (Vec::new(), Vec::new());
        for row in 0..self.codes[0].len() {
            let tuple: Vec<u32> = self.codes.iter().map(|column| column[row]).collect();
            let id = *numbers.entry(tuple).or_insert(counts.len());
            counts.resize(counts.len().max(id + 1), 0);
            counts[id] += 1;
            ids.push(id as u32);
        }
        (counts, ids)
    }
}

/// So few that parts of a table of a test are split.
const FEW_PARTS: usize = 2;

type Result3 = (Vec<u64>, Vec<u32>, Vec<u32>);

/// Groups by tables, by partitions and by partitions that are split, whatever a sample would say, and by what it says.
fn all_ways<const W: usize>(rows: &Rows<'_>, threads: usize) -> Vec<(&'static str, Result3)> {
    let mut found = Vec::new();
    for way in ["tables", "partitions", "split", "chosen"] {
        let monitor = Monitor::new();
        monitor.start(rows.count as u64);
        let mut ids = vec![0; rows.count];
        let grouped = match way {
            "tables" => {
                let progress = Progress::new(&monitor, 1, 0);
                tables::group::<W>(rows, Some(&mut ids), false, threads, &progress).unwrap().unwrap()
            }
            "partitions" | "split" => {
                let most_parts = if way == "split" { FEW_PARTS } else { partitions::MOST_PARTS };
                let progress = Progress::new(&monitor, partitions::PASSES, 0);
                partitions::group::<W>(rows, most_parts, Some(&mut ids), threads, &progress).unwrap()
            }
            _ => group(rows.columns, rows.layout, Some(&mut ids), threads, &monitor).unwrap(),
        };
        let all = rows.count as u64;
        assert_eq!(monitor.progress(), (all, all), "{way}");
        found.push((way, (grouped.keys, grouped.counts, ids)));
    }
    found
}

fn check<const W: usize>(example: &Example, threads: &[usize]) {
    let columns = example.columns();
    let layout = Layout::new(columns.iter().map(|column| column.cardinality));
    assert_eq!(layout.words, W);
    let rows = Rows { columns: &columns, layout: &layout, count: columns[0].codes.len() };
    let (counts, ids) = example.reference();
    let mut packed = vec![[0; W]; rows.count];
    rows.pack(0, &mut packed).unwrap();
    let mut by_size: HashMap<u64, u64> = HashMap::new();
    for &count in &counts {
        *by_size.entry(u64::from(count)).or_default() += 1;
    }
    let mut by_size: Vec<_> = by_size.into_iter().collect();
    by_size.sort_unstable();
    for &threads in threads {
        for (way, (keys, found, class_of_row)) in all_ways::<W>(&rows, threads) {
            let what = format!("{way}, {W} words, {} rows, {threads} threads", rows.count);
            assert_eq!(found, counts, "{what}");
            assert_eq!(class_of_row, ids, "{what}");
            let (keys, rest) = keys.as_chunks::<W>();
            assert!(rest.is_empty() && keys.len() == counts.len(), "{what}");
            assert!(packed.iter().zip(&ids).all(|(key, &id)| keys[id as usize] == *key), "{what}");
        }
        let monitor = Monitor::new();
        assert_eq!(sizes(&columns, &layout, threads, &monitor).unwrap().counts, by_size);
        assert_eq!(monitor.progress().0, rows.count as u64);
        for most_parts in [FEW_PARTS, partitions::MOST_PARTS] {
            let progress = Progress::new(&monitor, partitions::PASSES, 0);
            let by_parts = partitions::sizes::<W>(&rows, most_parts, threads, &progress).unwrap().histogram();
            assert_eq!(by_parts.counts, by_size);
        }
    }
}

#[test]
fn both_methods_are_the_definition_at_every_width_and_number_of_threads() {
    let mut random = Random(1);
    for words in [1, 2, 4, 8, 16, 32] {
        for round in 0..6 {
            let rows = match round {
                0 => 1,
                1 => 64 * BLOCK,
                _ => 1 + random.below(40_000 / words as u64) as usize,
            };
            let most = 2 * rows as u64;
            let tuples = 1 + random.below(most);
            let example = Example::new(&mut random, words, rows, tuples);
            by_words!(example.words, check(&example, &[1, 2, 3, 4]));
        }
    }
}

#[test]
fn tables_of_many_rows_are_the_definition_whatever_the_sample_chooses() {
    let mut random = Random(2);
    for tuples in [1, 1000, 100_000, 1 << 30] {
        let example = Example::new(&mut random, 1, 300_001, tuples);
        check::<1>(&example, &[1, 4]);
    }
}

#[test]
fn parts_are_split_where_their_tables_would_outgrow_the_cache() {
    let pieces = |rows, most_parts| dealing::Dealing::of::<1>(rows, most_parts).pieces();
    assert_eq!(pieces(300_001, FEW_PARTS), 16);
    assert_eq!(pieces(20_000_000, partitions::MOST_PARTS), 1);
    assert_eq!(pieces(100_000_000, partitions::MOST_PARTS), 8);
}

#[test]
fn classes_reach_over_regions_of_keys() {
    // Two regions and a bit; every class but the last ones begins in the first or the second and goes on in the next.
    let region = keys::REGION_CHUNKS * dealing::chunk_rows(1);
    let (count, classes) = (2 * region + 1000, region + 500);
    let codes: Vec<u32> = (0..count).map(|row| (row % classes) as u32).collect();
    let columns = [Column { codes: &codes, cardinality: u32::MAX }];
    let layout = Layout::new([u32::MAX].into_iter());
    let rows = Rows { columns: &columns, layout: &layout, count };
    for threads in [1, 2] {
        let mut ids = vec![0; count];
        let monitor = Monitor::new();
        let progress = &Progress::new(&monitor, partitions::PASSES, 0);
        let grouped =
            partitions::group::<1>(&rows, partitions::MOST_PARTS, Some(&mut ids), threads, progress).unwrap();
        assert!(ids == codes);
        assert!(grouped.keys.iter().copied().eq(0..classes as u64));
        let twice = count - classes;
        assert!(
            grouped.counts.iter().enumerate().all(|(class, &rows)| rows == if class < twice { 2 } else { 1 })
        );
    }
}

#[test]
fn tables_give_up_when_a_sample_misled_and_progress_is_counted_once() {
    // Blocks that the sample looks at hold one tuple, all others are unique.
    let count = 1 << 21;
    let blocks = SAMPLE / BLOCK;
    let mut codes: Vec<u32> = (1..=count as u32).collect();
    for number in 0..blocks {
        let start = (count - BLOCK) * number / blocks;
        codes[start..start + BLOCK].fill(0);
    }
    let columns = [Column { codes: &codes, cardinality: u32::MAX }];
    let layout = Layout::new([u32::MAX].into_iter());
    let rows = Rows { columns: &columns, layout: &layout, count };
    assert_eq!(sample::<1>(&rows), (SAMPLE, 0));
    let unique = (count - blocks * BLOCK) as u64;
    for threads in [1, 2] {
        let monitor = Monitor::new();
        let given_up =
            tables::group::<1>(&rows, None, true, threads, &Progress::new(&monitor, 1, 0)).unwrap();
        assert!(given_up.is_none());
        let before = monitor.progress().0;
        assert!(0 < before && before < count as u64 / 2, "gave up after {before} rows");

        let monitor = Monitor::new();
        let sizes = sizes(&columns, &layout, threads, &monitor).unwrap();
        assert_eq!(sizes.counts, [(1, unique), ((blocks * BLOCK) as u64, 1)]);
        assert_eq!(monitor.progress().0, count as u64);
        let mut ids = Vec::new();
        let grouped = group(&columns, &layout, Some(&mut ids), threads, &monitor).unwrap();
        assert_eq!(grouped.keys.len() as u64, unique + 1);
        assert!(codes.iter().zip(&ids).all(|(&code, &id)| grouped.keys[id as usize] == u64::from(code)));
        assert_eq!(monitor.progress().0, 2 * count as u64);
    }
}

#[test]
fn the_first_code_out_of_range_is_reported_at_any_number_of_threads() {
    let mut random = Random(3);
    for tuples in [50, 1 << 30] {
        let mut example = Example::new(&mut random, 2, 400_000, tuples);
        example.codes[3][200_123] = u32::MAX;
        example.codes[1][390_000] = u32::MAX;
        let columns = example.columns();
        let layout = Layout::new(columns.iter().map(|column| column.cardinality));
        for threads in 1..5 {
            let error = sizes(&columns, &layout, threads, &Monitor::new()).unwrap_err();
            assert!(matches!(error, Error::CodeOutOfRange { attribute: 3, .. }), "{error}");
            let error = group(&columns, &layout, None, threads, &Monitor::new()).err().unwrap();
            assert!(matches!(error, Error::CodeOutOfRange { attribute: 3, .. }), "{error}");
        }
    }
}

#[test]
fn a_cancelled_grouping_ends_soon_and_says_so() {
    let mut random = Random(4);
    for tuples in [1000, 1 << 30] {
        let example = Example::new(&mut random, 1, 2_000_000, tuples);
        let columns = example.columns();
        let layout = Layout::new(columns.iter().map(|column| column.cardinality));
        for threads in [1, 2] {
            for with_ids in [false, true] {
                let monitor = Monitor::new();
                std::thread::scope(|scope| {
                    let working = scope.spawn(|| {
                        let mut ids = Vec::new();
                        let error = if with_ids {
                            group(&columns, &layout, Some(&mut ids), threads, &monitor).err()
                        } else {
                            sizes(&columns, &layout, threads, &monitor).err()
                        };
                        (error, std::time::Instant::now())
                    });
                    while monitor.progress().0 == 0 && !working.is_finished() {
                        std::thread::yield_now();
                    }
                    monitor.cancel();
                    let cancelled = std::time::Instant::now();
                    let (error, ended) = working.join().unwrap();
                    assert_eq!(error, Some(Error::Cancelled), "{tuples} {threads} {with_ids}");
                    let waited = ended.saturating_duration_since(cancelled);
                    assert!(waited.as_millis() < 200, "it took {waited:?} to stop");
                });
            }
        }
    }
}

#[test]
fn tasks_are_answered_in_order_and_the_first_failure_counts() {
    for threads in 1..5 {
        let (squares, states) = work_off(
            threads,
            0..100usize,
            |_| 0,
            |done, number, task| {
                *done += 1;
                assert_eq!(number, task);
                Ok(task * task)
            },
        )
        .unwrap();
        assert!(squares.iter().enumerate().all(|(i, &square)| i * i == square));
        assert_eq!(states.iter().sum::<usize>(), 100);
        assert_eq!(states.len(), threads);

        let failed = work_off(
            threads,
            0..100usize,
            |_| (),
            |(), _, task| match task {
                3.. => Err(Error::UnequalLengths { attribute: task, expected: 0, found: 0 }),
                _ => Ok(()),
            },
        );
        assert_eq!(failed.err(), Some(Error::UnequalLengths { attribute: 3, expected: 0, found: 0 }));
    }
}

#[test]
fn keys_that_share_all_but_a_few_bits_spread_over_the_parts() {
    // What a fixed, known hash could be made to fail at: low bits only, high bits only.
    for shift in [0, 44] {
        let parts = Seed::of_process();
        let mut rows_of_part = vec![0u32; 1024];
        for i in 0..1u64 << 20 {
            rows_of_part[(parts.hash(&[i << shift]) >> 54) as usize] += 1;
        }
        let most = rows_of_part.iter().max().unwrap();
        assert!(*most < 4096, "{most} of a million keys in one of 1024 parts");
    }
}
