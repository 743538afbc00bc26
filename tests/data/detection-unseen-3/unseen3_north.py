"""Dutch, Swedish, Polish and Danish tables."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from unseen3_checks import cpr, ean, iban, personnummer, pesel
from unseen3_core import (
    Col,
    Row,
    Table,
    bell,
    const,
    count,
    dated,
    day,
    fill,
    filled,
    key,
    money,
    pick,
    sometimes,
    weighted,
    whole,
    words,
)
from unseen3_pools import FEMALE, MALE, people


def _energy(rng: Random, n: int) -> list[Row]:
    rows = people(rng, n, "nl", 21, 90)
    for row in rows:
        row["home"] = rng.choices(
            ["appartement", "tussenwoning", "hoekwoning", "2-onder-1-kap", "vrijstaand"], [30, 34, 13, 12, 11]
        )[0]
        size = {"appartement": 0.6, "tussenwoning": 0.9, "hoekwoning": 1, "2-onder-1-kap": 1.15, "vrijstaand": 1.5}[row["home"]]
        row.update(kwh=int(2700 * size * rng.lognormvariate(0, 0.35)), gas=int(1150 * size * rng.lognormvariate(0, 0.35)))
        row["term"] = round((row["kwh"] * 0.34 + row["gas"] * 1.35) / 12 / 5) * 5
        row["init"] = row["first"][0] + "." + rng.choice(["", "", "J.", "M.", "A.H."])
    return rows


ENERGY = Table(
    "energieklanten",
    "held_out",
    310,
    "klanten van een energiebedrijf",
    "Dutch snake_case",
    "Klantbestand met verbruik van een energieleverancier in Overijssel (energy customers).",
    _energy,
    [
        Col("klantnr", "DI", lambda r, p: 70100220 + p["i"] * 17, "customer number"),
        Col(
            "ean_aansluiting",
            "DI",
            lambda r, p: ean("87168" + fill(r, "############")),
            "number of the connection, one household",
        ),
        Col("voorletters", "QI", key("init"), "initials", "DI", miss=0.02),
        Col("achternaam", "DI", key("last"), "surname", stray=0.02),
        Col("postcode", "QI", key("zip"), "full postcode, about 20 homes", "DI"),
        Col("huisnr", "QI", lambda r, p: r.randint(1, 180), "house number", "DI"),
        Col("toev", "QI", sometimes(0.16, words("A|B|bis|1|2 hoog|C")), "addition to the house number", "NSI"),
        Col("woonplaats", "QI", key("town"), "town"),
        Col(
            "iban",
            "DI",
            lambda r, p: iban("NL", r.choice(["INGB", "RABO", "ABNA", "TRIO"]) + "0" + fill(r, "#########")),
            "account",
            miss=0.05,
        ),
        Col("tel_mobiel", "DI", filled("06-2#######"), "phone", miss=0.18),
        Col("woningtype", "QI", key("home"), "visible"),
        Col("bouwjaar", "QI", whole(1905, 2021), "public register of buildings", "NSI", miss=0.07),
        Col("zonnepanelen", "QI", weighted("N:68|J:32"), "visible from the street"),
        Col("jaarverbruik_kwh", "SI", key("kwh"), "usage shows way of life", "NSI"),
        Col("jaarverbruik_m3", "SI", key("gas"), "usage shows way of life", "NSI"),
        Col("termijnbedrag", "SI", lambda r, p: f"{p['term']},00", "money"),
        Col("aant_aanmaningen", "SI", weighted("0:82|1:10|2:5|3:3"), "payment"),
        Col("schuldregeling", "SI", weighted("N:96|J:4"), "debt"),
        Col("med_apparatuur", "SI", weighted("N:98|J:2"), "depends on medical devices at home"),
        Col("meter", "NSI", weighted("SLM:84|CVN:16"), "kind of meter"),
        Col("netgebied", "NSI", words("ENEXIS|COTEQ|RENDO|LIANDER"), "grid operator", "QI"),
        Col("btw_pct", "NSI", const("21"), "constant"),
    ],
    missing=("", "", "onbekend"),
)


def _articles(rng: Random, n: int) -> list[Row]:
    things = [
        ("Regenjas Anna", "Agu"),
        ("Laarzen Tom", "Dunlop"),
        ("Fietstas Sofie", "Basil"),
        ("Helm Junior", "Abus"),
        ("Sok wol", "Falke"),
        ("Drinkfles 0,7L", "Elite"),
        ("Bel klassiek", "Widek"),
        ("Koplamp USB", "Spanninga"),
        ("Handschoen gel", "Agu"),
    ]
    rows: list[Row] = []
    for i in range(n):
        thing = rng.choice(things)
        buy = rng.lognormvariate(2.6, 0.7)
        rows.append({"i": i, "what": thing[0], "brand": thing[1], "buy": buy, "sell": int(buy * 2.3) + 0.95})
    return rows


ARTICLES = Table(
    "artikelbestand",
    "held_out",
    280,
    "artikelen van een fietswinkel",
    "negative control: products",
    "Artikelbestand van een fietsenwinkel (products).",
    _articles,
    [
        Col("artikelnr", "NSI", lambda r, p: 100200 + p["i"], "key of a product"),
        Col("ean", "NSI", lambda r, p: ean("871" + fill(r, "#########")), "bar code of a product", miss=0.03),
        Col("naam", "NSI", key("what"), "name of a product"),
        Col("merk", "NSI", key("brand"), "brand"),
        Col("geslacht", "NSI", words("dames|heren|unisex|kind|"), "cut of a product"),
        Col("leeftijd_van", "NSI", words("|||4|6|8|12"), "age range of a product"),
        Col("kleur", "NSI", words("zwart|navy|rood|fluogeel|antraciet|groen"), "colour of a product"),
        Col("gewicht_g", "NSI", money(310, 0.7, 0), "weight of a product", miss=0.05),
        Col("inkoopprijs", "NSI", lambda r, p: f"{p['buy']:.2f}".replace(".", ","), "price"),
        Col("verkoopprijs", "NSI", lambda r, p: f"{p['sell']:.2f}".replace(".", ","), "price"),
        Col("voorraad", "NSI", count(9), "stock"),
        Col("leverancier", "NSI", words("Kruitbosch|Juncker|AGU BV|Hesling"), "firm"),
        Col("land_herkomst", "NSI", words("CN|NL|TW|DE|PT|BD"), "origin of a product"),
        Col("ingevoerd_op", "NSI", day("2018-01-01", "2024-03-01", "%d-%m-%Y"), "entry date"),
    ],
    persons=False,
)


def _draft(rng: Random, n: int) -> list[Row]:
    rows = people(rng, n, "sv", 18, 19, 0.35)
    for row in rows:
        row["dob"] = date(2005, 1, 1) + timedelta(days=rng.randint(0, 364))
        row["cm"] = round(rng.gauss(167 if row["f"] else 181, 6.6))
        row["kg"] = max(45, round((row["cm"] / 100) ** 2 * rng.gauss(22.8, 3)))
        row["end"] = rng.choices(["inskriven", "utbildningsreserv", "ej tjänstgöringsskyldig"], [40, 36, 24])[0]
        posts = [
            "Skyttesoldat",
            "Skyttesoldat",
            "Stridsvagnsförare",
            "Sjukvårdare",
            "Kock",
            "Signalist",
            "Hundförare",
            "Flottist",
        ]
        row["post"] = rng.choice(posts) if row["end"] == "inskriven" else ""
    return rows


DRAFT = Table(
    "monstring_2023",
    "development",
    290,
    "mönstrande",
    "Swedish conscription tests",
    "Resultat från mönstring av ett årskull, ett utdrag (military conscription).",
    _draft,
    [
        Col("Personnummer", "DI", lambda r, p: personnummer(r, p["dob"], p["f"]), "national number"),
        Col("Efternamn", "DI", key("last"), "surname"),
        Col("Förnamn", "DI", key("first"), "given name"),
        Col("Hemkommun", "QI", key("town"), "town"),
        Col("Län", "QI", key("region"), "county"),
        Col("Gymnasieprogram", "QI", weighted("NA:20|SA:25|TE:17|EK:14|EE:8|FT:6|VO:5|BA:5"), "education", miss=0.03),
        Col("Körkort", "QI", weighted("Nej:41|B:55|B, A1:4"), "driving licence", "NSI"),
        Col("Längd cm", "QI", key("cm"), "visible"),
        Col("Vikt kg", "QI", key("kg"), "visible", "SI"),
        Col("Synskärpa", "SI", words("1,0|1,0|1,0|0,8|0,6|1,2|0,3"), "health"),
        Col("Begåvning", "SI", whole(1, 9), "test of ability"),
        Col("Psykisk funktionsförmåga", "SI", bell(5, 1.7, 1, 9), "psychological test", miss=0.06),
        Col("Ergometer W", "SI", bell(255, 52, 110, 430), "fitness"),
        Col("Allergi", "SI", sometimes(0.27, words("pollen|nötter|pälsdjur|kvalster|laktos"), "nej"), "health"),
        Col("Belastningsregister", "SI", weighted("0:97|1:3"), "criminal record"),
        Col("Inställning", "SI", weighted("positiv:51|neutral:32|negativ:17"), "attitude to service"),
        Col("Mönstringsdag", "QI", day("2023-01-16", "2023-12-08"), "visit", "NSI"),
        Col("Befattning", "QI", key("post"), "post given", "SI"),
        Col("Beslut", "SI", key("end"), "decision", "QI"),
        Col("Blankettversion", "NSI", const("TRM 412b"), "constant"),
    ],
    missing=("", ""),
)


def _permits(rng: Random, n: int) -> list[Row]:
    rows = people(rng, n, "pl", 19, 62, 0.5)
    lands = {
        "Tran Van": "WIETNAM",
        "Le Thi": "WIETNAM",
        "Nguyen Thi": "WIETNAM",
        "Beridze": "GRUZJA",
        "Kapanadze": "GRUZJA",
        "Sharma": "INDIE",
        "Kazlouskaya": "BIAŁORUŚ",
        "Ivanou": "BIAŁORUŚ",
        "Novik": "BIAŁORUŚ",
        "Yilmaz": "TURCJA",
    }
    given = {
        "WIETNAM": ("Thi Mai|Lan", "Van Hung|Duc"),
        "GRUZJA": ("Ketevan|Nino", "Giorgi|Levan"),
        "INDIE": ("Priya|Anjali", "Rajesh|Amit"),
        "BIAŁORUŚ": ("Anastasiya|Hanna|Darya", "Siarhei|Pavel|Ihar"),
        "UKRAINA": (
            "Oksana|Natalia|Iryna|Olena|Svitlana|Yulia|Maryna|Daria|Viktoriia",
            "Andrii|Oleksandr|Dmytro|Mykola|Bohdan|Artem|Taras",
        ),
        "TURCJA": ("Elif|Zeynep", "Mehmet|Murat"),
    }
    for row in rows:
        row["land"] = lands.get(row["last"], "UKRAINA")
        row["first"] = rng.choice(given[row["land"]][0 if row["f"] else 1].split("|"))
        row["entry"] = date(2016, 1, 1) + timedelta(days=rng.randint(0, 2700))
        row["filed"] = row["entry"] + timedelta(days=rng.randint(20, 300))
    return rows


PERMITS = Table(
    "wnioski_pobytowe",
    "held_out",
    260,
    "cudzoziemcy",
    "Polish; migration office",
    "Wnioski o zezwolenie na pobyt w urzędzie wojewódzkim (residence permits).",
    _permits,
    [
        Col("nr_sprawy", "DI", lambda r, p: f"SOC-OP.6151.{p['i'] * 3 + 207}.{p['filed'].year}", "case number of one person"),
        Col("nazwisko", "DI", lambda r, p: p["last"].upper(), "surname"),
        Col("imie", "DI", lambda r, p: p["first"].upper(), "given name"),
        Col("pesel", "DI", lambda r, p: pesel(r, p["dob"], p["f"]), "national number", miss=0.35),
        Col("nr_paszportu", "DI", filled("??######"), "passport", miss=0.03),
        Col("data_ur", "QI", dated("dob", "%d.%m.%Y"), "full date of birth"),
        Col("plec", "QI", lambda r, p: "K" if p["f"] else "M", "sex"),
        Col("obywatelstwo", "QI", key("land"), "nationality", "SI"),
        Col("stan_cyw", "QI", weighted("żonaty/zamężna:48|kawaler/panna:40|rozw.:10|wd.:2"), "marriage", miss=0.04),
        Col("miejscowosc", "QI", key("town"), "town"),
        Col(
            "cel_pobytu",
            "SI",
            weighted("praca:61|studia:14|rodzina:15|ochrona międzynarodowa:4|ofiara handlu ludźmi:1|inne:5"),
            "reason to stay, for some protection",
            "QI",
        ),
        Col("data_wjazdu", "QI", dated("entry", "%Y-%m-%d"), "arrival in the country", "SI", miss=0.08),
        Col("data_zlozenia", "QI", dated("filed", "%Y-%m-%d"), "filing date", "NSI"),
        Col(
            "pracodawca",
            "QI",
            words("LG Energy|Amazon Fulfillment|Budimex|Gremi Personal|dział. własna|FHU Jan-Bud|Uniwersytet"),
            "employer",
            miss=0.25,
        ),
        Col("wynagr_brutto", "SI", money(4300, 0.3), "pay", miss=0.3),
        Col("karalnosc", "SI", weighted("NIE:95|TAK:3|b/d:2"), "criminal record"),
        Col("decyzja", "SI", weighted("pozytywna:58|w toku:29|odmowa:9|umorzenie:4"), "decision"),
        Col("inspektor", "NSI", words("A. Wójcik|K. Mazur|M. Zając|J. Krupa"), "official, not the subject", "QI DI"),
        Col(
            "uwagi",
            "SI",
            sometimes(
                0.2,
                words(
                    "brak odcisków|ubezp. do uzup.|w ciąży, wizyta u małżonka|tel. 601 22 18 04 mąż|SG: nielegalna praca 2021"
                ),
            ),
            "free text on the person",
            "DI",
        ),
        Col("oplata", "NSI", weighted("440:83|340:12|zw.:5"), "statutory fee"),
        Col("wer_formularza", "NSI", pick("2018/1", "2018/1", "2021/2"), "form version"),
    ],
    missing=("", "b/d", ""),
)


def _children(rng: Random, n: int) -> list[Row]:
    rows = people(rng, n, "da", 1, 5)
    for row in rows:
        row["dob"] = date(2024, 5, 1) - timedelta(days=rng.randint(330, 2150))
        row["mum"] = f"{rng.choice(FEMALE['sv'].split())} {row['last']}"
        row["dad"] = f"{rng.choice(MALE['da'].split())} {row['last']}"
        row["months"] = (date(2024, 5, 1) - row["dob"]).days // 30
        row["start"] = row["dob"] + timedelta(days=rng.randint(300, 330))
    return rows


def _saved(rng: Random, _row: Row) -> object:
    return f"{rng.choice(range(2, 31)):02d}-04-2024 {rng.randint(6, 16):02d}:{rng.randint(0, 59):02d}"


KINDER = Table(
    "boernehus",
    "development",
    160,
    "børn i daginstitution",
    "Danish kindergarten list; small",
    "Børneliste fra to kommunale daginstitutioner (kindergarten).",
    _children,
    [
        Col("Barn", "DI", lambda r, p: f"{p['first']} {p['last']}", "full name", stray=0.02),
        Col("CPR-nr.", "DI", lambda r, p: cpr(r, p["dob"], p["f"]), "national number"),
        Col("Alder (mdr.)", "QI", key("months"), "age"),
        Col("Stue", "QI", words("Mariehønen|Sommerfuglen|Egernet|Pindsvinet|Bien"), "group of the child"),
        Col("Adresse", "DI", key("street"), "street address", "QI"),
        Col("Postnr", "QI", key("zip"), "postcode"),
        Col("Forælder 1", "DI", key("mum"), "name of a parent"),
        Col("Tlf. forælder 1", "DI", filled("2# ## ## ##"), "phone"),
        Col("Forælder 2", "DI", key("dad"), "name of a parent", miss=0.15),
        Col("Bor sammen", "QI", weighted("ja:74|nej:22|delt:4"), "parents live together", "SI"),
        Col("Modersmål", "QI", weighted("dansk:76|arabisk:8|tyrkisk:4|somali:4|ukrainsk:5|polsk:3"), "mother tongue", "SI"),
        Col("Søskende i huset", "QI", weighted("0:66|1:30|2:4"), "siblings"),
        Col("Opstart", "QI", dated("start", "%d-%m-%Y"), "start in the house"),
        Col("Friplads %", "SI", weighted("0:68|25:9|50:8|75:6|100:9"), "income of the family"),
        Col("Allergi/diæt", "SI", sometimes(0.24, words("mælk|nødder|vegetar|halal|gluten|æg")), "health, belief"),
        Col(
            "Sprogvurdering",
            "SI",
            weighted("alderssvarende:68|fokuseret indsats:17|særlig indsats:7|ikke vurderet:8"),
            "ability",
        ),
        Col("Underretning", "SI", weighted("nej:94|ja:6"), "report to child protection"),
        Col(
            "Bemærkninger",
            "SI",
            sometimes(
                0.3, words("må ikke hentes af far|sover dårligt|bleer medbringes|mormor Lis henter onsdag|astma-spray i skab")
            ),
            "free text on the child",
            "DI",
        ),
        Col("Inst.kode", "NSI", words("461217|461220"), "code of the house", "QI"),
        Col("Madordning", "NSI", weighted("1:90|0:10"), "meal scheme"),
        Col("Sidst opdateret", "NSI", _saved, "system timestamp"),
    ],
    missing=("", "-"),
)

TABLES = [ENERGY, ARTICLES, DRAFT, PERMITS, KINDER]
