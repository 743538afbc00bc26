"""Tables on which column classification is scored without having been written for them.

    python generate.py FOLDER

writes every table of labels.json as CSV into FOLDER, together with a copy of labels.json, so that FOLDER has the layout of the
public benchmark. The same bytes on every run: each table draws from its own generator, seeded by the table's name. Nobody in
here exists: names are drawn from lists of common given names and surnames, phone numbers, addresses on the net and mail domains
from ranges set aside for examples wherever such a range exists.

Sectors, languages and styles of naming differ from the public tables on purpose. labels.json was written from the definitions
of the classes alone; whoever changes a detector because of a column in here must replace the column.
"""

from __future__ import annotations

import csv
import json
import math
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

SEED = 20260930
TODAY = date(2026, 9, 30)
HERE = Path(__file__).resolve().parent

Row = dict[str, str | int | float | None]

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# language: women's given names, men's given names, surnames
NAMES: dict[str, tuple[str, str, str]] = {
    "nl": (
        "Sanne Fleur Anouk Maaike Femke Lotte Ingrid Wilma Truus Marijke Fatima Esra Noor Roos Hanneke Ilse Tineke Yasmina",
        "Jeroen Bas Sjoerd Wouter Maarten Joost Kees Henk Gerrit Thijs Mohamed Emre Daan Ruben Pieter Cor Rik Youssef",
        "Jansen Bakker Visser Smit Meijer Mulder Bos Vos Peters Hendriks Dekker Brouwer Dijkstra Smits Kok Jacobs Vermeulen "
        "Schouten Willems Hoekstra Koster Verhoeven Prins Huisman Kuiper Postma Yilmaz Aydin Bouzid Wouters Timmermans Boersma",
    ),
    "pt": (
        "Beatriz Inês Matilde Leonor Carolina Mafalda Joana Lara Mariana Benedita Rita Constança Íris Luana Teresa Yara",
        "Tomás Afonso Duarte Gonçalo Martim Rodrigo Diogo Guilherme Vasco Simão Rafael Lourenço Tiago Davi Salvador Wilson",
        "Silva Santos Ferreira Pereira Oliveira Costa Rodrigues Martins Sousa Fernandes Gonçalves Gomes Lopes Marques Alves "
        "Almeida Ribeiro Pinto Carvalho Teixeira Moreira Correia Mendes Nunes Soares Vieira Monteiro Cardoso Rocha Neves Cruz",
    ),
    "it": (
        "Giulia Chiara Francesca Alessia Martina Elisa Paola Antonella Rosa Giuseppina Carmela Ilaria Silvia Federica Teresa",
        "Marco Andrea Luca Matteo Giuseppe Salvatore Vincenzo Stefano Davide Roberto Pasquale Gennaro Fabio Enrico Simone",
        "Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti Costa Giordano Mancini Rizzo "
        "Lombardi Moretti Barbieri Fontana Santoro Mariani Rinaldi Caruso Ferrara Galli Martini Leone Longo Gentile Martinelli",
    ),
    "fr": (
        "Camille Manon Léa Chloé Aurélie Céline Sandrine Nathalie Sylvie Monique Amina Khadija Élodie Margaux Solène Brigitte",
        "Julien Nicolas Thibault Mathieu Sébastien Laurent Gérard Patrick Hugo Rachid Karim Étienne Baptiste Loïc Yves Cédric",
        "MARTIN BERNARD DUBOIS THOMAS ROBERT PETIT DURAND LEROY MOREAU SIMON LAURENT LEFEBVRE MICHEL GARCIA DAVID ROUX "
        "VINCENT FOURNIER MOREL GIRARD ANDRE LEFEVRE MERCIER DUPONT LAMBERT BONNET BENALI DIALLO GAUTHIER PERRIN",
    ),
    "de": (
        "Annegret Birgit Claudia Daniela Ebru Franziska Gisela Heike Ilka Jutta Katrin Lena Monika Nadine Petra Sabine Ulrike",
        "Andreas Bernd Christoph Dirk Emre Frank Günter Holger Jens Karsten Lars Michael Norbert Oliver Ralf Stefan Uwe",
        "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf "
        "Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Krause Lehmann Yildiz Kaya",
    ),
    "en": (
        "Olivia Grace Hannah Megan Chloe Rebecca Sharon Tracey Aoife Niamh Siobhan Priya Aisha Keisha Donna Linda Emily Ruth",
        "Liam Connor Darren Wayne Kieran Sean Patrick Tyrone Jamal Imran Gareth Stuart Kevin Brian Noah Ethan Craig Leon",
        "Murphy Kelly Byrne Walsh Ryan Doyle Smith Jones Taylor Brown Davies Evans Wilson Roberts Johnson Walker Wright Hughes "
        "Green Hall Clarke Patel Khan Ahmed Campbell Anderson Bennett Cooper Reid Foster Barrett Nolan Keane Quinn Hayes",
    ),
}


@dataclass(frozen=True)
class Person:
    """Somebody who does not exist."""

    first: str
    last: str
    female: bool
    born: date

    @property
    def age(self) -> int:
        return TODAY.year - self.born.year - ((TODAY.month, TODAY.day) < (self.born.month, self.born.day))


class Draw(Random):
    """The draws that every table needs."""

    def words(self, text: str) -> str:
        return self.choice(text.split())

    def weighted(self, weights: dict[str, float]) -> str:
        return self.choices(list(weights), list(weights.values()))[0]

    def code(self, weights: Sequence[float], start: int = 1) -> int:
        return start + self.choices(range(len(weights)), weights)[0]

    def hit(self, share: float) -> bool:
        return self.random() < share

    def gap(self, share: float, value: str | float | None, missing: str | int | None = None) -> str | int | float | None:
        return missing if self.hit(share) else value

    def digits(self, count: int) -> str:
        return "".join(self.choice("0123456789") for _ in range(count))

    def letters(self, count: int, alphabet: str = "ABCDEFGHJKLMNPRSTUVWXYZ") -> str:
        return "".join(self.choice(alphabet) for _ in range(count))

    def hexes(self, count: int) -> str:
        return "".join(self.choice("0123456789abcdef") for _ in range(count))

    def uuid(self) -> str:
        h = self.hexes(32)
        return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:]}"

    def day(self, first: date, last: date = TODAY) -> date:
        return first + timedelta(days=self.randint(0, (last - first).days))

    def birth(self, youngest: int, oldest: int, mode: int) -> date:
        years = self.triangular(youngest, oldest, mode)
        return TODAY - timedelta(days=int(years * 365.25) + self.randint(0, 300))

    def instant(self, first: date, last: date = TODAY) -> datetime:
        moment = datetime(first.year, first.month, first.day, tzinfo=UTC)
        return moment + timedelta(seconds=self.randint(0, (last - first).days * 86400), microseconds=self.randint(0, 999_999))

    def amount(self, median: float, spread: float = 0.6, digits: int = 2) -> float:
        return round(median * math.exp(self.gauss(0, spread)), digits)

    def normal(self, mean: float, deviation: float, low: float, high: float, digits: int = 0) -> float:
        return round(min(high, max(low, self.gauss(mean, deviation))), digits)

    def whole(self, mean: float, deviation: float, low: int, high: int) -> int:
        return int(self.normal(mean, deviation, low, high))

    def rare(self, mean: float) -> int:
        """A count, most often small: geometric with this mean."""
        return int(math.log(1 - self.random()) / math.log(mean / (1 + mean))) if mean > 0 else 0

    def typo(self, text: str, share: float = 0.02) -> str:
        if len(text) < 4 or not self.hit(share):
            return text
        at = self.randint(1, len(text) - 2)
        return self.choice((text[:at] + text[at + 1 :], text[:at] + text[at + 1] + text[at] + text[at + 2 :], text + " "))

    def person(self, language: str, youngest: int = 18, oldest: int = 92, mode: int = 45, women: float = 0.5) -> Person:
        female = self.hit(women)
        of_women, of_men, surnames = NAMES[language]
        return Person(
            self.words(of_women if female else of_men), self.words(surnames), female, self.birth(youngest, oldest, mode)
        )


# --- numbers with check digits ---------------------------------------------------------------------------------------------


def luhn(body: str) -> str:
    doubled = [int(d) * (2 if i % 2 == 0 else 1) for i, d in enumerate(reversed(body))]
    return body + str(-sum(d // 10 + d % 10 for d in doubled) % 10)


def bsn(draw: Draw) -> str:
    """Dutch citizen number: passes the test of eleven."""
    while True:
        body = draw.choice("12") + draw.digits(7)
        check = sum(int(d) * (9 - i) for i, d in enumerate(body)) % 11
        if check < 10:
            return body + str(check)


def nif_pt(draw: Draw) -> str:
    body = draw.choice("23") + draw.digits(7)
    check = 11 - sum(int(d) * (9 - i) for i, d in enumerate(body)) % 11
    return body + str(0 if check > 9 else check)


def consonants_first(text: str) -> str:
    letters = [c for c in text.upper() if c.isascii() and c.isalpha()]
    return ("".join(sorted(letters, key=lambda c: c in "AEIOU")) + "XXX")[:3]


def codice_fiscale(draw: Draw, person: Person) -> str:
    odd = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
    day = person.born.day + (40 if person.female else 0)
    body = consonants_first(person.last) + consonants_first(person.first) + f"{person.born.year % 100:02}"
    body += "ABCDEHLMPRST"[person.born.month - 1] + f"{day:02}" + draw.choice("FHLAG") + draw.digits(3)
    value = [int(c) if c.isdigit() else ord(c) - 65 for c in body]
    return body + chr(65 + sum(odd[v] if i % 2 == 0 else v for i, v in enumerate(value)) % 26)


def dni(draw: Draw) -> str:
    number = draw.randint(10_000_000, 78_000_000)
    return f"{number}{'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23]}"


def iban(country: str, account: str) -> str:
    as_digits = "".join(str(int(c, 36)) for c in account + country)
    return f"{country}{98 - int(as_digits + '00') % 97:02}{account}"


def sv_number(draw: Draw, person: Person) -> str:
    """German pension insurance number with its check digit."""
    letter = person.last[0].upper() if person.last[0].isascii() else "S"
    area, serial = draw.choice(("02", "10", "13", "25", "53", "65")), draw.digits(2)
    digits = f"{area}{person.born:%d%m%y}{ord(letter) - 64:02}{serial}"
    products = [int(d) * w for d, w in zip(digits, (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1), strict=True)]
    return f"{area}{person.born:%d%m%y}{letter}{serial}{sum(p // 10 + p % 10 for p in products) % 10}"


def steuer_id(draw: Draw) -> str:
    """German tax number: nine of ten digits once, one of them twice, ISO 7064 check digit."""
    while True:
        digits = draw.sample("0123456789", 9)
        digits.insert(draw.randint(0, 9), draw.choice(digits))
        if digits[0] != "0":
            break
    carry = 10
    for d in digits:
        carry = ((int(d) + carry) % 10 or 10) * 2 % 11
    return "".join(digits) + str((11 - carry) % 10)


def ean13(draw: Draw, prefix: str) -> str:
    body = prefix + draw.digits(12 - len(prefix))
    return body + str(-sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(body)) % 10)


def taj(draw: Draw) -> str:
    """Hungarian number of social insurance, in groups of three."""
    body = draw.digits(8)
    number = body + str(sum(int(d) * (7 if i % 2 else 3) for i, d in enumerate(body)) % 10)
    return f"{number[:3]} {number[3:6]} {number[6:]}"


def nip_pl(draw: Draw) -> str:
    while True:
        body = draw.choice("56789") + draw.digits(8)
        check = sum(int(d) * w for d, w in zip(body, (6, 5, 7, 2, 3, 4, 5, 6, 7), strict=True)) % 11
        if check < 10:
            return body + str(check)


def example_ip(draw: Draw) -> str:
    return draw.choice(("192.0.2.", "198.51.100.", "203.0.113.")) + str(draw.randint(1, 254))


# --- tables of persons -----------------------------------------------------------------------------------------------------


def nl_woningregister(draw: Draw, rows: int) -> Iterator[Row]:
    """Dutch register of people who look for a home to rent: abbreviated lower-case names, dates as integers."""
    towns = {"Zwolle": 46.0, "Kampen": 14, "Hattem": 6, "Dalfsen": 5, "Wezep": 3, "IJsselmuiden": 3, "Genemuiden": 1}
    area = {
        "Zwolle": 8011,
        "Kampen": 8261,
        "Hattem": 8051,
        "Dalfsen": 7721,
        "Wezep": 8091,
        "IJsselmuiden": 8271,
        "Genemuiden": 8281,
    }
    streets = "Dorpsstraat Molenweg Kerkstraat Stationsweg Beatrixlaan Iepenstraat Vechtstraat Eikenlaan Assendorperdijk"
    for _ in range(rows):
        p = draw.person("nl", 18, 88, 34, 0.52)
        town = draw.weighted(towns)
        since = draw.day(date(2009, 1, 1))
        urgency = draw.weighted(
            {"": 80.0, "scheiding": 7, "medisch": 6, "uitstroom opvang": 3, "huiselijk geweld": 2, "schulden": 2}
        )
        initials = "".join(f"{c}." for c in p.first[0] + draw.letters(draw.randint(0, 2)))
        rent = draw.gap(0.18, draw.whole(610, 120, 260, 1300))
        yield {
            "volgnr": _ + 1,
            "bsn": bsn(draw),
            "voorl": initials,
            "tussenv": draw.weighted({"": 70.0, "van": 12, "de": 9, "van der": 6, "ten": 1, "el": 2}),
            "achternaam": draw.typo(p.last),
            "geb_dat": int(f"{p.born:%Y%m%d}") if draw.hit(0.98) else int(f"{p.born:%Y}0000"),
            "gesl": draw.gap(0.01, "V" if p.female else "M", "O"),
            "burg_staat": draw.weighted({"1": 52.0, "2": 20, "3": 17, "4": 4, "5": 7}),
            "straat": draw.words(streets),
            "huisnr": draw.randint(1, 240),
            "huisnr_toev": draw.weighted({"": 84.0, "a": 5, "b": 4, "bis": 2, "2hg": 1, "3": 4}),
            "pc6": f"{area[town] + draw.randint(0, 22)} {draw.letters(2)}",
            "woonpl": draw.typo(town, 0.01),
            "bag_vbo_id": f"0193010000{draw.digits(6)}",
            "woningtype": draw.weighted(
                {"flat": 44.0, "tussenwoning": 31, "hoekwoning": 13, "bovenwoning": 9, "woonwagen": 1, "studio": 2}
            ),
            "bouwjr": draw.whole(1974, 22, 1890, 2025),
            "woz_waarde": draw.whole(231, 68, 84, 690) * 1000,
            "kale_huur": rent,
            "huurtoesl": draw.weighted({"J": 43.0, "N": 57}),
            "aant_pers": 1 + min(7, draw.rare(0.9)),
            "verzamelink": draw.gap(0.04, int(draw.amount(25800, 0.42, 0))),
            "verblijfstitel": draw.weighted({"NL": 81.0, "EU": 7, "V-BEP": 7, "V-ONB": 4, "ASIEL": 1}),
            "urgentie": urgency,
            "inschr_dat": int(f"{since:%Y%m%d}"),
            "wachttijd_mnd": (TODAY - since).days // 30,
            "beh_ambt": draw.words("hk01 hk02 mvd jpr tsm"),
            "gem_code": "0193",
            "toelichting": draw.gap(
                0.62,
                draw.choice(
                    (
                        f"Mw/dhr {p.last} belt over voortgang",
                        f"Gesproken met {p.first} {p.last}, stukken volgen",
                        "inkomensverklaring ontbreekt",
                        f"buurvrouw {draw.words(NAMES['nl'][2])} klaagt over geluid",
                        "wil geen begane grond",
                    )
                ),
            ),
        }


def pt_matriculas(draw: Draw, rows: int) -> Iterator[Row]:
    """Portuguese school enrolments: headings as a secretary writes them, with accents, dots and spaces."""
    parishes = {
        "Lumiar": 22.0,
        "Benfica": 19,
        "Olivais": 14,
        "Alvalade": 12,
        "Carnide": 8,
        "Marvila": 7,
        "Ajuda": 3,
        "Beato": 2,
    }
    postcodes = [f"1{draw.randint(500, 950)}-{draw.digits(3)}" for _ in range(160)]
    for n in range(rows):
        year = draw.choice((5, 6, 7, 8, 9, 10, 11, 12))
        p = draw.person("pt", year + 4, year + 7, year + 5)
        second = draw.words(NAMES["pt"][2])
        guardian = draw.person("pt", 30, 60, 42, 0.8)
        scale = (3.3, 0.9, 1, 5) if year < 10 else (12.8, 3.0, 3, 20)
        absent = draw.rare(2.0)
        yield {
            "Linha": n + 1,
            "N.º Processo": 20100 + n * 7 + draw.randint(0, 6),
            "Nome do Aluno": f"{draw.typo(p.first)} {p.last} {second}",
            "Data Nasc.": f"{p.born:%d-%m-%Y}",
            "Género": "F" if p.female else "M",
            "NIF": draw.gap(0.06, nif_pt(draw)),
            "Nac.": draw.weighted({"PT": 84.0, "BR": 8, "CV": 3, "UA": 2, "AO": 2, "IN": 1, "NP": 0.4}),
            "Freguesia": draw.typo(draw.weighted(parishes), 0.01),
            "Cód. Postal": draw.choice(postcodes),
            "Enc. Educação": f"{guardian.first} {second}",
            "Parentesco": draw.weighted({"Mãe": 74.0, "Pai": 20, "Avó": 4, "Tio": 1, "Instituição": 1}),
            "Telemóvel EE": draw.gap(0.03, f"9{draw.choice('1236')} {draw.digits(3)} {draw.digits(4)}"),
            "Prof. EE": draw.gap(
                0.1,
                draw.weighted(
                    {
                        "empregada": 40.0,
                        "técnico superior": 22,
                        "desempregado": 10,
                        "comerciante": 9,
                        "enfermeira": 5,
                        "juiz": 0.5,
                    }
                ),
            ),
            "Ano Letivo": "2026/2027",
            "Ano": f"{year}.º",
            "Turma": draw.words("A A A B B B C C D E"),
            "Curso": "" if year < 10 else draw.weighted({"CT": 55.0, "LH": 30, "SE": 10, "AV": 5}),
            "Escalão ASE": draw.weighted({"": 62.0, "A": 18, "B": 13, "C": 7}),
            "NEE (S/N)": draw.weighted({"N": 92.0, "S": 8}),
            "PLNM": draw.weighted({"": 91.0, "A1": 3, "A2": 3, "B1": 3}),
            "EMRC": draw.weighted({"Não": 78.0, "Católica": 21, "Evangélica": 1}),
            "Class. PORT": draw.gap(0.02, draw.whole(*scale)),
            "Class. MAT": draw.gap(0.02, draw.whole(*scale)),
            "Faltas Injust.": absent,
            "Proc. Disciplinar": int(draw.hit(0.03 + 0.01 * min(absent, 10))),
            "Transporte": draw.weighted({"a pé": 48.0, "autocarro": 24, "metro": 16, "carro": 12}),
            "Cacifo": draw.gap(0.4, f"C{draw.randint(1, 400):03}"),
            "Observações": draw.gap(
                0.8,
                draw.choice(
                    (
                        f"Falar com a mãe do {p.first}",
                        "alergia a frutos secos",
                        "pais separados, só entregar à mãe",
                        "sem manuais",
                    )
                ),
            ),
        }


def it_farmacia(draw: Draw, rows: int) -> Iterator[Row]:
    """Italian pharmacy: one line for each pack handed out, several to a patient."""
    drugs = (
        ("A10BA02", "METFORMINA 1000MG 60CPR", "013", 4.2),
        ("C09AA05", "RAMIPRIL 5MG 28CPR", "031", 5.1),
        ("N06AB06", "SERTRALINA 50MG 30CPR", "044", 8.9),
        ("B01AF02", "APIXABAN 5MG 60CPR", "002", 74.0),
        ("R03AK06", "SALMETEROLO/FLUTICASONE", "007", 31.2),
        ("J01CA04", "AMOXICILLINA 1G 12CPR", "", 3.7),
        ("J05AR20", "BICTEGRAVIR/EMTRICITABINA/TAF", "020", 812.0),
        ("N05AH04", "QUETIAPINA 100MG 60CPR", "044", 27.5),
        ("C10AA05", "ATORVASTATINA 20MG 30CPR", "", 6.3),
    )
    towns = {
        "Bologna": ("40121", 50.0),
        "Casalecchio di Reno": ("40033", 16.0),
        "Imola": ("40026", 14.0),
        "Pianoro": ("40065", 4.0),
    }
    doctors = [f"BO{draw.digits(5)}" for _ in range(35)]
    line = 0
    while line < rows:
        p = draw.person("it", 2, 97, 68, 0.55)
        fiscal = codice_fiscale(draw, p)
        town = draw.weighted({t: w for t, (_, w) in towns.items()})
        doctor = draw.choice(doctors)
        income = draw.weighted({"RE1": 22.0, "RE2": 30, "RE3": 9, "NN": 39})
        usual = draw.choices(drugs, (16, 18, 9, 7, 6, 14, 0.7, 3, 16))[0]
        for _ in range(min(rows - line, 1 + draw.rare(1.2))):
            atc, name, exempt, price = usual if draw.hit(0.7) else draw.choice(drugs)
            written = draw.day(date(2025, 10, 1))
            packs = draw.choice((1, 1, 1, 2, 2, 3))
            line += 1
            yield {
                "ProgrRiga": line,
                "CodFiscale": fiscal,
                "Assistito": draw.typo(f"{p.last.upper()} {p.first.upper()}"),
                "AnnoNasc": p.born.year,
                "Sesso": "F" if p.female else "M",
                "ComuneRes": town,
                "CAP": towns[town][0],
                "Esenzione": draw.gap(0.35, exempt, ""),
                "FasciaReddito": income,
                "ATC": atc,
                "AIC": f"0{sum(map(ord, name)) * 9973 % 100_000_000:08}",
                "DescrFarmaco": name,
                "NumPezzi": packs,
                "PrezzoLordo": round(price * packs, 2),
                "Ticket": 0.0 if exempt else draw.choice((0.0, 2.0, 4.0)),
                "DataRicetta": f"{written:%d/%m/%Y}",
                "DataErog": f"{written + timedelta(days=draw.rare(3)):%d/%m/%Y}",
                "NRE": f"080A4{draw.digits(10)}",
                "CodMedico": doctor,
                "CodFarmacia": draw.words("0371 0371 0371 0372 0388"),
                "ASL": "105",
                "Domicilio": draw.weighted({"N": 93.0, "S": 7}),
                "Lotto": f"{draw.letters(1)}{draw.digits(4)}",
                "NoteBanco": draw.gap(
                    0.85,
                    draw.choice(
                        ("ritira la figlia", f"sig. {p.last} chiede generico", "manca pezzo, torna domani", "in gravidanza")
                    ),
                ),
            }


def es_bajas_telefonia(draw: Draw, rows: int) -> Iterator[Row]:
    """Spanish mobile operator, who leaves: postcodes have lost their leading zero, categories are integers."""
    provinces = {"Madrid": 28.0, "Barcelona": 8, "Valencia": 46, "Sevilla": 41, "Álava": 1, "Badajoz": 6, "Cuenca": 16}
    numbers = [f"346{draw.digits(8)}" for _ in range(rows)]
    for n in range(rows):
        p = draw.person("en", 18, 90, 42)
        province = draw.weighted(
            {"Madrid": 40.0, "Barcelona": 30, "Valencia": 13, "Sevilla": 11, "Álava": 3, "Badajoz": 2, "Cuenca": 1}
        )
        months = 1 + draw.rare(30)
        owes = draw.hit(0.07)
        calls = draw.rare(0.8)
        left = draw.hit(0.08 + 0.06 * min(calls, 6) + 0.1 * owes)
        yield {
            "id_abonado": 7_000_000 + n * 13 + draw.randint(0, 12),
            "msisdn": numbers[n],
            "imei": luhn("35" + draw.digits(12)),
            "dni_titular": draw.gap(0.02, dni(draw)),
            "f_alta": (TODAY - timedelta(days=months * 30)).strftime("%d/%m/%y"),
            "permanencia_m": months,
            "edad": draw.gap(0.05, p.age, 0),
            "sexo_cod": 2 if p.female else 1,
            "prov": province,
            "cp": int(provinces[province]) * 1000 + draw.randint(1, 80),
            "tarifa": draw.weighted({"T30": 40.0, "T60": 32, "ILIM": 21, "PREP": 7}),
            "n_lineas": 1 + min(5, draw.rare(0.6)),
            "gasto_medio": draw.amount(27.3, 0.4),
            "min_noche": draw.amount(41, 0.9, 1),
            "datos_gb": draw.amount(11, 0.8, 3),
            "roaming_ue": int(draw.hit(0.18)),
            "llam_atc": calls,
            "impagos": draw.rare(0.4) if owes else 0,
            "deuda_eur": draw.amount(96, 0.7) if owes else 0.0,
            "celda_hab": f"21407-{draw.randint(1000, 1060)}-{draw.randint(1, 90):05}",
            "top_contacto": draw.gap(0.1, draw.choice(numbers)),
            "idioma": draw.weighted({"es": 76.0, "ca": 17, "va": 3, "eu": 2, "en": 2}),
            "pago": draw.weighted({"domiciliado": 83.0, "tarjeta": 13, "tienda": 4}),
            "canal": draw.code((50, 30, 15, 5)),
            "score_fuga": round(min(0.999999, max(0.000001, draw.gauss(0.32 if left else 0.18, 0.12))), 6),
            "baja": int(left),
            "ts_carga": draw.instant(date(2026, 9, 28)).isoformat(timespec="microseconds"),
        }


def fr_sinistres(draw: Draw, rows: int) -> Iterator[Row]:
    """French motor claims out of a mainframe: abbreviations in capitals."""
    towns = (
        ("69003", "LYON 03"),
        ("69100", "VILLEURBANNE"),
        ("38000", "GRENOBLE"),
        ("42000", "SAINT-ETIENNE"),
        ("01000", "BOURG-EN-BRESSE"),
        ("07000", "PRIVAS"),
    )
    cars = {"RENAULT": 30.0, "PEUGEOT": 26, "CITROEN": 17, "DACIA": 10, "VOLKSWAGEN": 8, "TESLA": 3, "ALPINE": 0.5}
    experts = [f"CAB. {draw.words(NAMES['fr'][2])}" for _ in range(12)]
    for n in range(rows):
        p = draw.person("fr", 19, 89, 44, 0.46)
        postcode, town = draw.choices(towns, (34, 24, 18, 14, 6, 2))[0]
        happened = draw.day(date(2024, 1, 1))
        licensed = min(date(2023, 12, 1), p.born + timedelta(days=int(365.25 * draw.triangular(18, 32, 18.5))))
        built = draw.whole(2016, 5, 1988, 2026)
        injured = draw.hit(0.09)
        paid = draw.amount(1850, 0.9) * (4 if injured else 1)
        yield {
            "NUM_SIN": f"{happened:%y}{100000 + n * 3 + draw.randint(0, 2)}",
            "NUM_POL": f"AM{draw.digits(8)}",
            "CIV": "MME" if p.female else "M",
            "NOM_CLI": draw.typo(p.last),
            "PRE_CLI": draw.gap(0.02, p.first),
            "DT_NAISS": f"{p.born:%d/%m/%Y}" if draw.hit(0.96) else f"{p.born:%d/%m/%y}",
            "CD_POST": postcode,
            "LIB_COM": town,
            "CD_CSP": draw.gap(0.04, draw.code((2, 6, 17, 25, 28, 13, 1, 8)), 99),
            "SIT_FAM": draw.weighted({"C": 33.0, "M": 42, "D": 14, "V": 5, "P": 6}),
            "DT_PERM": f"{licensed:%m/%Y}",
            "TEL_PORT": draw.gap(0.08, f"0639 98 {draw.digits(2)} {draw.digits(2)}"),
            "IMMAT": f"{draw.letters(2)}-{draw.digits(3)}-{draw.letters(2)}",
            "MRQ_VEH": draw.weighted(cars),
            "AN_MEC": built,
            "PUIS_FISC": draw.whole(6, 2, 3, 21),
            "USG_VEH": draw.code((60, 32, 8)),
            "CRM": draw.gap(0.35, round(draw.normal(0.72, 0.2, 0.5, 2.5, 2), 2), "0.5"),
            "DT_SURV": f"{happened:%Y-%m-%d}",
            "CD_NAT": draw.weighted({"10": 41.0, "21": 24, "22": 16, "35": 12, "40": 6, "77": 1}),
            "TX_RESP": draw.choice((0, 0, 0, 50, 100, 100)),
            "MT_IND": round(paid, 2),
            "MT_FRANCH": draw.choice((0, 150, 300, 300, 300, 450)),
            "IND_CORP": int(injured),
            "TX_ALCOOL": round(draw.triangular(0.1, 2.4, 0.5), 2) if draw.hit(0.04) else None,
            "TOP_FRD": draw.weighted({"N": 96.0, "O": 4}),
            "IBAN_RMB": draw.gap(0.3, iban("FR", f"{draw.digits(10)}{draw.digits(11)}{draw.digits(2)}")),
            "NOM_EXP": draw.choice(experts),
            "CD_SOC": "ASR1",
            "LIB_CIRC": draw.gap(
                0.25,
                draw.choice(
                    (
                        "CHOC ARRIERE A L ARRET",
                        f"MME/M {p.last} DECLARE NE PAS AVOIR VU LE STOP",
                        f"TIERS {draw.words(NAMES['fr'][2])} {draw.words(NAMES['fr'][1]).upper()} EN FUITE",
                        "BRIS DE GLACE AUTOROUTE",
                        "VEHICULE EN STATIONNEMENT",
                    )
                ),
            ),
        }


def de_betriebsrat(draw: Draw, rows: int) -> Iterator[Row]:
    """German export of staff for the works council: camelCase without umlauts, decimal commas."""
    staff = [48000 + i * 11 + draw.randint(0, 10) for i in range(rows)]
    for n in range(rows):
        p = draw.person("de", 17, 66, 46, 0.31)
        joined = max(p.born + timedelta(days=17 * 365), draw.day(date(1988, 1, 1)))
        group = draw.code((3, 6, 10, 18, 22, 17, 11, 8, 5))
        disabled = draw.hit(0.07)
        yield {
            "lfdNr": n + 1,
            "mandant": "0100",
            "personalNr": f"{staff[n]:08}",
            "nameVorname": f"{draw.typo(p.last)}, {p.first}",
            "gebJahrgang": p.born.year,
            "geschlechtKz": draw.gap(0.004, "w" if p.female else "m", "d"),
            "staatKz": draw.weighted({"000": 82.0, "163": 8, "137": 3, "152": 3, "475": 2, "130": 2}),
            "eintrittAm": f"{joined:%d.%m.%Y}",
            "befristetBis": f"{draw.day(TODAY, date(2028, 9, 30)):%d.%m.%Y}" if draw.hit(0.11) else None,
            "kostenstelle": draw.weighted({"4711": 30.0, "4720": 25, "5100": 20, "5210": 12, "9000": 8, "1010": 5}),
            "gebaeude": draw.words("W1 W1 W1 W2 W2 V H7"),
            "durchwahl": draw.gap(0.35, f"-{draw.digits(4)}"),
            "taetigkeitSchl": draw.choice((27302, 25112, 24422, 71402, 43104, 51312, 63302, 29302)),
            "entgeltGruppe": f"EG{group:02}",
            "leistungszulageProz": f"{draw.normal(10, 4, 0, 30, 1):.1f}".replace(".", ","),
            "tarifEntgelt": f"{2650 + group * 410 + draw.choice((0, 0, 85, 170))},00",
            "wochenStd": draw.weighted({"35,0": 80.0, "40,0": 6, "28,0": 5, "20,0": 7, "17,5": 2}),
            "schichtKz": draw.code((45, 30, 25), 0),
            "steuerKl": draw.weighted({"1": 38.0, "2": 4, "3": 27, "4": 24, "5": 7}),
            "kinderFb": draw.weighted({"0,0": 55.0, "0,5": 9, "1,0": 17, "2,0": 15, "3,0": 4}),
            "kistMerkmal": draw.weighted({"--": 48.0, "rk": 25, "ev": 25, "ak": 0.5}),
            "svNr": sv_number(draw, p),
            "gdb": draw.choice((30, 50, 50, 50, 60, 80, 100)) if disabled else None,
            "auTageVj": draw.rare(14),
            "bemVerfahren": draw.weighted({"nein": 93.0, "ja": 7}),
            "abmahnungen": draw.rare(0.06),
            "igmMitglied": draw.weighted({"unbek": 40.0, "ja": 38, "nein": 22}),
            "brMandat": draw.weighted({"": 97.0, "BR": 2, "EBR": 1}),
            "saldoGlz": f"{draw.normal(14, 22, -40, 160, 2):.2f}".replace(".", ","),
            "vorgesetztPnr": f"{draw.choice(staff[:40]):08}",
        }


def us_vet_clinic(draw: Draw, rows: int) -> Iterator[Row]:
    """Visits to an American vet: persons are the owners, much of the table is about animals."""
    breeds = {
        "Canine": ("Lab Mix", "Pit Mix", "Golden Retriever", "Chihuahua", "Beagle", "Otterhound"),
        "Feline": ("DSH", "DSH", "DLH", "Siamese", "Maine Coon"),
        "Exotic": ("Ball Python", "Cockatiel", "Rabbit"),
    }
    towns = (
        ("Northampton", "MA", 1060),
        ("Easthampton", "MA", 1027),
        ("Amherst", "MA", 1002),
        ("Enfield", "CT", 6082),
        ("Brattleboro", "VT", 5301),
    )
    pets = "Bella Max Luna Charlie Daisy Cooper Milo Lucy Oliver Tucker Nala Simba Ziggy Waffles Pepper Moose Olive Biscuit"
    client = 0
    n = 0
    while n < rows:
        client += draw.randint(1, 9)
        p = draw.person("en", 20, 85, 44, 0.62)
        town, state, zipcode = draw.choices(towns, (40, 25, 20, 9, 6))[0]
        phone = f"({draw.words('413 413 413 802 860 617 508 857 978')}) 555-01{draw.digits(2)}"
        street = (
            f"{draw.randint(1, 980)} {draw.words('Maple Elm Pleasant Bridge State Union South')} {draw.words('St Ave Rd Ln')}"
        )
        species = draw.weighted({"Canine": 58.0, "Feline": 37, "Exotic": 5})
        breed, pet, chip = draw.choice(breeds[species]), draw.words(pets), f"985{draw.digits(12)}"
        pet_born = draw.day(date(2010, 1, 1), date(2026, 7, 1))
        tag = draw.gap(0.3, f"26-{draw.digits(4)}")
        for _ in range(min(rows - n, 1 + draw.rare(0.9))):
            n += 1
            bill = draw.amount(164, 0.8)
            yield {
                "Invoice.No": 300000 + n,
                "Client.ID": f"C{client:05}",
                "Owner.Name": f"{p.last}, {draw.typo(p.first)}",
                "Owner.Ph": draw.gap(0.02, phone),
                "Owner.Email": draw.gap(0.25, f"{p.first}.{p.last}{client}@example.com".lower()),
                "Owner.Addr": street,
                "Owner.Town": town,
                "Owner.ST": state,
                "Owner.Zip": zipcode,
                "Sr.Disc": draw.weighted({"": 88.0, "Y": 12}),
                "Pet": pet,
                "Species": species,
                "Breed": breed,
                "Pet.Sex": draw.weighted({"FS": 42.0, "MN": 43, "F": 8, "M": 7}),
                "Pet.DOB": f"{pet_born:%m/%d/%y}",
                "Wt.lb": draw.amount(44 if species == "Canine" else 10, 0.5, 1),
                "Chip": draw.gap(0.38, chip) if species != "Exotic" else None,
                "Rabies.Tag": tag,
                "Visit.Dt": f"{draw.day(date(2025, 1, 2)):%m/%d/%y}",
                "Dx": draw.weighted(
                    {
                        "wellness": 46.0,
                        "otitis": 14,
                        "GI upset": 13,
                        "dental dz": 12,
                        "diabetes": 4,
                        "fracture": 3,
                        "euthanasia": 3,
                    }
                ),
                "Amt": bill,
                "Bal.Due": round(bill * draw.random(), 2) if draw.hit(0.12) else 0.0,
                "DVM": draw.words("KRS KRS TLM TLM JDB relief"),
                "Comments": draw.gap(
                    0.7,
                    draw.choice(
                        (
                            f"{pet} is fractious, muzzle",
                            f"{p.first} works nights, call after 4pm",
                            f"ok to release to {draw.words(NAMES['en'][1])} {p.last}",
                            "recheck 2 wks",
                            "owner lost job, payment plan",
                        )
                    ),
                ),
            }


def uk_probation(draw: Draw, rows: int) -> Iterator[Row]:
    """British probation caseload: prefixed lower-case names, codes of the prison service."""
    officers = [f"{draw.words(NAMES['en'][0])[0]} {draw.words(NAMES['en'][2])}" for _ in range(28)]
    offences = {
        "Theft": 26.0,
        "Assault ABH": 18,
        "Possess w/i supply": 17,
        "Burglary dwell": 12,
        "Fraud": 9,
        "Robbery": 9,
        "Sexual assault": 5,
        "Arson": 2,
        "Murder": 1,
    }
    for n in range(rows):
        p = draw.person("en", 18, 78, 31, 0.09)
        sentenced = draw.day(max(date(2015, 1, 5), p.born + timedelta(days=17 * 365)))
        length = int(draw.amount(420, 0.9, 0))
        released = sentenced + timedelta(days=length // 2)
        number = draw.randint(1000, 9_999_999)
        yield {
            "noms_no": f"A{draw.digits(4)}{draw.letters(2)}",
            "pnc_no": f"{draw.randint(1985, 2024)}/{number:07}{'ZABCDEFGHJKLMNPQRTUVWXY'[number % 23]}",
            "off_snm": draw.typo(p.last),
            "off_fnm": p.first,
            "off_alias": draw.gap(0.82, f"{draw.words('Daz Smiler Big Tiny Ginge Rocky')} {p.last}"),
            "off_dob": f"{p.born.day:02}-{MONTHS[p.born.month - 1]}-{p.born.year}",
            "off_gndr": 2 if p.female else 1,
            "off_ethn": draw.weighted({"W1": 68.0, "W2": 3, "B1": 8, "B2": 5, "A1": 3, "A2": 6, "M1": 5, "NS": 2}),
            "off_relg": draw.weighted({"NREL": 44.0, "CHRST": 27, "MUSL": 18, "RC": 8, "SIKH": 1, "PAG": 0.5, "BUDD": 1.5}),
            "off_natl": draw.weighted({"GBR": 88.0, "IRL": 3, "POL": 3, "ROU": 2, "ALB": 3, "JAM": 1}),
            "addr_pcd": draw.gap(
                0.09, f"{draw.words('LS B M S L NG BD HU')}{draw.randint(1, 29)} {draw.digits(1)}{draw.letters(2)}", "NFA"
            ),
            "ldu": draw.words("LEEDS LEEDS BHAM BHAM MCR MCR SHEFF HULL"),
            "crt": draw.words("LEEDSCC BHAMCC MCRCC SHEFFCC LEEDSMC BHAMMC"),
            "sent_dt": f"{sentenced.day:02}-{MONTHS[sentenced.month - 1]}-{sentenced.year}",
            "sent_days": length,
            "off_main": draw.weighted(offences),
            "prev_conv": draw.rare(5),
            "est_cd": draw.weighted({"LII": 30.0, "BMI": 24, "MRI": 20, "DNI": 14, "WEI": 8, "NHI": 4}),
            "cell_loc": draw.gap(0.55, f"{draw.choice('ABCD')}-{draw.randint(1, 4)}-{draw.randint(1, 40):03}"),
            "ogrs3": draw.whole(48, 24, 2, 97),
            "rosh": draw.weighted({"L": 24.0, "M": 48, "H": 25, "VH": 3}),
            "mappa": draw.weighted({"": 74.0, "1": 20, "2": 5, "3": 1}),
            "subs_mis": draw.weighted({"0": 46.0, "1": 30, "2": 24}),
            "acct_hist": draw.weighted({"N": 79.0, "Y": 21}),
            "rel_dt": f"{released:%Y%m%d}" if released < TODAY else None,
            "tag_ser": draw.gap(0.84, f"EMT{draw.digits(7)}"),
            "om_nm": draw.choice(officers),
            "case_ref": n * 17 + draw.randint(0, 16) + 880_000,
            "last_note": draw.gap(
                0.3,
                draw.choice(
                    (
                        "DNA appt, warning letter 1",
                        f"Partner {draw.words(NAMES['en'][0])} reports relapse",
                        f"{p.first} engaging well, UPW 12h done",
                        "Hostel place confirmed",
                        f"Mr {p.last} arrested 14/3, breach to be filed",
                    )
                ),
            ),
            "src_sys": "nDelius",
        }


def nordic_biobank(draw: Draw, rows: int) -> Iterator[Row]:
    """Nordic cohort with coded names and -9 for what is missing: nearly everything is a measurement."""
    for n in range(rows):
        female = draw.hit(0.56)
        age = round(draw.triangular(40, 79.9, 58), 2)
        height = draw.whole(166 if female else 180, 6.5, 142, 208)
        bmi = draw.normal(26.6, 4.4, 16, 52, 1)
        weight = round(bmi * (height / 100) ** 2, 1)
        systolic = draw.whole(112 + age * 0.38, 16, 84, 222)
        sampled = draw.day(date(2017, 3, 1), date(2020, 12, 1))
        dead = draw.hit(0.06)
        yield {
            "PSN": f"NB{draw.digits(7)}",
            "SITE": draw.words("TRD TRD TRD LEV NAM STJ"),
            "SEX": 2 if female else 1,
            "YOB": sampled.year - int(age),
            "MUNI": draw.words("5001 5001 5001 5001 5037 5037 5007 5035 5041 5049"),
            "CNTRY_B": draw.weighted({"578": 91.0, "752": 3, "616": 3, "440": 2, "706": 1}),
            "EDU_L": draw.gap(0.03, draw.code((14, 42, 27, 17)), -9),
            "MARST": draw.gap(0.02, draw.code((19, 60, 14, 7)), -9),
            "V1_AGE": age,
            "V1_HGT": height,
            "V1_WGT": draw.gap(0.02, weight, -9),
            "V1_BMI": bmi,
            "V1_SBP": draw.gap(0.02, systolic, -9),
            "V1_DBP": draw.gap(0.02, draw.whole(systolic * 0.58, 7, 44, 124), -9),
            "V1_SMK": draw.gap(0.04, draw.code((46, 38, 16), 0), -9),
            "V1_ALC": draw.gap(0.06, draw.code((12, 30, 36, 18, 4), 0), -9),
            "V1_HBA1C": draw.normal(37, 6, 24, 110),
            "V1_LDL": draw.normal(3.4, 0.9, 0.8, 8.9, 2),
            "V1_CRP": draw.amount(1.4, 1.0),
            "V1_HADSD": draw.gap(0.1, draw.whole(3.6, 3, 0, 21), -9),
            "V2_SBP": draw.gap(0.31, draw.whole(systolic + 2, 12, 80, 220), -9),
            "V2_ATT": draw.code((69, 24, 7)),
            "PARITY": draw.gap(0.05, draw.code((14, 16, 42, 21, 7), 0), -9) if female else -8,
            "APOE": draw.weighted({"33": 58.0, "34": 24, "23": 11, "44": 3, "24": 2.5, "22": 0.7}),
            "PRS_T2D": round(draw.gauss(0, 1), 7),
            "TUBE_BC": f"7{draw.digits(9)}",
            "FRZ": f"F{draw.code((3, 3, 2, 2))}-B{draw.randint(1, 320):03}-{draw.choice('ABCDEFGH')}{draw.randint(1, 12):02}",
            "PLATE": f"P{n // 88 + 1:03}",
            "CONS_VER": "3.1",
            "DTH_YM": f"{draw.randint(2021, 2026)}{draw.randint(1, 12):02}" if dead else None,
        }


def airline_ffp(draw: Draw, rows: int) -> Iterator[Row]:
    """Frequent flyers of an airline, snake_case: record locators, hashed mail, wishes that tell belief and health."""
    members: list[int] = []
    for _ in range(rows):
        p = draw.person(draw.words("en en de fr nl it"), 18, 84, 44, 0.4)
        body = draw.randint(10_000_000, 99_999_999)
        members.append(body * 10 + body % 7)
        tier = draw.weighted({"base": 70.0, "silver": 18, "gold": 9, "platinum": 2.6, "black": 0.4})
        miles = int(draw.amount({"base": 9e3, "silver": 6e4, "gold": 2e5, "platinum": 7e5, "black": 2e6}[tier], 0.7, 0))
        flown = draw.day(date(2025, 9, 1))
        hub = draw.words("AMS CDG FRA LHR MXP DUB")
        yield {
            "ffp_no": members[-1],
            "pax_name": f"{p.last}/{p.first} {'MRS' if p.female else 'MR'}".upper(),
            "doc_no": draw.gap(0.2, f"{draw.letters(2)}{draw.digits(7)}"),
            "doc_ctry": draw.weighted({"DEU": 24.0, "FRA": 22, "GBR": 20, "NLD": 14, "ITA": 12, "IRL": 6, "ISL": 0.6}),
            "dob": f"{p.born.day:02}{MONTHS[p.born.month - 1].upper()}{p.born.year % 100:02}",
            "gndr": draw.gap(0.03, "F" if p.female else "M", "U"),
            "home_apt": hub,
            "enrol_yr": max(p.born.year + 14, draw.whole(2015, 6, 1994, 2026)),
            "tier": tier,
            "miles_bal": miles // draw.randint(1, 9),
            "miles_life": miles,
            "pref_seat": draw.weighted({"": 30.0, "W": 38, "A": 32}),
            "meal_cd": draw.weighted({"": 78.0, "VGML": 8, "MOML": 5, "KSML": 2, "DBML": 2, "GFML": 3, "HNML": 2}),
            "ssr": draw.weighted({"": 95.0, "WCHR": 2, "WCHC": 0.6, "BLND": 0.3, "MEDA": 0.4, "PETC": 1.7}),
            "pnr": draw.letters(6, "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"),
            "tkt_no": f"074{draw.digits(10)}",
            "flt_no": f"XQ{draw.choice((101, 102, 233, 234, 810, 811, 1450))}",
            "flt_dt": f"{flown:%Y-%m-%d}",
            "od": f"{hub}-{draw.words('JFK BCN ATH OSL TLV JED DXB NCE')}",
            "cabin": draw.weighted({"Y": 80.0, "W": 9, "J": 10, "F": 1}),
            "seat": f"{draw.randint(1, 42)}{draw.choice('ABCDEF')}",
            "bags": draw.rare(0.6),
            "fare_amt": draw.amount(288, 0.8),
            "fare_ccy": draw.weighted({"EUR": 76.0, "GBP": 22, "CHF": 2}),
            "email_md5": draw.hexes(32),
            "compan_ffp": draw.choice(members) if draw.hit(0.14) else None,
            "lang": draw.weighted({"en": 44.0, "de": 22, "fr": 20, "nl": 8, "it": 6}),
            "mkt_optin": int(draw.hit(0.41)),
            "mkt_carrier": "XQ",
        }


def gym_app(draw: Draw, rows: int) -> Iterator[Row]:
    """Members of a gym, out of an app whose two halves never agreed on a style of names."""
    clubs = (
        ("Leith", 55.9757, -3.1703),
        ("Gorgie", 55.9380, -3.2360),
        ("Portobello", 55.9530, -3.1140),
        ("Morningside", 55.9280, -3.2100),
    )
    ids = [draw.uuid() for _ in range(rows)]
    for n in range(rows):
        p = draw.person("en", 16, 74, 28, 0.47)
        club, lat, lon = draw.choices(clubs, (48, 27, 15, 10))[0]
        height = draw.whole(166 if p.female else 179, 7, 145, 205)
        seen = draw.instant(date(2026, 6, 1))
        plan = draw.weighted({"off-peak": 24.0, "anytime": 55, "student": 16, "founder": 2, "corp": 3})
        handle = draw.choice(
            (
                p.first.lower() + str(p.born.year % 100),
                f"{p.first[0]}{p.last}".lower(),
                f"lift{draw.digits(3)}",
                f"{p.first} {p.last[0]}.",
            )
        )
        yield {
            "member-id": ids[n],
            "displayName": handle,
            "loginMail": f"{p.first}.{p.last}{draw.digits(2)}@example.org".lower(),
            "push-token": draw.hexes(64),
            "avatarUrl": draw.gap(0.4, f"https://cdn.example.net/u/{draw.hexes(10)}.jpg"),
            "yearBorn": draw.gap(0.1, p.born.year),
            "sex-at-birth": draw.gap(0.12, "female" if p.female else "male"),
            "home-club": club,
            "clubLat": lat,
            "clubLon": lon,
            "heightCm": draw.gap(0.3, height),
            "body-weight-kg": draw.gap(0.3, round(draw.normal(24.8, 3.6, 16, 44, 1) * (height / 100) ** 2, 1)),
            "restingHR": draw.gap(0.55, draw.whole(63, 9, 38, 104)),
            "visits-per-week": round(draw.rare(14) / 8, 2),
            "lastCheckIn": int(seen.timestamp() * 1000),
            "plan-type": plan,
            "monthlyFee": {"off-peak": 19.99, "anytime": 32.99, "student": 22.5, "founder": 14.0, "corp": 25.0}[plan],
            "payment-failed": str(draw.hit(0.06)).lower(),
            "promoCode": draw.gap(0.7, draw.words("NEWYOU26 NEWYOU26 FESTIVAL REFER10")),
            "injury-notes": draw.gap(
                0.8,
                draw.choice(
                    ("ACL recon 2021", "pregnant, 2nd trimester", "lower back", "asthma - inhaler in bag", "post-stroke rehab")
                ),
            ),
            "goal": draw.weighted({"lose_weight": 40.0, "strength": 33, "cardio": 19, "rehab": 5, "compete": 3}),
            "iceContact": draw.gap(0.35, f"{draw.words(NAMES['en'][0])} 07700 900{draw.digits(3)}"),
            "referred-by": draw.gap(0.75, draw.choice(ids)),
            "lockerNo": draw.gap(0.5, draw.randint(1, 180)),
            "osName": draw.weighted({"ios": 61.0, "android": 38, "web": 1}),
            "app-version": draw.weighted({"8.4.1": 58.0, "8.4.0": 21, "8.3.9": 14, "7.0.2": 7}),
            "gdprRegion": "UK",
        }


def ie_smart_meters(draw: Draw, rows: int) -> Iterator[Row]:
    """Irish customers of an energy supplier: a postcode that is one door, a grid position in metres, months in columns."""
    for _ in range(rows):
        p = draw.person("en", 21, 90, 52)
        usage = draw.amount(310, 0.45)
        arrears = draw.hit(0.09)
        row: Row = {
            "mprn": f"10{draw.digits(9)}",
            "meter_sn": f"KFM{draw.digits(8)}",
            "acc_holder": f"{p.first} {draw.typo(p.last)}" if draw.hit(0.8) else f"{p.first[0]} & {draw.letters(1)} {p.last}",
            "eircode": draw.gap(
                0.03,
                f"{draw.words('T12 T23 P31 T45 P43 P24')} {draw.letters(1)}{draw.digits(1)}{draw.letters(1)}{draw.digits(1)}",
            ),
            "town": draw.weighted({"Cork City": 60.0, "Ballincollig": 16, "Midleton": 11, "Cobh": 8, "Youghal": 5}),
            "itm_e": round(draw.gauss(567000, 6500), 1),
            "itm_n": round(draw.gauss(572000, 4800), 1),
            "dwelling": draw.weighted({"semi-d": 44.0, "terrace": 22, "detached": 20, "apartment": 13, "mobile home": 1}),
            "floor_m2": draw.whole(108, 34, 28, 420),
            "ber": draw.gap(
                0.3, draw.weighted({"A2": 6.0, "A3": 8, "B2": 12, "B3": 18, "C1": 17, "C3": 14, "D2": 13, "E1": 7, "G": 5})
            ),
            "occupants": draw.gap(0.25, 1 + min(7, draw.rare(1.6))),
            "heat": draw.weighted({"gas": 48.0, "oil": 27, "heat pump": 14, "electric": 9, "solid fuel": 2}),
            "pv_kwp": draw.choice((2.1, 3.3, 4.4, 6.0)) if draw.hit(0.14) else 0,
            "ev_home": int(draw.hit(0.11)),
            "tariff": draw.weighted({"SMART-TOU": 42.0, "24H": 47, "NIGHTBOOST": 9, "STAFF": 2}),
            "std_chg": 0.7342,
        }
        for month, season in enumerate((1.32, 1.24, 1.1, 0.9, 0.82, 0.74), 1):
            row[f"kwh_{month:02}"] = draw.gap(0.02, round(usage * season * draw.uniform(0.85, 1.15), 3))
        row |= {
            "peak_kw": draw.normal(4.6, 1.5, 0.6, 13, 2),
            "night_pct": draw.normal(23, 9, 1, 80, 1),
            "arrears": draw.amount(214, 0.8) if arrears else 0.0,
            "vuln_reg": draw.weighted({"": 94.0, "MED": 3, "ELD": 2, "VIS": 1}),
            "pay_type": draw.weighted({"DD": 72.0, "PAYG": 14, "CARD": 14}),
            "substn": f"CK-{draw.randint(1, 45):03}",
            "fw": draw.words("2.14 2.14 2.14 2.15 2.09"),
        }
        yield row


def se_enkat(draw: Draw, rows: int) -> Iterator[Row]:
    """Swedish survey of students in the wide format: the names tell nothing, the values little."""
    for n in range(rows):
        start = draw.instant(date(2026, 3, 2), date(2026, 3, 29))
        mood = draw.gauss(0, 1)

        def likert(shift: float = 0.0, feeling: float = mood) -> str | int | float | None:
            return draw.gap(0.04, draw.whole(3.4 + shift + 0.5 * feeling, 1, 1, 5), 9)

        yield {
            "lopnr": n + 1,
            "svarskod": draw.letters(8, "abcdefghjkmnpqrstuvwxyz23456789"),
            "tid_start": f"{start:%Y-%m-%d %H:%M:%S}",
            "tid_s": int(draw.amount(640, 0.5, 0)),
            "klient_ip": example_ip(draw),
            "fak": draw.weighted({"SAM": 34.0, "HUM": 18, "NAT": 17, "MED": 15, "TEK": 13, "KONST": 3}),
            "Q1": draw.gap(0.01, 18 + draw.rare(6), 999),
            "Q2": draw.code((57, 39, 3, 1)),
            "Q3": draw.weighted(
                {
                    "Sverige": 76.0,
                    "Finland": 5,
                    "Tyskland": 4,
                    "Syrien": 4,
                    "Iran": 4,
                    "Somalia": 2,
                    "sverige": 3,
                    "Chile": 1,
                    "USA": 1,
                }
            ),
            "Q4": f"{draw.randint(900, 919)}{draw.digits(2)}",
            "Q5": draw.weighted(
                {
                    "Lärarprogrammet": 21.0,
                    "Juristprogrammet": 16,
                    "Läkarprogrammet": 12,
                    "Systemvetenskap": 14,
                    "Fristående kurs": 30,
                    "Tandtekniker": 2,
                }
            ),
            "Q6": draw.code((24, 20, 18, 14, 10, 14)),
            "Q7": draw.code((38, 30, 22, 10)),
            "Q8": likert(),
            "Q9": likert(0.3),
            "Q10": likert(-0.4),
            "Q11": draw.gap(0.12, draw.whole(5.1, 2.3, 0, 10), 99),
            "Q12": draw.gap(0.1, draw.code((25, 18, 9, 8, 9, 4, 4, 11)), 99),
            "Q13": draw.gap(0.08, draw.code((52, 27, 11, 3, 2)), 99),
            "Q14": draw.gap(0.05, draw.whole(7 - 2 * mood, 4, 0, 27), 99),
            "Q15": draw.gap(0.09, draw.code((84, 5, 9, 2)), 99),
            "Q16": draw.gap(0.14, draw.code((11, 22, 31, 24, 12)), 99),
            "Q17": draw.gap(0.03, draw.code((12, 88)), 9),
            "Q18": draw.gap(0.06, draw.code((44, 26, 18, 12), 0), 9),
            "Q19": draw.gap(0.15, draw.whole(13.8, 2.7, 8, 22)),
            "Q20": draw.gap(
                0.78,
                draw.choice(
                    (
                        "bra lärare!",
                        f"{draw.words('Anna Karin Lars Eva')} {draw.words('Lindqvist Åberg Holm')} svarar aldrig på mejl",
                        "för mycket grupparbete",
                        "jag har adhd och får inget stöd",
                        "-",
                    )
                ),
            ),
            "vikt": draw.normal(1, 0.22, 0.4, 2.4, 4),
            "samtycke": 1,
        }


def sap_kredit(draw: Draw, rows: int) -> Iterator[Row]:
    """Loan applications out of a German core banking system: field names of up to eight capitals."""
    towns = ((24103, "Kiel"), (24937, "Flensburg"), (23552, "Lübeck"), (25746, "Heide"), (1067, "Dresden"))
    for n in range(rows):
        p = draw.person("de", 18, 79, 39, 0.44)
        postcode, town = draw.choices(towns, (38, 24, 24, 9, 5))[0]
        income = draw.amount(2350, 0.42)
        loan = draw.choice((2500, 5000, 5000, 7500, 10000, 10000, 15000, 20000, 35000)) + draw.choice((0, 0, 0, 250, 990))
        score = draw.normal(95.2, 3.6, 55, 99.9, 2)
        applied = draw.day(date(2024, 10, 1))
        yield {
            "MANDT": 100,
            "APPLGUID": draw.hexes(32).upper(),
            "PARTNER": f"{1_000_000 + n * 19 + draw.randint(0, 18):010}",
            "BU_NACHN": draw.typo(p.last),
            "BU_VORN": p.first,
            "GEBDT": int(f"{p.born:%Y%m%d}"),
            "XSEXF": "X" if p.female else "",
            "NATIO": draw.weighted({"DE": 85.0, "TR": 6, "PL": 4, "DK": 3, "SY": 2}),
            "FAMST": draw.weighted({"1": 46.0, "2": 38, "3": 4, "4": 12}),
            "ANZKIND": min(6, draw.rare(0.8)),
            "PSTLZ": postcode,
            "ORT01": town,
            "STRAS": f"{draw.words('Hafenstr. Ringstr. Gartenweg Kirchenallee Lindenweg')} {draw.randint(1, 180)}",
            "BERUFGR": draw.gap(0.05, draw.code((36, 12, 9, 8, 16, 4, 15)), 0),
            "BESCHSEI": draw.gap(0.09, draw.whole(2015, 8, 1980, 2026), 0),
            "NETTOEK": income,
            "MIETBEL": draw.whole(690, 190, 0, 1900),
            "STIDNR": draw.gap(0.12, steuer_id(draw)),
            "AUSZKTO": iban("DE", f"{draw.words('21050170 21750000 23050101')}{draw.digits(10)}"),
            "KREDBETR": loan,
            "LAUFZMON": draw.choice((12, 24, 36, 48, 48, 60, 72, 84)),
            "NOMZINS": round(11.9 - score / 14 + draw.random(), 3),
            "VWZWECK": draw.weighted({"01": 38.0, "02": 22, "03": 20, "04": 14, "09": 6}),
            "SCHUFA": score,
            "MAHNST": draw.weighted({"0": 90.0, "1": 6, "2": 3, "3": 1}),
            "ENTSCHKZ": "A" if score < 91 or income < 1300 else draw.weighted({"G": 88.0, "A": 12}),
            "ANTRDAT": int(f"{applied:%Y%m%d}"),
            "SACHBEAR": draw.words("BEHRENSK BEHRENSK PETERSEN THOMSENJ LORENZENA"),
            "FILNR": draw.words("0012 0012 0044 0047 0090"),
            "WAERS": "EUR",
        }


def no_reisekort(draw: Draw, rows: int) -> Iterator[Row]:
    """Norwegian travel card: one line a journey, many to a card; times and stops are what tells people apart."""
    lines = "Jernbanetorget Majorstuen Nydalen Grorud Stovner Helsfyr Lysaker Bryn Tonsenhagen Mortensrud Holmenkollen"
    stops = lines.split()
    n = 0
    while n < rows:
        card = draw.hexes(16)
        group = draw.weighted({"Voksen": 62.0, "Ungdom": 18, "Honnør": 13, "Barn": 6, "Ledsager": 1})
        home, work = draw.sample(stops, 2)
        born = (
            TODAY.year
            - {
                "Voksen": draw.randint(20, 66),
                "Ungdom": 18,
                "Honnør": draw.randint(67, 90),
                "Barn": draw.randint(6, 17),
                "Ledsager": 50,
            }[group]
        )
        for _ in range(min(rows - n, 1 + draw.rare(7))):
            n += 1
            back = draw.hit(0.5)
            start = draw.instant(date(2026, 8, 3), date(2026, 8, 30)).replace(hour=16 if back else 7, microsecond=0)
            on, off = (work, home) if back else (home, work)
            if draw.hit(0.25):
                off = draw.choice(stops)
            yield {
                "turId": 88_000_000 + n * 5 + draw.randint(0, 4),
                "kortHash": card,
                "kundegruppe": group,
                "fodselsAar": draw.gap(0.2, born),
                "paStopp": on,
                "paTid": f"{start:%d.%m.%Y %H:%M:%S}",
                "avStopp": draw.gap(0.15, off),
                "avTid": f"{start + timedelta(seconds=draw.randint(300, 2900)):%d.%m.%Y %H:%M:%S}",
                "linje": draw.words("1 2 3 4 5 31 37 54 L1"),
                "vognNr": draw.randint(1301, 1415),
                "forerNr": draw.choice((4012, 4055, 4101, 4190, 4222, 4310)),
                "antSoner": draw.code((70, 20, 8, 2)),
                "billettType": draw.weighted({"30-dagers": 61.0, "enkelt": 27, "24-timer": 8, "HC-kort": 4}),
                "prisOre": draw.choice((0, 0, 4200, 4200, 2100, 6700)),
                "kontrollert": int(draw.hit(0.05)),
                "gebyr": draw.gap(0.985, 1250),
                "operator": "SYN",
            }


def hu_union(draw: Draw, rows: int) -> Iterator[Row]:
    """Members of a Hungarian union: surname first, names without accents, one column for a whole address."""
    surnames = (
        "Nagy Kovacs Toth Szabo Horvath Varga Kiss Molnar Nemeth Farkas Balogh Papp Takacs Juhasz Lakatos Meszaros Simon Racz"
    )
    women = "Maria Erzsebet Katalin Ilona Eva Anna Zsuzsanna Agnes Judit Andrea Timea Orsolya Reka Boglarka"
    men = "Laszlo Istvan Jozsef Janos Zoltan Sandor Gabor Ferenc Attila Peter Tamas Balazs Bence Mate"
    towns = (("9021", "Gyor"), ("9200", "Mosonmagyarovar"), ("9400", "Sopron"), ("9300", "Csorna"), ("9330", "Kapuvar"))
    for n in range(rows):
        p = draw.person("en", 19, 68, 43, 0.38)
        name = f"{draw.words(surnames)} {draw.words(women if p.female else men)}"
        postcode, town = draw.choices(towns, (52, 18, 16, 9, 5))[0]
        joined = draw.day(date(1998, 1, 1))
        yield {
            "sorsz": n + 1,
            "tagkonyv_sz": f"VD-{draw.randint(1, 99)}/{10000 + n}",
            "nev": draw.typo(name),
            "anyja_neve": f"{draw.words(surnames)} {draw.words(women)}",
            "szul_hely": draw.weighted(
                {"Gyor": 44.0, "Sopron": 18, "Budapest": 12, "Csorna": 10, "Komarno (SK)": 4, "Papa": 12}
            ),
            "szul_ido": f"{p.born:%Y.%m.%d.}",
            "nem": "no" if p.female else "ffi",
            "taj_szam": taj(draw),
            "lakcim": f"{postcode} {town}, {draw.words('Kossuth Petofi Ady Rakoczi Arany Jokai')} u. {draw.randint(1, 120)}.",
            "megye": "GYMS",
            "munkahely": draw.weighted({"Motorgyar": 58.0, "Gumigyar": 20, "Volan": 14, "Korhaz": 8}),
            "munkakor": draw.weighted(
                {"operator": 52.0, "lakatos": 16, "karbantarto": 12, "raktaros": 12, "muszakvezeto": 6, "apolo": 2}
            ),
            "muszak": draw.code((20, 20, 60)),
            "belepes": f"{joined:%Y-%m}",
            "tisztseg": draw.weighted({"": 93.0, "bizalmi": 6, "titkar": 1}),
            "tagdij_ft": draw.whole(4600, 900, 1500, 9000),
            "hatralek_ho": draw.rare(0.3),
            "sztrajk_2025": draw.weighted({"nem": 61.0, "igen": 39}),
            "segely_oka": draw.gap(0.9, draw.words("betegseg halaleset gyermekszuletes karhitel")),
            "mobil": draw.gap(0.1, f"+36 {draw.words('20 30 70')} {draw.digits(3)} {draw.digits(4)}"),
            "hirlevel": draw.weighted({"i": 67.0, "n": 33}),
            "rogz_datum": f"{draw.day(date(2026, 1, 5), date(2026, 1, 30)):%Y%m%d}",
        }


# --- tables without persons ------------------------------------------------------------------------------------------------


def iot_sensors(draw: Draw, rows: int) -> Iterator[Row]:
    """Air sensors on lamp posts: hardware addresses, positions and times, and nobody behind them."""
    nodes = [
        (
            f"AQ-{i:03}",
            "02:00:5e:" + ":".join(draw.hexes(2) for _ in range(3)),
            41.38 + draw.random() / 20,
            2.15 + draw.random() / 20,
        )
        for i in range(1, 33)
    ]
    for n in range(rows):
        node, mac, lat, lon = draw.choice(nodes)
        yield {
            "seq": 5_120_000 + n,
            "node_id": node,
            "mac": mac,
            "lat": round(lat, 6),
            "lon": round(lon, 6),
            "ts_utc": draw.instant(date(2026, 9, 1)).isoformat(timespec="milliseconds"),
            "temp_c": draw.normal(22, 5, 6, 39, 2),
            "rh": draw.normal(61, 14, 12, 100, 1),
            "pm25": draw.amount(9, 0.6, 1),
            "no2_ppb": draw.gap(0.06, draw.amount(15, 0.5, 2), "NaN"),
            "noise_db": draw.normal(58, 8, 31, 98, 1),
            "batt_mv": draw.whole(3620, 110, 3200, 4150),
            "rssi": -draw.whole(91, 11, 55, 124),
            "gateway": draw.words("gw-north gw-north gw-port gw-hill"),
            "serial": f"SN{int(mac.replace(':', ''), 16) * 7919 % 10**8:08}",
            "age_days": draw.randint(12, 1400),
            "status": draw.weighted({"ok": 95.0, "low_batt": 4, "fault": 1}),
            "fw": "1.9.3",
        }


def pl_katalog(draw: Draw, rows: int) -> Iterator[Row]:
    """Polish catalogue of goods: sex, age and size are those a product is made for."""
    suppliers = [
        (f"{draw.words('Nowak Kowalski Wisla Baltyk Orzel')} {draw.words('S.A. S.J. Trade')}", nip_pl(draw), draw.digits(7))
        for _ in range(14)
    ]
    models = "Adam Natalia Oskar Wiktoria Zefir Tatry Morskie Bryza Klara Hugo"
    for n in range(rows):
        kind = draw.weighted({"buty": 32.0, "kurtki": 24, "zabawki": 22, "plecaki": 14, "zegarki": 8})
        supplier, tax, phone = draw.choice(suppliers)
        net = draw.amount(140, 0.7)
        yield {
            "lp": n + 1,
            "sku": f"{kind[:2].upper()}-{draw.digits(5)}",
            "ean": ean13(draw, "590"),
            "nazwa": f"{kind[:-1].capitalize()} {draw.words(models)}",
            "producent": draw.words("Wisla Baltyk Orzel Zubr Sowa"),
            "kategoria": kind,
            "plec": draw.weighted({"damska": 34.0, "męska": 31, "unisex": 35}),
            "wiek_od": draw.choice((3, 6, 8, 12)) if kind == "zabawki" else None,
            "rozmiar": draw.gap(0.4, draw.randint(36, 47)),
            "kolor": draw.words("czarny czarny granatowy szary czerwony żółty"),
            "waga_g": int(draw.amount(620, 0.5, 0)),
            "kraj_poch": draw.weighted({"PL": 44.0, "CN": 31, "VN": 14, "PT": 11}),
            "cena_netto": net,
            "cena_brutto": round(net * 1.23, 2),
            "vat": 23,
            "stan": draw.rare(18),
            "dostawca": supplier,
            "nip_dost": tax,
            "tel_hurt": f"+48 22 {phone[:3]} {phone[3:5]} {phone[5:]}",
            "ocena": draw.gap(0.3, draw.normal(4.2, 0.5, 1, 5, 1)),
            "dodano": f"{draw.day(date(2023, 1, 1)):%d.%m.%Y}",
        }


def fx_rates(draw: Draw, rows: int) -> Iterator[Row]:
    """Daily rates of currencies: dates, countries, codes and numbers that are nearly all different."""
    pairs = (
        ("USD", "United States", 1.09),
        ("GBP", "United Kingdom", 0.85),
        ("JPY", "Japan", 161.0),
        ("SEK", "Sweden", 11.3),
        ("HUF", "Hungary", 395.0),
        ("ZAR", "South Africa", 19.8),
    )
    for n in range(rows):
        code, country, level = pairs[n % len(pairs)]
        mid = level * (1 + 0.03 * math.sin(n / 40) + draw.gauss(0, 0.004))
        day = date(2026, 1, 2) + timedelta(days=n // len(pairs))
        yield {
            "fixing_id": f"FX{day:%Y%m%d}{code}",
            "value_date": f"{day:%Y-%m-%d}",
            "base": "EUR",
            "quote": code,
            "country": country,
            "bid": round(mid * 0.9998, 6),
            "ask": round(mid * 1.0002, 6),
            "mid": round(mid, 6),
            "chg_pct": round(draw.gauss(0, 0.4), 4),
            "contributors": draw.randint(5, 19),
            "src": draw.words("A A A B"),
        }


def cz_obce(draw: Draw, rows: int) -> Iterator[Row]:
    """Czech municipalities: the words of a census, but each row is a place and each number a count or a mean."""
    first = ["Horni", "Dolni", "Nova", "Stara", "Velka", "Mala", "Cerveny", "Bily"]
    second = ["Lhota", "Ves", "Hora", "Voda", "Ujezd", "Brod", "Kamenice", "Olesnice", "Studenec", "Bukovina", "Lomnice"]
    for n in range(rows):
        people = int(draw.amount(640, 1.1, 0)) + 20
        women = int(people * draw.normal(0.503, 0.02, 0.4, 0.6, 4))
        yield {
            "kod_obce": 530000 + n * 3,
            "obec": f"{draw.choice(first)} {draw.choice(second)}",
            "okres": draw.words("Jihlava Trebic Pelhrimov Havlickuv_Brod Zdar").replace("_", " "),
            "psc": f"{draw.randint(580, 595)} {draw.digits(2)}",
            "starosta_strana": draw.weighted({"NEZ": 62.0, "STAN": 14, "KDU": 12, "ODS": 8, "ANO": 4}),
            "obyv": people,
            "muzi": people - women,
            "zeny": women,
            "prum_vek": draw.normal(43.1, 2.4, 33, 56, 1),
            "podil_vs": draw.normal(14, 5, 1, 48, 1),
            "nezam_pct": draw.normal(3.6, 1.3, 0.4, 12, 2),
            "prum_mzda": draw.whole(41200, 3900, 29000, 68000),
            "verici_pct": draw.normal(18, 9, 1, 66, 1),
            "exekuce_pct": draw.normal(6.1, 2.6, 0.3, 24, 2),
            "lat": round(draw.uniform(49.1, 49.8), 4),
            "lon": round(draw.uniform(15.0, 16.3), 4),
            "rok": 2025,
        }


TABLES: dict[str, tuple[Callable[[Draw, int], Iterator[Row]], int]] = {
    "nl_woningregister": (nl_woningregister, 640),
    "pt_matriculas": (pt_matriculas, 560),
    "it_farmacia": (it_farmacia, 720),
    "es_bajas_telefonia": (es_bajas_telefonia, 800),
    "fr_sinistres": (fr_sinistres, 600),
    "de_betriebsrat": (de_betriebsrat, 480),
    "us_vet_clinic": (us_vet_clinic, 650),
    "uk_probation": (uk_probation, 420),
    "nordic_biobank": (nordic_biobank, 700),
    "airline_ffp": (airline_ffp, 500),
    "gym_app": (gym_app, 540),
    "ie_smart_meters": (ie_smart_meters, 450),
    "se_enkat": (se_enkat, 380),
    "sap_kredit": (sap_kredit, 620),
    "no_reisekort": (no_reisekort, 780),
    "hu_union": (hu_union, 330),
    "iot_sensors": (iot_sensors, 800),
    "pl_katalog": (pl_katalog, 400),
    "fx_rates": (fx_rates, 600),
    "cz_obce": (cz_obce, 300),
}


def rows_of(name: str) -> list[Row]:
    """The rows of one table."""
    make, rows = TABLES[name]
    return list(make(Draw(f"{SEED}:{name}"), rows))


def write_tables(folder: Path) -> None:
    """Write every table and the labels into folder; refuse labels that do not name exactly the columns written."""
    labels = json.loads((HERE / "labels.json").read_text(encoding="utf-8"))["tables"]
    if list(labels) != list(TABLES):
        raise ValueError(f"labels.json has the tables {list(labels)}, not {list(TABLES)}")
    folder.mkdir(parents=True, exist_ok=True)
    for name, meta in labels.items():
        rows = rows_of(name)
        header = list(rows[0])
        if header != [column["name"] for column in meta["columns"]] or (len(rows), len(header)) != (
            meta["rows"],
            meta["n_columns"],
        ):
            raise ValueError(f"labels.json does not describe the table {name} as it is written")
        with (folder / meta["file"]).open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, header, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    shutil.copyfile(HERE / "labels.json", folder / "labels.json")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: generate.py FOLDER")
    write_tables(Path(sys.argv[1]))
