"""What holds for every built-in hierarchy, whatever the values."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from shoal.privacy.hierarchies import (
    DateSpec,
    DateUnit,
    DefaultSpec,
    ExplicitSpec,
    Hierarchy,
    HierarchySpec,
    IntervalSpec,
    MaskingDirection,
    MaskingSpec,
    PathSpec,
    RoundingSpec,
    TopSpec,
    build,
)

EXAMPLES = settings(max_examples=200, deadline=None)
texts = st.lists(st.none() | st.text(max_size=6) | st.text(alphabet="*#ab/", max_size=5), max_size=20)
decimals = st.decimals(min_value=-(10**9), max_value=10**9, places=4, allow_nan=False)
numbers = st.lists(
    st.none() | decimals.map(lambda value: f"{value:f}") | st.integers(-(10**12), 10**12).map(str),
    max_size=20,
)
steps = st.tuples(st.sampled_from([1, 2, 5, 0.1, 0.25, 3, 7]), st.lists(st.integers(1, 5), max_size=3)).map(
    lambda drawn: tuple(float(Decimal(str(drawn[0])) * int(np.prod(drawn[1][:end]))) for end in range(len(drawn[1]) + 1))
)


def check(values: list[object], spec: HierarchySpec) -> Hierarchy:
    """Builds twice and checks what no kind may break."""
    column = pl.Series(values) if any(value is not None for value in values) else pl.Series(values, dtype=pl.String)
    built, again = build("x", column, spec), build("x", column, spec)
    assert built.leaves.gather(built.row_codes).to_list() == values
    assert built.leaves.to_list() == again.leaves.to_list()
    assert built.levels == len(built.labels) + 1 == len(built.codes) + 1
    finer = np.arange(len(built.leaves))
    for label, codes, other in zip(built.labels, built.codes, again.codes, strict=True):
        assert label.dtype == pl.String
        assert codes.dtype == np.uint32
        assert codes.flags.c_contiguous
        assert (codes == other).all()
        assert sorted(set(codes.tolist())) == list(range(label.n_unique())), "dense"
        assert len(set(zip(codes.tolist(), label.to_list(), strict=True))) == label.n_unique()
        assert len(set(zip(finer.tolist(), codes.tolist(), strict=True))) == len(set(finer.tolist())), "nested"
        finer = codes
    for label in built.labels[:-1]:
        assert label.is_null().to_list() == built.leaves.is_null().to_list(), "null stays null below the top"
    assert built.labels[-1].to_list() == ["*"] * len(built.leaves)
    return built


@EXAMPLES
@given(
    texts,
    st.sampled_from(MaskingDirection),
    st.sampled_from(["*", "#", "a", "é", "😀", '"', ";"]),
    st.none() | st.integers(1, 8),
)
def test_masking(values: list[str | None], direction: MaskingDirection, mask: str, last: int | None) -> None:
    built = check(list(values), MaskingSpec(direction=direction, mask_char=mask, max_level=last))
    for level, label in enumerate(built.labels[:-1], 1):
        for leaf, text in zip(built.leaves, label, strict=True):
            if leaf is None:
                continue
            kept = max(len(leaf) - level, 0)
            right = leaf[:kept] + mask * level
            assert text == (right if direction is MaskingDirection.RIGHT else mask * level + leaf[len(leaf) - kept :])


@EXAMPLES
@given(texts, st.lists(st.integers(0, 7), min_size=1, max_size=4))
def test_positions(values: list[str | None], positions: list[int]) -> None:
    built = check(list(values), MaskingSpec(positions=tuple(positions), mask_char="#"))
    assert built.levels == 3
    for leaf, text in zip(built.leaves, built.labels[0], strict=True):
        if leaf is not None:
            assert text == "".join("#" if place in positions else each for place, each in enumerate(leaf))


@EXAMPLES
@given(numbers, steps, st.sampled_from([0.0, 2.5, -1.0, 0.1]))
def test_intervals(values: list[str | None], widths: tuple[float, ...], origin: float) -> None:
    built = check(list(values), IntervalSpec(widths=widths, origin=origin))
    for width, label in zip(widths, built.labels, strict=False):
        exact = Decimal(repr(width))
        for leaf, text in zip(built.leaves, label, strict=True):
            if leaf is None:
                continue
            lower = (Decimal(leaf) - Decimal(repr(origin))) // exact * exact + Decimal(repr(origin))
            if lower > Decimal(leaf):  # Decimal divides towards zero
                lower -= exact
            assert lower <= Decimal(leaf) < lower + exact
            assert text == f"[{plain(lower)}-{plain(lower + exact)})"


def plain(number: Decimal) -> str:
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


@EXAMPLES
@given(numbers, steps, st.integers(-100, 100), st.integers(1, 1000))
def test_bounded_intervals(values: list[str | None], widths: tuple[float, ...], lower: int, span: int) -> None:
    built = check(list(values), IntervalSpec(widths=widths, lower_bound=lower, upper_bound=lower + span))
    inside = check(
        [f"{lower}", f"{lower + span}"],
        IntervalSpec(widths=widths, lower_bound=lower, upper_bound=lower + span),
    )
    first, last = inside.labels[0].gather(inside.row_codes)
    for leaf, text in zip(built.leaves, built.labels[0], strict=True):
        if leaf is not None and Decimal(leaf) <= lower:
            assert text == first
        elif leaf is not None and Decimal(leaf) >= lower + span:
            assert text == last


@EXAMPLES
@given(numbers, steps)
def test_rounding(values: list[str | None], multiples: tuple[float, ...]) -> None:
    built = check(list(values), RoundingSpec(multiples=multiples))
    for leaf, text in zip(built.leaves, built.labels[0], strict=True):
        if leaf is not None:
            step = Decimal(repr(multiples[0]))
            count = (abs(Decimal(leaf)) / step).quantize(Decimal(1), rounding="ROUND_HALF_UP")
            assert Decimal(text) == (count * step).copy_sign(Decimal(leaf))


@EXAMPLES
@given(
    st.lists(st.none() | st.dates(), max_size=20),
    st.sets(st.sampled_from(DateUnit), min_size=1),
    st.booleans(),
)
def test_dates(values: list[dt.date | None], units: set[DateUnit], as_text: bool) -> None:
    levels = tuple(unit for unit in DateUnit if unit in units)
    column: list[object] = [value and value.isoformat() for value in values] if as_text else list(values)
    built = check(column, DateSpec(levels=levels))
    if DateUnit.YEAR in units:
        label = built.labels[levels.index(DateUnit.YEAR)]
        assert [text and int(text) for text in label.gather(built.row_codes)] == [value and value.year for value in values]


@EXAMPLES
@given(texts, st.sampled_from(["/", "a", "*b", "é"]))
def test_paths(values: list[str | None], separator: str) -> None:
    built = check(list(values), PathSpec(separator=separator))
    deepest = max((len(value.split(separator)) for value in values if value is not None), default=0)
    assert built.levels == max(deepest, 1) + 1
    for level, label in enumerate(built.labels[:-1], 1):
        for leaf, text in zip(built.leaves, label, strict=True):
            if leaf is not None:
                assert text == separator.join(leaf.split(separator)[: deepest - level])


@EXAMPLES
@given(texts | numbers)
def test_default_and_top(values: list[str | None]) -> None:
    assert not isinstance(check(list(values), DefaultSpec()).spec, DefaultSpec)
    assert check(list(values), TopSpec()).levels == 2


@EXAMPLES
@given(st.lists(st.floats(allow_nan=False, min_value=-1e12, max_value=1e12), max_size=20))
def test_floats_lie_in_their_bins(values: list[float]) -> None:
    column = pl.Series(values, dtype=pl.Float64)
    built = build("x", column, IntervalSpec(widths=(0.1, 1)))
    for leaf, text in zip(built.leaves, built.labels[0], strict=True):
        lower = Decimal(text[1:].rsplit("-", 1)[0].removesuffix("-"))
        # The number as it is written: the bin is of the shortest form, not of the binary fraction behind it.
        assert lower <= Decimal(repr(leaf)) < lower + Decimal("0.1")


@EXAMPLES
@given(st.data())
def test_explicit_tables(data: st.DataObject) -> None:
    leaves = data.draw(st.lists(st.text(max_size=4), min_size=1, max_size=8, unique=True))
    groups = data.draw(st.lists(st.integers(0, 3), min_size=len(leaves), max_size=len(leaves)))
    rows = tuple((leaf, f"g{group}", f"h{group // 2}", "*") for leaf, group in zip(leaves, groups, strict=True))
    column = data.draw(st.lists(st.sampled_from(leaves), max_size=20))
    values = [value or None for value in column]
    built = build("x", pl.Series(values, dtype=pl.String), ExplicitSpec(rows=rows))
    assert built.leaves.to_list() == [leaf or None for leaf in leaves]
    assert built.leaves.gather(built.row_codes).to_list() == values
    for level in (1, 2, 3):
        expected = [rows[leaves.index(value or "")][level] for value in values]
        assert built.label_at(level).gather(built.row_codes).to_list() == expected
