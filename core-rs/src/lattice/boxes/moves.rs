//! Ways through the lattice from node to node: to a first release, to better ones, and to nodes that cover much.

use super::Judge;
use crate::lattice::budget::Halt;
use crate::lattice::context::Context;

/// The share of the time, or of the nodes, that first releases may take.
const FIRST: f64 = 0.25;

/// With more nodes checked, pairs of steps are not tried any more: a lattice of many attributes has many pairs.
const MOST_FOR_SWAPS: u64 = 4000;

/// Looks for the first node of a path upwards that qualifies, as if nodes qualified from some place on.
pub(super) fn ascend<J: Judge>(judge: &mut J, context: &Context<'_>, path: &[Vec<u16>]) -> Result<(), Halt> {
    context.ascend(path, |levels| {
        if judge.checked(levels).is_none() {
            judge.check(levels)?;
        }
        Ok(judge.checked(levels).flatten().is_some())
    })?;
    Ok(())
}

/// From a covered node goes up as long as nodes are covered, by the least `cost` of going on first.
pub(super) fn climb<J: Judge>(
    judge: &mut J,
    context: &Context<'_>,
    levels: &mut [u16],
    low: &[u16],
    cost: impl Fn(usize, u16) -> u64,
) -> Result<(), Halt> {
    let tops = context.lattice.tops();
    let mut ways: Vec<usize> = (0..levels.len()).filter(|&j| levels[j] < tops[j]).collect();
    while let Some(place) =
        (0..ways.len()).min_by_key(|&place| (cost(ways[place], levels[ways[place]]), ways[place]))
    {
        let j = ways.swap_remove(place);
        // The highest level first: an attribute in which nobody can go beyond the node is the best of all.
        let (mut below, mut above, mut next) = (levels[j], tops[j] + 1, tops[j]);
        while below + 1 < above {
            levels[j] = next;
            if judge.turns_out_covered(levels, low)? {
                below = next;
            } else {
                above = next;
            }
            next = below.midpoint(above);
        }
        levels[j] = below;
    }
    Ok(())
}

/// The value of a node if it qualifies, unless it is known without a check that it cannot win.
fn value_of<J: Judge>(judge: &mut J, levels: &[u16]) -> Result<Option<u64>, Halt> {
    if let Some(value) = judge.checked(levels) {
        return Ok(value);
    }
    if judge.is_covered(levels, levels) {
        return Ok(None);
    }
    judge.check(levels)?;
    Ok(judge.checked(levels).flatten())
}

/// From a node that qualifies goes down as long as that helps, by the largest step first. The attribute `fixed` stays.
pub(super) fn descend<J: Judge>(
    judge: &mut J,
    from: &[u16],
    fixed: impl Into<Option<usize>>,
) -> Result<(), Halt> {
    let Some(mut value) = value_of(judge, from)? else { return Ok(()) };
    let (fixed, mut levels) = (fixed.into(), from.to_vec());
    loop {
        let mut ways: Vec<(f64, usize)> = (0..levels.len())
            .filter(|&j| Some(j) != fixed && levels[j] > 0)
            .map(|j| (judge.cost(j, levels[j]) - judge.cost(j, levels[j] - 1), j))
            .collect();
        ways.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut stepped = false;
        for (_, j) in ways {
            levels[j] -= 1;
            match value_of(judge, &levels)? {
                Some(less) if less < value => {
                    (value, stepped) = (less, true);
                    break;
                }
                _ => levels[j] += 1,
            }
        }
        if !stepped {
            return Ok(());
        }
    }
}

/// From the best node goes on to others as long as one is better: down; or up in one attribute and down in others; or that
/// with each of the others first, not only the one whose step is the largest.
pub(super) fn improve<J: Judge>(judge: &mut J, context: &Context<'_>) -> Result<(), Halt> {
    let (tops, budget) = (context.lattice.tops(), &context.budget);
    while let Some((value, best)) = judge.best() {
        let best = best.to_vec();
        descend(judge, &best, None)?;
        let ups: Vec<(usize, u16)> =
            (0..best.len()).flat_map(|j| (best[j] + 1..=tops[j]).map(move |level| (j, level))).collect();
        let lowered: Vec<usize> = (0..best.len()).filter(|&j| best[j] > 0).collect();
        let downs = std::iter::once(None).chain(lowered.into_iter().map(Some));
        for (down, &(j, level)) in downs.flat_map(|down| ups.iter().map(move |up| (down, up))) {
            if budget.spent() > FIRST || (down.is_some() && budget.checked() > MOST_FOR_SWAPS) {
                return Ok(());
            }
            let mut near = best.clone();
            if let Some(down) = down {
                near[down] -= 1;
            }
            near[j] = level;
            descend(judge, &near, j)?;
            if down.is_some() && judge.best().is_some_and(|(less, _)| less < value) {
                break;
            }
        }
        if judge.best().is_none_or(|(less, _)| less >= value) {
            return Ok(());
        }
    }
    Ok(())
}
