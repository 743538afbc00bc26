"""What the values of a column look like, as shares of those looked at.

Regular expressions go through polars, whose engine is linear in the text. Check digits and numbering plans are those of
python-stdnum and phonenumbers: a shape proposes, a checksum decides.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module

import numpy as np
import polars as pl

from shoal.detection.lexicon_files import family_names, given_names
from shoal.detection.names import canonical

__all__ = ["MOST_CHECKED", "PATTERNS", "Look", "checked_shares", "looks_of"]

MOST_CHECKED = 60
"""The most values whose check digits are computed: enough to tell 80 % from 10 %, the chance of the weakest check digit."""

_MONTHS = (
    "jan|feb|fev|mar|mrt|apr|abr|avr|mai|may|mei|mag|maj|jun|jui|giu|jul|juil|lug|aug|aou|aoû|ago|sep|set|oct|okt|ott|out|nov|"
    "dec|dez|dic|déc"
)
_DATE = r"(?:(?:1[89]|20)\d\d([-/.])(?:0?[1-9]|1[0-2])([-/.])(?:0?[1-9]|[12]\d|3[01])|" + (
    r"(?:0?[1-9]|[12]\d|3[01])([-/.])(?:0?[1-9]|[12]\d|3[01])([-/.])(?:(?:1[89]|20)\d\d|\d\d)|"
    rf"(?:0?[1-9]|[12]\d|3[01])\.?[- /]?(?:{_MONTHS})\p{{L}}*\.?,?[- /]?(?:(?:1[89]|20)\d\d|\d\d)|"
    rf"(?:{_MONTHS})\p{{L}}*\.? (?:0?[1-9]|[12]\d|3[01]),? (?:1[89]|20)\d\d)"
)
_CLOCK = r"(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?(?: ?[ap]m)?"
_STREETS = (
    r"street|st\.?|avenue|ave\.?|road|rd\.?|lane|drive|dr\.?|court|boulevard|blvd|place|square|terrace|rue|impasse|allée|chemin|"
    r"quai|calle|avenida|plaza|paseo|via|viale|piazza|corso|vicolo|rua|travessa|largo|praça|straat|laan|weg|plein|gracht|apt\.?|"
    r"suite|box|ul\.?|aleja|al\.?|os\.?|ulice|náměstí|nám\.?|třída|utca|u\.?|út|tér|krt\.?|strada|str\.?|calea|bulevardul|"
    r"väg|vägen"
)
_STREET_ENDS = (
    r"straße|strasse|str\.|weg|gasse|platz|allee|ring|damm|ufer|straat|laan|plein|gracht|kade|dreef|singel|gatan|gata|vägen|gade|"
    r"vej|gaten|veien|katu|tie|gränd|stræde|kuja|steeg|dijk|pfad|steig|chaussee|markt|hof"
)

PATTERNS: dict[str, str] = {
    "digits": r".*\d.*",
    "integer": r"[-+]?\d{1,18}",
    "decimal": r"[-+]?(?:\d+(?:[.,]\d+)?|[.,]\d+)(?:[eE][-+]?\d+)?",
    "quantity": (
        r"[-+]?(?:(?:€|\$|£|kr|zł|kč|ft|eur|usd|gbp|chf|sek|nok|dkk|pln|czk|huf|r\$) ?)?"
        r"(?:\d{1,3}(?:[ .,'’\u00a0]\d{3})+|\d+)(?:[.,]\d+)?"
        r"(?: ?(?:€|\$|£|kr\.?|zł|kč|ft|eur|usd|gbp|chf|sek|nok|dkk|pln|czk|huf|%|"
        r"kg|g|km|m|cm|mm|m2|m²|h|min|kwh|gb|mb|years?|ans|jahre))?"
    ),
    "date": rf"{_DATE}(?:[T ]+{_CLOCK}(?:Z|[-+]\d\d:?\d\d)?)?",
    "compact_date": (
        r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:T?(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d(?:\d{3})?)?)?"
    ),
    "month_date": r"(?:(?:19|20)\d\d[-/.](?:0[1-9]|1[0-2])|(?:0[1-9]|1[0-2])[-/.](?:19|20)\d\d)",
    "time": _CLOCK,
    "clocked": rf".*\d[T ]+{_CLOCK}(?:Z|[-+]\d\d:?\d\d)?",
    "year": r"(?:1[89]|20)\d\d(?:\.0+)?",
    "email": r"[^\s@]+@[^\s@]+\.\p{L}{2,}",
    "url": r"(?:https?://|www\.)\S+",
    "uuid": r"\{?[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\}?",
    "hash": r"(?:0x)?(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{12,20}[a-f][0-9a-f]*)",
    "ip": r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)|(?:[0-9a-f]{1,4}:){3,7}[0-9a-f:]{1,}",
    "mac": r"(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}",
    "icd10": r"[a-tv-z]\d[0-9ab](?:\.[0-9a-tv-z]{1,4}|[0-9a-tv-z]?)",
    "interval": r"[\[(<>≤≥]?=? ?\d+(?:[.,]\d+)? ?(?:[-–,;:]|to|bis|à|a|-<) ?[<]?\d+(?:[.,]\d+)? ?[\])]?|[<>≤≥]=? ?\d+|\d+ ?\+",
    "postcode": (
        r"\d{5}(?:-\d{4})?|[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}|\d{4} ?[a-z]{2}|[a-z]\d[a-z] ?\d[a-z]\d|\d{4}-\d{3}|\d{2}-\d{3}|"
        r"(?:d|f|i|e|ch|a|b|l|nl|dk|n|s|pl|cz|fi)-\d{4,5}|\d{5}-\d{3}|\d{3} \d{2}|[a-z]\d[\dw] ?[a-z\d]{4}"
    ),
    "coordinate": r"[-+]?(?:1[0-7]\d|\d{1,2})[.,]\d{4,8}|[-+]?\d{1,3}\.\d{3,}[,; ] ?[-+]?\d{1,3}\.\d{3,}",
    "iban": r"[a-z]{2}\d{2}(?: ?[a-z0-9]{2,4}){3,8}",
    "phone": r"\+?[\d(][\d ().\-/]{5,18}\d(?: ?(?:x|ext\.?) ?\d{1,5})?",
    "address": rf".*\d.*\b(?:{_STREETS})\b.*|.*\b(?:{_STREETS})\b.*\d.*|.*(?:{_STREET_ENDS}) ?\d+.*|"
    r"\d{4,5} \p{L}[^,;]*[,;] ?\p{L}[^,;]* \d+.*|\p{Lu}[^,;]* \d+\p{L}?, ?(?:\p{L}-)?\d{2}[- ]?\d{2,3} \p{L}.*",
    "street": rf"(?:.*\b(?:{_STREETS})|.*(?:{_STREET_ENDS})|(?:{_STREETS})\b.*)",
    "code": r"[\p{L}]{0,8}[-_./ ]?\d[\dA-Z]*(?:[-_./][\dA-Z]+)*",
    "sentence": r"(?s).*\p{L}+[ ,.;:]+\p{L}+.*",
    "words": r"\p{L}[\p{L}'’.\-]*(?:(?:,? |/)[\p{L}'’.\-]+)*",
    "capitalised": r"\p{Lu}[\p{L}'’\-]*\.?(?:(?:,? |/)(?:\p{Lu}[\p{L}'’\-]*\.?|"
    r"(?:de|da|do|dos|di|van|von|der|den|le|la|del)))*",
    "firm": r".*\b(?:inc|llc|llp|ltd|plc|corp|group|gmbh|ag|kg|ohg|ug|e\.?v|se|sarl|s\.?a|sas|s\.?l|s\.?r\.?l|s\.?p\.?a|lda|"
    r"ltda|b\.?v|n\.?v|"
    r"and sons|et fils|& co|partners|school|university|hospital|clinic|college|institute|foundation)\b\.?.*",
    "flag": r"yes|no|y|n|true|false|t|f|0|1|0\.0|1\.0|ja|nein|nee|j|si|sí|s|oui|non|o|sim|não|nao|vero|falso|wahr|falsch|x|"
    r"nej|nei|da|ne|tak|nie|ano|igen|nem|i|a|kyllä|kylla|ei|k|v|on|off|j/n|po|jo",
    "sexes": r"m|f|w|d|h|v|mr|mrs|ms|miss|dr|prof|herr|frau|monsieur|madame|mademoiselle|mme|mlle|dhr|mevr|mevrouw|meneer|sr|"
    r"sra|srta|señor|señora|sig|sig\.ra|signor|signora|sr\.|sra\.|mr\.|mrs\.|ms\.|dr\.|prof\.|fr\.|hr\.|male|female|man|woman|boy|girl|mann|"
    r"männlich|weiblich|divers|junge|mädchen|homme|femme|garçon|fille|hombre|mujer|varón|niño|niña|maschio|femmina|uomo|donna|"
    r"masculino|feminino|femenino|masculin|féminin|mulher|homem|vrouw|jongen|meisje|mannelijk|vrouwelijk|onbekend|diverse|"
    r"k|ž|kvinna|kvinne|kvinde|mand|pojke|flicka|gutt|jente|dreng|pige|nainen|mies|kobieta|mężczyzna|mezczyzna|kobiety|pan|pani|"
    r"muž|žena|muz|zena|férfi|nő|ferfi|no|ffi|n|bărbat|femeie|masc|fem|fem\.|masc\.|herr|fru|hr|fr|hona|hane|annat|annet|annan|andet|muu|inne|jiné|"
    r"egyéb|altro|outro|otro|autre|anders|weibl\.?|männl\.?|weibl|maennl|"
    r"other|nonbinary|non-binary|unknown|unbekannt|inconnu|transgender|intersex|x|u|n/a|na",
}
"""Whole values, in any case but for `code` and `capitalised`; polars anchors nothing by itself."""

_CASED = frozenset({"code", "capitalised"})


_OF_NUMBERS = (
    *("integer", "decimal", "compact_date", "year", "uuid", "hash", "postcode", "coordinate", "phone", "code", "flag"),
    *("date", "month_date", "interval", "ip", "digits"),
)
"""The patterns that text of nothing but digits, signs and points may match: numbers are most of what there is to look at."""

_NUMBERS = r"^[-+0-9.,]+(?:[eE][-+]?[0-9]+)?$"


@dataclass(frozen=True)
class Look:
    """What a column's values look like. shares: of each pattern. characters, words: means. fixed: all are of one length."""

    shares: dict[str, float]
    characters: float
    words: float
    fixed: bool


def looks_of(columns: Sequence[pl.DataFrame]) -> list[Look]:
    """How each column's values look. columns: `value` (trimmed text, not null) and `weight` (cells), none of them empty."""
    if not columns:
        return []
    values = pl.concat(columns).with_columns(
        column=pl.Series(np.repeat(np.arange(len(columns)), [len(each) for each in columns])),
        length=_TEXT.str.len_chars(),
        number=_TEXT.str.contains(_NUMBERS),
    )
    numbers = values.group_by("column").agg(pl.col("number").all())
    numeric = pl.Series(numbers.filter("number")["column"]).implode()
    found: dict[int, Look] = {}
    for names, chosen in ((_OF_NUMBERS, pl.col("column").is_in(numeric)), (tuple(PATTERNS), ~pl.col("column").is_in(numeric))):
        measured = (
            values.filter(chosen)
            .select("column", "length", "weight", *_matches(names), spoken=_TEXT.str.count_matches(r"\S+"))
            .group_by("column")
            .agg(
                *((pl.col(name) * _WEIGHT).sum() for name in (*names, "spoken")),
                characters=(pl.col("length") * _WEIGHT).sum(),
                lengths=pl.col("length").n_unique(),
                cells=_WEIGHT.sum(),
            )
        )
        for row in measured.iter_rows(named=True):
            cells = row["cells"]
            shares = {name: row.get(name, 0) / cells for name in PATTERNS}
            found[row["column"]] = Look(shares, row["characters"] / cells, row["spoken"] / cells, row["lengths"] == 1)
    return [found[place] for place in range(len(columns))]


_TEXT, _WEIGHT = pl.col("value"), pl.col("weight")


@cache
def _matches(names: tuple[str, ...]) -> list[pl.Expr]:
    return [_TEXT.str.contains(_anchored(name)).alias(name) for name in names]


def _anchored(name: str) -> str:
    return rf"^(?:{PATTERNS[name]})$" if name in _CASED else rf"(?i)^(?:{PATTERNS[name]})$"


def _stdnum(module: str) -> Callable[[str], bool]:
    valid: Callable[[str], bool] = import_module(f"stdnum.{module}").is_valid
    return valid


NATIONAL = {
    # What is strict enough that a stranger's number passes by chance once in ten at most; formats without one need separators.
    r"\d{3}-\d{2}-\d{4}": ("us.ssn",),
    r"[12]\d{4}[\dABab]\d{6,8}|[12] ?\d\d ?\d\d ?\d[\dABab] ?\d{3} ?\d{3} ?\d{0,2}": ("fr.nir",),
    r"\d{2} ?\d{3} ?\d{3} ?\d{3}": ("de.idnr",),
    r"[0-9XYZKLMxyzklm]\d{7}-?[A-Za-z]": ("es.dni", "es.nie"),
    r"[A-Za-z]{6}\d{2}[A-Za-z]\d{2}[A-Za-z]\d{3}[A-Za-z]": ("it.codicefiscale",),
    r"\d{9}": ("nl.bsn", "pt.nif", "ca.sin"),
    r"\d{3}[ -]\d{3}[ -]\d{3}": ("ca.sin", "nl.bsn", "pt.nif"),
    r"\d{10}|\d{3}[ -]\d{3}[ -]\d{4}": ("gb.nhs", "pl.nip", "bg.egn"),
    r"\d{3}-\d{2}-\d{2}-\d{3}|\d{3}-\d{3}-\d{2}-\d{2}": ("pl.nip",),
    r"\d{6}/\d{3,4}": ("cz.rc",),
    r"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}|\d{11}": (
        *(
            "be.nn",
            "pl.pesel",
            "no.fodselsnummer",
            "br.cpf",
            "de.idnr",
            "ee.ik",
            "lt.asmens",
            "hr.oib",
            "tr.tckimlik",
            "gr.amka",
        ),
    ),
    r"\d{6} \d{5}": ("no.fodselsnummer",),
    r"\d{6}-\d{5}": ("lv.pvn",),
    r"756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}": ("ch.ssn",),
    r"\d{3}\.\d{3}\.\d{3}-\d{2}": ("br.cpf",),
    r"\d{6}[-+]\d{4}|\d{8}-?\d{4}": ("se.personnummer", "dk.cpr", "is_.kennitala"),
    r"\d{6}[-+A-Fa-f]\d{3}[0-9A-Za-z]": ("fi.hetu",),
    r"\d{4} ?\d{6}": ("at.vnr",),
    r"[A-Za-z]{4}\d{6}[A-Za-z]{6}[0-9A-Za-z]\d": ("mx.curp",),
    r"[A-Za-z]{4}\d{6}[0-9A-Za-z]{3}": ("mx.rfc",),
    r"\d{13}": ("za.idnr", "ro.cnp", "si.emso", "th.pin"),
    r"\d{7}[A-Wa-w][A-Wa-w]?": ("ie.pps",),
    r"[A-CEGHJ-PR-TW-Za-ceghj-pr-tw-z]{2}(?: ?\d{2}){3} ?[A-Da-d]": (),  # British: no check digit, but a shape
    r"\d{12}|\d{4} \d{4} \d{4}": ("in_.aadhaar",),
    r"[A-Za-z]{3}[ABCFGHLJPTabcfghljpt][A-Za-z]\d{4}[A-Za-z]": ("in_.pan",),
    r"\d{17}[0-9Xx]": ("cn.ric",),
    r"\d{6}-\d{7}": ("kr.rrn",),
    r"\d{1,2}\.?\d{3}\.?\d{3}-[0-9Kk]": ("cl.rut",),
    r"\d{2}-\d{8}-\d": ("ar.cuit",),
}
_RVNR = re.compile(r"\d{8}[A-Za-z]\d{3}")


@cache
def _checks() -> list[tuple[re.Pattern[str], tuple[Callable[[str], bool], ...]]]:
    return [(re.compile(pattern), tuple(_stdnum(module) for module in modules)) for pattern, modules in NATIONAL.items()]


def _national(value: str) -> bool:
    if _RVNR.fullmatch(value.replace(" ", "")):  # the shape of a German pension number is its own evidence
        return True
    return any(
        pattern.fullmatch(value) and (not checks or any(check(value) for check in checks)) for pattern, checks in _checks()
    )


def _card(value: str) -> bool:
    digits = value.replace(" ", "").replace("-", "")
    return digits.isdecimal() and 13 <= len(digits) <= 19 and digits[0] in "23456" and _stdnum("luhn")(digits)


def _phone(value: str) -> bool:
    """A number as people write telephone numbers: with a plus, a leading zero or separators; bare digits may be anything."""
    number = re.sub(r"(?i) ?(?:x|ext\.?) ?\d+$", "", value)
    digits = re.sub(r"\D", "", number)
    if not 7 <= len(digits) <= 15 or re.fullmatch(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}", number):
        return False
    if number.startswith(("+", "00")):
        import phonenumbers  # noqa: PLC0415 (slow to load, and every start of a server would)

        international = "+" + digits.removeprefix("00") if number.startswith("00") else "+" + digits
        try:
            return bool(phonenumbers.is_possible_number(phonenumbers.parse(international)))
        except phonenumbers.NumberParseException:
            return False
    separators = len(re.findall(r"[ ().\-/]+", number))
    return (number.startswith(("0", "(")) and len(digits) >= 9) or (separators >= 2 and len(digits) >= 9)


def _mentions(value: str) -> bool:
    """Whether a text names a person: a title and a capitalised word, or a given name beside a family name or such a word."""
    if _TITLED.search(value):
        return True
    known, families = given_names(), family_names()
    if any(canonical(match[1]) in known for match in _FULL_NAME.finditer(value)):
        return True
    if value.upper() != value:
        return False
    words = [canonical(word) for word in re.split(r"[^\w'’-]+", value) if word]  # capitals throughout tell nothing
    return any(
        (one in known and other in families) or (one in families and other in known)
        for one, other in itertools.pairwise(words)
        if len(one) > 2 and len(other) > 2
    )


def _named(value: str) -> bool:
    """Whether a value begins, or ends, with a frequent given name (or has one after a comma) or family name."""
    words = [canonical(word) for word in re.split(r"[ ,./\-]+", value) if word]
    if not 0 < len(words) <= 5:
        return False
    ends = (*words[:3], words[-1])
    return any(word in given_names() for word in ends) or any(word in family_names() for word in ends)


_CHECKS: dict[str, tuple[str, Callable[[str], bool]]] = {
    # name of the share: (the pattern that proposes, the check)
    "iban": ("iban", lambda value: _stdnum("iban")(value)),
    "card": ("phone", _card),
    "phone": ("phone", _phone),
    "names": ("words", _named),
    "mentions": ("sentence", _mentions),
}
_TITLED = re.compile(
    r"\b(?:[Mm]rs?|[Mm]s|[Mm]iss|[Mm]ister|Sir|Herrn?|Frau|Fam|Familie|Mme|Mlle|Madame|Monsieur|[Mm]evr|[Mm]w|[Dd]hr|[Mm]evrouw|"
    r"[Mm]eneer|[Mm]w/dhr|Sra?|Srta|Dona?|Señora?|[Ss]ig|[Ss]ig\.ra|[Ss]ignora?|[Ss]ra?|Fru|Pan|Pani|Paní|[Pp]an[ií]?|[Bb]uur(?:man|vrouw)|"
    r"[Nn]eighbour|[Nn]achbar(?:in)?|[Vv]ecin[oa]|[Vv]icin[oa]|[Vv]izinh[oa]|[Vv]oisine?)\b\.?"
    r" (?:(?:van|von|de|da|di|del|der|den) )*[A-ZÀ-Þ][\wÀ-ÿ'’-]{2,}"
)
_FULL_NAME = re.compile(r"\b([A-ZÀ-Þ][a-zà-ÿ]+)(?: [A-ZÀ-Þ]\.)? (?:(?:van|von|de|da|di|del|der) )*[A-ZÀ-Þ][a-zà-ÿ]+")


def checked_shares(values: pl.Series, proposed: dict[str, float]) -> dict[str, float]:
    """The shares of values that pass a check beyond their shape; of what no pattern proposed, 0.

    values: at most MOST_CHECKED distinct ones, trimmed text, not empty. proposed: what `looks_of` found.
    """
    texts = values.to_list()
    found = {
        name: sum(map(check, texts)) / len(texts) if proposed[pattern] >= 0.5 else 0.0
        for name, (pattern, check) in _CHECKS.items()
    }
    digits = sum(sum(map(str.isdigit, text)) >= 6 for text in texts) / len(texts)
    found["national"] = sum(map(_national, texts)) / len(texts) if digits >= 0.5 else 0.0
    return found
