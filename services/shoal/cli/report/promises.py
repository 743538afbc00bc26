"""What each privacy model does not promise, in words for the person who signs."""

from __future__ import annotations

from collections.abc import Iterable

SHARED = (
    "k-anonymity does not stop the disclosure of what a whole class shares: where everybody who looks alike has the same "
    "diagnosis, looking alike protects nobody's diagnosis."
)
_BY_MODEL = {
    "k_anonymity": SHARED,
    "k_map": (
        "k-map counts people of the population, not of the table: somebody who knows that a person is in the table may find "
        "them in a smaller crowd. It is as good as the population table it was computed with."
    ),
    "l_diversity": (
        "l-diversity does not stop conclusions from shares: values may differ and yet mean the same (three kinds of cancer), "
        "and a class may have a rare value far more often than everybody else."
    ),
    "t_closeness": (
        "t-closeness keeps classes close to the whole, so what is learned about a person is at most what the whole table says, "
        "plus t. It does not stop singling out a row, and it says nothing about columns it was not asked for."
    ),
    "delta_presence": (
        "δ-presence bounds how sure one can be that a person is in the table. It bounds nothing that is learned about them."
    ),
    "delta_disclosure": "δ-disclosure privacy bounds what a class says about one column. It does not stop singling out a row.",
    "beta_likeness": "β-likeness bounds how much likelier a value becomes in a class. It does not stop singling out a row.",
    "risk_limit": ("A limit of risk is about being found. It bounds nothing that is learned about people who are not found."),
}
ALWAYS = (
    "Nothing here protects people from a second release: two tables about the same people can be laid over each other. Release "
    "once, or compare before each release.",
    "Only the columns that the policy calls quasi-identifiers were made coarser. Whoever knows another column of the release "
    "about a person can look for it.",
    "The numbers hold for the attackers that are described here, not for every attacker.",
)


def not_promised(models: Iterable[str]) -> list[str]:
    """The sentences that the reader of a release must know, for the kinds of models asked for, each once."""
    kinds = list(dict.fromkeys(models))
    own = [_BY_MODEL[kind] for kind in kinds if kind in _BY_MODEL]
    if "k_anonymity" not in kinds and not {"t_closeness", "delta_disclosure", "beta_likeness"} & set(kinds):
        own.append(SHARED)
    return [*own, *ALWAYS]
