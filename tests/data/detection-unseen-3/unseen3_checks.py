"""Numbers with real check digits."""

from __future__ import annotations

from datetime import date
from random import Random

from unseen3_core import fill


def luhn_digit(body: str) -> str:
    """The digit that makes body + digit pass the Luhn test."""
    total = 0
    for pos, ch in enumerate(reversed(body)):
        n = int(ch) * (2 if pos % 2 == 0 else 1)
        total += n - 9 if n > 9 else n
    return str(-total % 10)


def imei(rng: Random) -> str:
    """A 15-digit IMEI with a real-looking type code."""
    body = rng.choice(["35391511", "35674108", "86482305", "35209900"]) + fill(rng, "######")
    return body + luhn_digit(body)


def iban(country: str, bban: str) -> str:
    """An IBAN with its two check digits."""
    moved = "".join(str(int(ch, 36)) for ch in bban + country + "00")
    return f"{country}{98 - int(moved) % 97:02d}{bban}"


def steuer_id(rng: Random) -> str:
    """German tax number: ten digits with one digit twice, ISO 7064 check digit."""
    digits = rng.sample(range(10), 9)
    digits.append(rng.choice(digits[1:]))
    if digits[0] == 0:
        digits[0], digits[1] = digits[1], digits[0]
    product = 10
    for d in digits:
        total = (d + product) % 10 or 10
        product = total * 2 % 11
    return "".join(map(str, digits)) + str((11 - product) % 10)


def sv_nummer(rng: Random, dob: date, last: str) -> str:
    """German pension insurance number."""
    area = rng.choice(["12", "13", "15", "53", "65", "04"])
    head = area + dob.strftime("%d%m%y")
    letter = f"{ord(last[0].upper()) - 64:02d}" if last[0].upper() in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" else "15"
    serial = f"{rng.randint(0, 49):02d}"
    factors = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]
    total = sum(sum(map(int, str(int(d) * f))) for d, f in zip(head + letter + serial, factors, strict=False))
    return f"{head}{last[0].upper() if letter != '15' else 'O'}{serial}{total % 10}"


def nir(rng: Random, dob: date, female: bool, dept: str) -> str:
    """French social security number with its key."""
    body = f"{2 if female else 1}{dob:%y%m}{dept}{rng.randint(1, 580):03d}{rng.randint(1, 400):03d}"
    return f"{body}{97 - int(body) % 97:02d}"


def dni(rng: Random) -> str:
    """Spanish DNI, or now and then a NIE."""
    letters = "TRWAGMYFPDXBNJZSQVHLCKE"
    if rng.random() < 0.15:
        first, number = rng.choice("XY"), rng.randint(1000000, 9999999)
        return f"{first}{number}{letters[int(str('XYZ'.index(first)) + str(number)) % 23]}"
    number = rng.randint(10000000, 79999999)
    return f"{number}{letters[number % 23]}"


def _three(word: str, given: bool) -> str:
    plain = "".join(ch for ch in word.upper() if "A" <= ch <= "Z")
    cons = [ch for ch in plain if ch not in "AEIOU"]
    vowels = [ch for ch in plain if ch in "AEIOU"]
    if given and len(cons) > 3:
        cons = [cons[0], cons[2], cons[3]]
    return "".join(cons + vowels + ["X", "X", "X"])[:3]


def codice_fiscale(last: str, first: str, dob: date, female: bool, place: str) -> str:
    """Italian tax code with its check letter."""
    month = "ABCDEHLMPRST"[dob.month - 1]
    body = f"{_three(last, False)}{_three(first, True)}{dob:%y}{month}{dob.day + (40 if female else 0):02d}{place}"
    odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23]
    total = 0
    for pos, ch in enumerate(body):
        n = int(ch) if ch.isdigit() else ord(ch) - 65
        total += odd[n] if pos % 2 == 0 else n
    return body + chr(65 + total % 26)


def cpf(rng: Random) -> str:
    """Brazilian CPF with dots and dash."""
    digits = [rng.randint(0, 9) for _ in range(9)]
    for _ in range(2):
        size = len(digits) + 1
        rest = sum(d * (size - i) for i, d in enumerate(digits)) * 10 % 11
        digits.append(rest % 10)
    s = "".join(map(str, digits))
    return f"{s[:3]}.{s[3:6]}.{s[6:9]}-{s[9:]}"


def cns(rng: Random) -> str:
    """Brazilian health card number starting with 7: the weighted sum is a multiple of 11."""
    while True:
        body = "70" + fill(rng, "############")
        total = sum(int(d) * (15 - i) for i, d in enumerate(body))
        last = -total % 11
        if last < 10:
            return body + str(last)


def ean(body: str) -> str:
    """Body with its GS1 check digit (EAN-13, EAN-18)."""
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(body)))
    return body + str(-total % 10)


def personnummer(rng: Random, dob: date, female: bool) -> str:
    """Swedish personal number, the twelve-digit form with a dash."""
    serial = f"{rng.randint(1, 98):02d}{rng.choice('02468' if female else '13579')}"
    return f"{dob:%Y%m%d}-{serial}{luhn_digit(dob.strftime('%y%m%d') + serial)}"


def pesel(rng: Random, dob: date, female: bool) -> str:
    """Polish PESEL."""
    month = dob.month + (20 if dob.year >= 2000 else 0)
    body = f"{dob:%y}{month:02d}{dob:%d}{rng.randint(0, 999):03d}{rng.choice('02468' if female else '13579')}"
    total = sum(int(d) * w for d, w in zip(body, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3], strict=False))
    return body + str(-total % 10)


def cpr(rng: Random, dob: date, female: bool) -> str:
    """Danish CPR number (no check digit since 2007)."""
    return f"{dob:%d%m%y}-{rng.randint(400, 999)}{rng.choice('02468' if female else '13579')}"


def siren(rng: Random) -> str:
    """French company number."""
    body = fill(rng, "########").replace("0", "4", 1)
    return body + luhn_digit(body)


def ust_id(rng: Random) -> str:
    """German VAT number, ISO 7064 MOD 11,10."""
    digits = [rng.randint(1, 9)] + [rng.randint(0, 9) for _ in range(7)]
    product = 10
    for d in digits:
        total = (d + product) % 10 or 10
        product = total * 2 % 11
    return "DE" + "".join(map(str, digits)) + str((11 - product) % 10)
