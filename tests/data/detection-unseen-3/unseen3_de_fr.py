"""German and French tables: payroll, flat applicants, ledger, welfare, census, charging points."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from unseen3_checks import iban, nir, siren, steuer_id, sv_nummer, ust_id
from unseen3_core import (
    Col,
    Row,
    Table,
    bell,
    const,
    count,
    dated,
    day,
    decimal,
    fill,
    key,
    money,
    pick,
    sometimes,
    weighted,
    whole,
    words,
)
from unseen3_pools import people


def _german(x: float) -> str:
    return f"{x:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")


def _wages(rng: Random, n: int) -> list[Row]:
    rows = people(rng, n, "de", 18, 66, 0.44)
    for row in rows:
        gross = rng.lognormvariate(8.1, 0.33)
        row.update(gross=gross, tax=gross * rng.uniform(0.06, 0.24), hours=rng.choice([40, 40, 40, 38.5, 30, 20, 25]))
        row["net"] = gross - row["tax"] - gross * 0.203
        row["klasse"] = rng.choices("123456", [44, 4, 12, 26, 11, 3])[0]
        joined = max(row["dob"] + timedelta(days=17 * 366), date(1990, 1, 1))
        row["joined"] = joined + timedelta(days=int((date(2024, 3, 1) - joined).days * rng.random() ** 0.7))
    return rows


PAYROLL = Table(
    "lohnjournal_maerz",
    "development",
    240,
    "Beschäftigte",
    "German payroll; decimal comma",
    "Lohnjournal eines mittelständischen Betriebs für einen Monat (German payroll journal).",
    _wages,
    [
        Col("Pers.-Nr.", "DI", lambda r, p: f"{p['i'] * 3 + 1004:05d}", "staff number"),
        Col("Name, Vorname", "DI", lambda r, p: f"{p['last']}, {p['first']}", "full name"),
        Col("Geb.-Datum", "QI", dated("dob", "%d.%m.%Y"), "full date of birth"),
        Col("SV-Nummer", "DI", lambda r, p: sv_nummer(r, p["dob"], p["last"]), "social insurance number", miss=0.02),
        Col("Steuer-IdNr.", "DI", lambda r, p: steuer_id(r), "tax number"),
        Col("StKl", "SI", key("klasse"), "tax class, shows marriage and income of the couple", "QI"),
        Col("KiFrB", "QI", weighted("0,0:60|0,5:11|1,0:14|1,5:4|2,0:9|3,0:2"), "number of children", "SI"),
        Col("Konf.", "SI", weighted("--:52|ev:26|rk:22"), "religion for church tax", "QI"),
        Col("Krankenkasse", "QI", words("AOK PLUS|TK|Barmer|DAK|IKK classic|BKK VBU|privat"), "health insurer", "SI NSI"),
        Col("Eintritt", "QI", dated("joined", "%d.%m.%y"), "start of the job"),
        Col("KSt", "QI", words("4100|4110|4200|4300|5010|6000"), "department", "NSI"),
        Col("Wochenstd.", "QI", lambda r, p: str(p["hours"]).replace(".", ","), "part time, known to colleagues", "NSI SI"),
        Col("Gesamtbrutto", "SI", lambda r, p: _german(p["gross"]), "pay"),
        Col("Lohnsteuer", "SI", lambda r, p: _german(p["tax"]), "tax"),
        Col("Pfändung", "SI", sometimes(0.04, money(210, 0.6, 2, True), "0,00"), "debt"),
        Col("Auszahlung", "SI", lambda r, p: _german(p["net"]), "pay"),
        Col("Krankstd.", "SI", sometimes(0.2, pick("8,00", "16,00", "24,00", "40,00", "80,00"), "0,00"), "sick leave"),
        Col(
            "IBAN",
            "DI",
            lambda r, p: iban("DE", r.choice(["86055592", "70120400", "10010010"]) + fill(r, "##########")),
            "account",
        ),
        Col("Abr.-Monat", "NSI", const("03/2024"), "constant"),
        Col("Mandant", "NSI", const("017"), "constant"),
        Col("BBG KV", "NSI", const("5.175,00"), "legal ceiling, constant"),
    ],
    missing=("", ""),
)

FLATS = [("EG li", "612"), ("1.OG re", "655"), ("DG", "598"), ("2.OG Mitte", "640")]
TENANTS = Table(
    "mietinteressenten",
    "held_out",
    190,
    "Wohnungssuchende",
    "German; letting agent's spreadsheet",
    "Selbstauskünfte von Mietinteressenten eines Maklerbüros (rental applicants).",
    lambda r, n: people(r, n, "de", 20, 74),
    [
        Col("lfd. Nr.", "NSI", lambda r, p: p["i"] + 1, "row number", "DI"),
        Col("Anrede", "QI", lambda r, p: "Frau" if p["f"] else "Herr", "sex", miss=0.04),
        Col("Vor- und Zuname", "DI", lambda r, p: f"{p['first']} {p['last']}", "full name", stray=0.04),
        Col("geboren am", "QI", dated("dob", "%d.%m.%Y"), "full date of birth", miss=0.03),
        Col(
            "Familienstand",
            "QI",
            weighted("ledig:45|verheiratet:32|geschieden:13|verh.:4|verwitwet:3|getrennt lebend:3"),
            "marriage",
        ),
        Col(
            "Beruf",
            "QI",
            words(
                "Erzieher/in|Mechatroniker|Student/in|Lehrer|Krankenpfleger/in|Softwareentwickler|Rentner"
                "|Verkäuferin|Koch|selbstständig|Bürokauffrau|Polizist|arbeitssuchend"
            ),
            "job",
            stray=0.03,
        ),
        Col(
            "Arbeitgeber",
            "QI",
            words("Uniklinikum|Stadt|DHL Hub|BMW|Rewe|-|Landesschulamt|Siemens|Zeitarbeit Persona"),
            "employer",
            miss=0.1,
        ),
        Col(
            "Netto mtl.",
            "SI",
            lambda r, p: r.choice(
                [f"{r.randint(13, 42) * 100} €", f"ca. {r.randint(13, 42) * 100}", str(r.randint(1150, 4300))]
            ),
            "income",
            miss=0.05,
        ),
        Col("Pers. im HH", "QI", weighted("1:38|2:34|3:15|4:10|5:3"), "household"),
        Col("Haustiere", "QI", weighted("keine:68|Hund:13|Katze:12|2 Katzen:4|Kaninchen:3"), "visible", "NSI"),
        Col("Raucher", "SI", weighted("nein:76|ja:15|nur Balkon:9"), "habit", "QI NSI"),
        Col("Jetzige Anschrift", "DI", lambda r, p: f"{p['street']}, {p['zip']} {p['town']}", "home address", "QI", stray=0.02),
        Col("Handy", "DI", lambda r, p: r.choice(["0151 ", "0176/", "+49 162 "]) + fill(r, "#######"), "phone"),
        Col("E-Mail", "DI", key("mail"), "mail", miss=0.06),
        Col("SCHUFA", "SI", bell(95, 4, 61, 99.6, 1, True), "credit score", miss=0.22),
        Col("Mietrückstände", "SI", weighted("nein:93|ja:4|k.A.:3"), "debt"),
        Col("WBS", "SI", weighted("nein:78|ja:14|beantragt:8"), "entitled to social housing", "QI"),
        Col("Besichtigung", "QI", day("2024-04-08", "2024-04-26", "%d.%m."), "viewing slot, seen by others", "NSI"),
        Col("Whg.", "NSI", lambda r, p: FLATS[p["i"] * 7 % 9 % 4][0], "flat on offer", "QI"),
        Col("Kaltmiete", "NSI", lambda r, p: FLATS[p["i"] * 7 % 9 % 4][1], "rent asked for the flat"),
        Col(
            "Eindruck",
            "SI",
            words("nett|sehr ordentlich|spricht wenig Deutsch|unpünktlich|ok|ok|wirkt solvent|schwanger?|Favorit|eher nein"),
            "agent's opinion",
            "DI",
            miss=0.3,
        ),
    ],
    missing=("", "", "k.A.", "-"),
)


def _ledger(rng: Random, n: int) -> list[Row]:
    rows: list[Row] = []
    firms = [
        ("Würth GmbH & Co. KG", "3300", "Befestigungsmaterial"),
        ("Stadtwerke Kassel", "4240", "Strom Abschlag"),
        ("Telekom Deutschland", "4920", "Telefon"),
        ("Autohaus Glinicke", "4540", "Inspektion KS-HB 210"),
        ("Bürobedarf Thüringen", "4930", "Toner"),
        ("Müller Bau GmbH", "4260", "Reparatur Halle 2"),
    ]
    made = [(f, ust_id(rng), f"7{i:04d}") for i, f in enumerate(firms)]
    at = date(2024, 1, 2)
    for i in range(n):
        at += timedelta(days=rng.choice([0, 0, 0, 0, 1]))
        firm, vat, number = rng.choice(made)
        net = rng.lognormvariate(5.4, 1.1)
        rows.append({"i": i, "at": at, "firm": firm, "vat": vat, "no": number, "net": net})
    return rows


LEDGER = Table(
    "buchungsjournal",
    "development",
    260,
    "Buchungszeilen einer Firma",
    "negative control: ledger lines of a company",
    "Buchungszeilen der Kreditorenbuchhaltung eines Betriebs (ledger lines).",
    _ledger,
    [
        Col("BelegNr", "NSI", lambda r, p: f"ER24-{p['i'] + 1:05d}", "number of a voucher"),
        Col("Buchungsdatum", "NSI", dated("at", "%d.%m.%Y"), "posting date"),
        Col("Periode", "NSI", dated("at", "%m/%Y"), "posting month"),
        Col("Kreditor", "NSI", lambda r, p: p["no"], "account of a firm"),
        Col("Name", "NSI", lambda r, p: p["firm"][0], "name of a firm"),
        Col("USt-IdNr.", "NSI", key("vat"), "tax number of a firm", miss=0.03),
        Col("Sollkonto", "NSI", lambda r, p: p["firm"][1], "ledger account"),
        Col(
            "Buchungstext",
            "NSI",
            lambda r, p: p["firm"][2] + r.choice(["", " " + p["at"].strftime("%m/%y")]),
            "text of the posting",
        ),
        Col("Netto", "NSI", lambda r, p: _german(p["net"]), "amount of a firm"),
        Col("StSchl", "NSI", weighted("9:90|8:6|0:4"), "tax key"),
        Col("Brutto", "NSI", lambda r, p: _german(p["net"] * 1.19), "amount of a firm"),
        Col("Storno", "NSI", weighted(":97|S:3"), "flag"),
    ],
    persons=False,
)


def _caf(rng: Random, n: int) -> list[Row]:
    rows = people(rng, n, "fr", 19, 79, 0.61)
    for row in rows:
        row["kids"] = rng.choices([0, 1, 2, 3, 4, 5], [34, 22, 23, 13, 6, 2])[0]
        row["rent"] = max(180.0, rng.gauss(560, 130))
        row["fam"] = rng.choices(["CEL", "MAR", "VMA", "SEP", "DIV", "VEU", "PAC"], [38, 24, 14, 9, 10, 3, 2])[0]
    return rows


CAF = Table(
    "allocataires_caf",
    "held_out",
    270,
    "allocataires",
    "French ALLCAPS database names",
    "Allocataires d'une caisse d'allocations familiales, extraction de gestion (welfare recipients).",
    _caf,
    [
        Col("MATRICULE", "DI", lambda r, p: f"{p['i'] * 19 + 2104418:07d}", "recipient number"),
        Col(
            "NIR",
            "DI",
            lambda r, p: nir(r, p["dob"], p["f"], r.choice(["69", "69", "69", "42", "38", "99", "75"])),
            "social security",
        ),
        Col("NOM_NAISS", "DI", lambda r, p: p["last"].upper(), "surname"),
        Col("PRENOM", "DI", key("first"), "given name"),
        Col("DTNAIS", "QI", dated("dob", "%d/%m/%Y"), "full date of birth"),
        Col("SITFAM", "QI", key("fam"), "marital status"),
        Col("NBENF", "QI", key("kids"), "children"),
        Col("NATIO_GRP", "QI", weighted("F:76|UE:5|HUE:19"), "nationality", "SI"),
        Col("COMINSEE", "QI", key("zip"), "commune of residence"),
        Col("OCCLOG", "QI", weighted("HLM:47|LOC:31|ACC:6|HEB:9|FOY:5|SDF:2"), "tenure", "SI"),
        Col("LOYER", "SI", lambda r, p: decimal(p["rent"], 2, True), "money", "QI", miss=0.08),
        Col("MTRSA", "SI", sometimes(0.38, bell(520, 170, 15, 1200, 2, True), "0,00"), "minimum income benefit"),
        Col("MTAL", "SI", sometimes(0.66, bell(270, 70, 15, 480, 2, True), "0,00"), "housing benefit"),
        Col("TXINCAP", "SI", weighted("0:89|50:6|80:5"), "disability"),
        Col("QF", "SI", money(520, 0.5, 0), "income per head"),
        Col("PERSISOL", "QI", lambda r, p: "N" if p["fam"] in ("MAR", "VMA", "PAC") else "O", "lone parent or single", "SI"),
        Col("RIB_IBAN", "DI", lambda r, p: iban("FR", "20041" + fill(r, "##################")), "account", miss=0.01),
        Col("INDU_SOLDE", "SI", sometimes(0.12, money(340, 0.9, 2, True), "0,00"), "debt"),
        Col("CODORG", "NSI", const("691"), "constant"),
        Col("DTTRAIT", "NSI", const("20240131"), "constant run date"),
        Col("VERSCRISTAL", "NSI", words("C12|C12|C13"), "program version"),
    ],
    missing=("", "NC"),
)


def _census(rng: Random, n: int) -> list[Row]:
    out: list[Row] = []
    house = 0
    while len(out) < n:
        house += 1
        size = rng.choices([1, 2, 3, 4, 5], [35, 32, 14, 13, 6])[0]
        members = people(rng, size, "fr", 0 if size > 2 else 20, 89)
        shared: Row = {
            "hh": house * 3 + 100,
            "size": size,
            "w": decimal(rng.choice([1, 2.5, 2.8, 3.1]) + rng.random() / 9, 6),
            "canton": rng.choice(["6901", "6908", "6912", "6999"]),
            "surf": rng.choice("1234567"),
            "cars": rng.choice("0112223"),
            "ten": rng.choice(["10", "10", "21", "22", "23"]),
            "built": rng.choice("ABCDE"),
        }
        shared["type"] = {1: ["11", "12"], 2: ["21", "31", "40"]}.get(size, ["22", "22", "32"])[rng.randint(0, 1)]
        members.sort(key=lambda m: -int(m["age"]))
        for k, m in enumerate(members):
            adult = m["age"] > 16
            m["dipl"] = (
                rng.choice(["01", "03", "11", "12", "13", "13", "14", "14", "16", "16", "17", "18", "18"]) if adult else "ZZ"
            )
            m["act"] = (
                "23" if not adult else "21" if m["age"] > 63 else rng.choice(["11", "11", "11", "11", "12", "22", "24", "25"])
            )
            m["cs"] = {"23": "8", "21": "7"}.get(m["act"]) or rng.choice("2334455566")
            m["way"] = rng.choice("5555566623134") if m["act"] == "11" else "Z"
            out.append(dict(m, rank=k + 1, **shared))
    return out[:n]


CENSUS = Table(
    "rp_individus",
    "development",
    400,
    "personnes dans les ménages",
    "census microdata with INSEE-like names, coded",
    "Fichier détail individus d'un recensement, échantillon (census microdata).",
    _census,
    [
        Col("NUMMI", "DI", key("hh"), "household number"),
        Col("CANTVILLE", "QI", key("canton"), "canton"),
        Col("AGED", "QI", key("age"), "age"),
        Col("SEXE", "QI", lambda r, p: 2 if p["f"] else 1, "sex"),
        Col("LPRM", "QI", lambda r, p: 1 if p["rank"] == 1 else r.choice([2, 3, 3]), "relation to head"),
        Col("INAI", "QI", weighted("1:51|2:13|3:20|4:3|6:13"), "place of birth"),
        Col("INATC", "QI", weighted("11:80|12:9|21:11"), "nationality", "SI"),
        Col("IMMI", "QI", weighted("2:86|1:14"), "immigrant", "SI"),
        Col("MOCO", "QI", key("type"), "household type"),
        Col("DIPL", "QI", key("dipl"), "education"),
        Col("TACT", "QI", key("act"), "employment status"),
        Col("CS1", "QI", key("cs"), "job class"),
        Col("TRANS", "QI", key("way"), "way to work, visible", "NSI"),
        Col("STOCD", "QI", key("ten"), "tenure", "SI"),
        Col("SURF", "QI", key("surf"), "size of the home"),
        Col("VOIT", "QI", key("cars"), "cars, visible"),
        Col("ACHL", "QI", key("built"), "age of the building", "NSI"),
        Col("NPERR", "QI", key("size"), "household size"),
        Col("IPONDI", "NSI", key("w"), "design weight", "QI"),
        Col("MILLESIME", "NSI", const("2020"), "constant"),
    ],
    missing=("Z", "Z"),
)


def _irve(rng: Random, n: int) -> list[Row]:
    firms = [
        ("Izivia", siren(rng), "contact@izivia.fr", "09 72 66 80 01"),
        ("Freshmile", siren(rng), "support@freshmile.fr", "03 88 68 84 50"),
        ("Métropole de Lyon", siren(rng), "bornes@grandlyon.fr", "04 78 63 40 40"),
    ]
    rows = people(rng, n, "fr")
    for row in rows:
        row["op"] = rng.choice(firms)
        row["xy"] = f"[{row['lon'] + rng.gauss(0, 0.02):.6f}, {row['lat'] + rng.gauss(0, 0.02):.6f}]"
    return rows


CHARGERS = Table(
    "bornes_recharge",
    "held_out",
    210,
    "points de charge",
    "negative control: places with addresses and phones of firms",
    "Points de charge publics pour véhicules électriques (charging points).",
    _irve,
    [
        Col("nom_operateur", "NSI", lambda r, p: p["op"][0], "firm"),
        Col("siren_amenageur", "NSI", lambda r, p: p["op"][1], "number of a firm"),
        Col("contact_operateur", "NSI", lambda r, p: p["op"][2], "mail box of a firm"),
        Col("telephone_operateur", "NSI", lambda r, p: p["op"][3], "phone of a firm", miss=0.06),
        Col("id_pdc_itinerance", "NSI", lambda r, p: f"FR{p['op'][0][:3].upper()}E{p['i'] + 70211}", "key of a charging point"),
        Col(
            "nom_station",
            "NSI",
            lambda r, p: r.choice(["Parking ", "Place ", "Gare de ", "Mairie de "]) + str(p["town"]),
            "place",
        ),
        Col(
            "adresse_station",
            "NSI",
            lambda r, p: f"{r.randint(1, 140)} {r.choice(['rue Jean Jaurès', 'av. du 8 Mai 1945', 'cours Émile Zola'])}, "
            f"{p['town']}",
            "address of a place",
        ),
        Col("code_insee_commune", "NSI", key("zip"), "commune of a place"),
        Col("coordonneesXY", "NSI", key("xy"), "position of a place"),
        Col("nbre_pdc", "NSI", whole(1, 8), "size"),
        Col("puissance_nominale", "NSI", words("7.4|22|22|50|150"), "power"),
        Col("prise_type_2", "NSI", weighted("true:88|false:12"), "plug"),
        Col("gratuit", "NSI", weighted("false:91|true:5|0:4"), "tariff", miss=0.1),
        Col("date_mise_en_service", "NSI", day("2016-01-01", "2024-03-31"), "opening", miss=0.15),
        Col("nb_sessions_2023", "NSI", count(420, 4000), "use of the place"),
    ],
    persons=False,
)

TABLES = [PAYROLL, TENANTS, LEDGER, CAF, CENSUS, CHARGERS]
