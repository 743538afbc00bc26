"""Tables in German, Dutch, Swedish and Polish: people, and the pets and phones of people."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from unseen2_people import (
    LOCALES,
    Columns,
    Person,
    age_on,
    born,
    clamp,
    comma,
    day,
    digits,
    gauss,
    iban,
    letters,
    listed,
    lognorm,
    luhn,
    messy,
    moment,
    people,
    person,
    pick,
    picks,
    unique,
    zipf,
)


def zahnarzt_patienten(r: Random) -> Columns:
    """Dental patients: spaces, umlauts, units in brackets."""
    t: Columns = {}
    today, n = date(2025, 3, 31), 620
    p = people(r, "de", n, today, 44, 21, 4, 93, 0.54)
    funds = {"AOK": 28, "TK": 22, "Barmer": 16, "DAK": 9, "IKK classic": 6, "Knappschaft": 4, "privat": 12, "Beihilfe": 2}
    teeth = [q * 10 + z for q in (1, 2, 3, 4) for z in range(1, 9)]
    finding = {
        "Karies": 30,
        "o.B.": 24,
        "Parodontitis": 14,
        "Füllung insuff.": 10,
        "Wurzelrest": 3,
        "Bruxismus": 7,
        "Implantat": 5,
        "Aphthe": 2,
        "V.a. Leukoplakie": 1,
        "Zahnstein": 9,
    }
    allergy = {"keine": 72, "Penicillin": 9, "Latex": 4, "Nickel": 4, "Lokalanästhetikum": 1, "Jod": 1}
    t["Pat.-Nr."] = r.sample(range(1001, 2400), n)
    t["Name, Vorname"] = messy(r, [f"{x.last}, {x.first}" for x in p], 0, pad=0.02)
    t["Geb.-Datum"] = messy(r, [x.birth.strftime("%d.%m.%Y" if r.random() > 0.02 else "%d.%m.%y") for x in p], 0.01)
    t["Anrede"] = messy(r, ["Frau" if x.female else "Herr" for x in p], 0.01, ("Divers", "Familie"), 0.006)
    t["Straße und Hausnummer"] = messy(r, [f"{x.street} {x.number}" for x in p], 0.01, ("unbekannt",), 0.006)
    t["PLZ"] = messy(r, [f"{x.stem}{7 * len(x.street) % 90 + 10}" for x in p], 0.01)
    t["Ort"] = messy(r, [x.town for x in p], 0.01, pad=0.01)
    t["Handynummer"] = messy(
        r,
        [
            f"01{r.choice(['51', '60', '72', '76'])} {digits(r, 8)}"
            if r.random() < 0.8
            else f"+49 1{r.choice(['51', '60'])}/{digits(r, 7)}"
            for _ in p
        ],
        0.14,
        ("-",),
        0.01,
    )
    t["Krankenkasse"] = messy(r, picks(r, n, funds), 0.02)
    t["Versichertennummer"] = messy(r, unique(r, n, lambda: f"{letters(r, 1)}{digits(r, 9)}"), 0.03)
    t["Zahn (FDI)"] = messy(r, [zipf(r, teeth[::-1], 12) for _ in p], 0.25)
    t["Befund"] = messy(r, picks(r, n, finding), 0.03)
    t["Taschentiefe (mm)"] = messy(r, [gauss(r, 2.9, 1.2, 1, 11) for _ in p], 0.3)
    t["Angstpatient"] = messy(r, picks(r, n, {"nein": 85, "ja": 14, "J": 1}), 0.05)
    t["Allergien"] = messy(r, picks(r, n, allergy), 0.09)
    t["Eigenanteil (€)"] = messy(r, [comma(lognorm(r, 140, 1.1)) if r.random() < 0.55 else "0,00" for _ in p], 0.02)
    t["letzter Besuch"] = messy(r, [day(r, date(2022, 4, 1), today).strftime("%d.%m.%Y") for _ in p], 0.03)
    t["Recall (Monate)"] = messy(r, picks(r, n, {6: 70, 12: 18, 3: 11, 4: 4}), 0.05)
    t["Behandlungszimmer"] = picks(r, n, {"Zi 1": 5, "Zi 2": 4, "PZR": 2})
    return t


def bsn(r: Random) -> str:
    """Dutch citizen number that passes the eleven test."""
    while True:
        d = digits(r, 8)
        last = sum(int(c) * w for c, w in zip(d, range(9, 1, -1), strict=True)) % 11
        if last < 10:
            return d + str(last)


def autoschade_claims(r: Random) -> Columns:
    """Policy holders with a motor claim: camelCase, Dutch."""
    t: Columns = {}
    today, n = date(2025, 1, 31), 700
    p = people(r, "nl", n, today, 46, 16, 18, 88, 0.43)
    cars = [
        "VW Golf",
        "VW Polo",
        "Toyota Yaris",
        "Kia Picanto",
        "Volvo V60",
        "Tesla Model 3",
        "Peugeot 208",
        "Opel Corsa",
        "Ford Fiesta",
        "Renault Clio",
        "Skoda Octavia",
        "Mini Cooper",
        "Lotus Elise",
    ]
    built = [int(clamp(r.gauss(2015, 5), 1994, 2024)) for _ in p]
    story = [
        "Aangereden op rotonde door fietser",
        "Kop-staartbotsing in file A2",
        "Ruitschade door steenslag",
        "Tegen paaltje gereden bij parkeren AH",
        "Auto bekrast, dader onbekend",
        "Wild (ree) overgestoken N-weg",
        "Vzkr. had gedronken volgens politie",
        "Uitgeweken voor kind, tegen boom",
        "Portier open, geraakt door bestelbus",
        "Auto gestolen voor woning",
    ]
    roads = ["", "", f" t.h.v. {LOCALES['nl'].towns[0][0]}", " bij regen", " in schemer", ", geen getuigen", ", politie t.p."]
    pace = [f", ca. {k * 10} km/u" for k in range(1, 14)] + [""] * 20
    told = [r.choice(story) + r.choice(roads) + r.choice(pace) for _ in p]
    hurt = [
        pick(r, {"geen": 82, "whiplash": 8, "kneuzing": 6, "fractuur": 3, "hersenletsel": 0.5})
        if "botsing" in s or "boom" in s or "rotonde" in s
        else pick(r, {"geen": 97, "kneuzing": 2, "whiplash": 1})
        for s in told
    ]
    other = [
        person(r, "nl", today, 45, 16, 18, 88).full if "rotonde" in s or "botsing" in s or "bestelbus" in s else None
        for s in told
    ]
    plate = "BDFGHJKLNPRSTVXZ"
    t["schadenummer"] = [f"S{2024000000 + v}" for v in r.sample(range(10**5), n)]
    t["polisnummer"] = unique(r, n, lambda: f"AP-{digits(r, 7)}")
    t["verzekerde"] = messy(r, [f"{x.first[0]}. {x.last}" for x in p], 0.003, pad=0.02)
    t["bsn"] = messy(r, [bsn(r) for _ in p], 0.03, ("000000000", "onbekend"), 0.008)
    t["kenteken"] = messy(
        r,
        [
            f"{letters(r, 1, plate)}-{digits(r, 3)}-{letters(r, 2, plate)}"
            if b > 2018
            else f"{digits(r, 2)}-{letters(r, 3, plate)}-{digits(r, 1)}"
            for b in built
        ],
        0.01,
    )
    t["geboortejaar"] = messy(r, [x.birth.year for x in p], 0.01, (1900,), 0.004)
    t["geslacht"] = messy(r, ["V" if x.female else "M" for x in p], 0.01, ("O", "man"), 0.01)
    t["woonplaats"] = messy(r, [x.town.upper() if r.random() < 0.04 else x.town for x in p], 0.01)
    t["pc4"] = messy(r, [f"{x.stem}{len(x.street) * 3 % 60 + 11}" for x in p], 0.01)
    t["merkModel"] = messy(r, [zipf(r, cars) for _ in p], 0.01, ("overig",), 0.02)
    t["bouwjaar"] = messy(r, built, 0.02)
    t["schadedatum"] = messy(r, [day(r, date(2024, 1, 1), today).strftime("%d-%m-%Y") for _ in p], 0.01)
    t["toedracht"] = messy(r, told, 0.02)
    t["letsel"] = messy(r, hurt, 0.03)
    t["schadebedragEur"] = messy(r, [round(lognorm(r, 1450, 1.0), 2) for _ in p], 0.04)
    t["schuldPct"] = messy(r, picks(r, n, {0: 38, 50: 11, 100: 48, 75: 2, 25: 1}), 0.06)
    t["schadevrijeJaren"] = messy(r, [int(clamp(r.gauss((age_on(x.birth, today) - 18) * 0.4, 5), -5, 40)) for x in p], 0.02)
    t["fraudeScore"] = messy(r, [round(r.betavariate(1.3, 9), 3) for _ in p], 0.01)
    t["tegenpartij"] = other
    t["expertisebureau"] = messy(r, picks(r, n, {"CED": 5, "Dekra": 4, "intern": 6}), 0.25)
    return t


def pesel(r: Random, x: Person) -> str:
    """Polish national number: day of birth, sex and a check digit."""
    month = x.birth.month + (20 if x.birth.year >= 2000 else 0)
    sex = r.choice("02468" if x.female else "13579")
    d = f"{x.birth.year % 100:02d}{month:02d}{x.birth.day:02d}{digits(r, 3, False)}{sex}"
    return d + str(-sum(int(c) * w for c, w in zip(d, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3), strict=True)) % 10)


def lista_plac(r: Random) -> Columns:
    """Employees on a payroll: Polish letters, snake_case; one constant month."""
    t: Columns = {}
    today, n = date(2025, 2, 28), 500
    p = people(r, "pl", n, today, 42, 11, 19, 67, 0.55)
    for x in p:
        if x.female and x.last.endswith(("ski", "cki")):
            x.last = x.last[:-1] + "a"
    posts = {
        "operator maszyn": 24,
        "magazynier": 16,
        "spec. ds. sprzedaży": 12,
        "księgowa": 6,
        "kierowca": 9,
        "brygadzista": 5,
        "kierownik zmiany": 4,
        "inżynier jakości": 5,
        "dyrektor finansowy": 0.4,
        "pracownik biurowy": 9,
        "sprzątaczka": 4,
    }
    base = {
        "dyrektor finansowy": 24000,
        "kierownik zmiany": 9800,
        "inżynier jakości": 9200,
        "brygadzista": 7200,
        "księgowa": 7000,
    }
    parts = {
        "magazynier": "Logistyka",
        "kierowca": "Logistyka",
        "księgowa": "Finanse",
        "dyrektor finansowy": "Finanse",
        "spec. ds. sprzedaży": "Sprzedaż",
        "pracownik biurowy": "Administracja",
        "sprzątaczka": "Administracja",
    }
    post = picks(r, n, posts)
    pay = [round(clamp(lognorm(r, base.get(k, 5300), 0.14), 4666, 60000), 2) for k in post]
    union = [round(w * 0.01, 2) if r.random() < 0.27 else 0 for w in pay]
    t["nr_ewidencyjny"] = [f"{v:05d}" for v in r.sample(range(1, 3000), n)]
    t["pesel"] = messy(r, [pesel(r, x) for x in p], 0.01, ("brak",), 0.006)
    t["imię_i_nazwisko"] = messy(r, [x.full for x in p], 0, pad=0.02)
    t["płeć"] = messy(r, ["K" if x.female else "M" for x in p], 0.01, ("k",), 0.01)
    t["data_ur"] = messy(r, [x.birth.strftime("%d.%m.%Y") for x in p], 0.005)
    t["stanowisko"] = post
    t["dział"] = messy(r, [parts.get(k, "Produkcja") for k in post], 0.01, ("PRODUKCJA",), 0.02)
    t["etat"] = picks(r, n, {"1": 88, "1/2": 6, "3/4": 4, "0,9": 1})
    t["data_zatrudnienia"] = [
        max(x.birth + timedelta(days=18 * 366), today - timedelta(days=int(r.expovariate(1 / 2400)) + 5)).strftime("%d.%m.%Y")
        for x in p
    ]
    t["płaca_zasadnicza"] = messy(r, pay, 0.01)
    t["premia"] = [round(w * r.choice([0, 0, 0.05, 0.1, 0.15]), 2) for w in pay]
    t["składka_związkowa"] = union
    t["zajęcie_komornicze"] = [round(lognorm(r, 900, 0.5), 2) if r.random() < 0.06 else None for _ in p]
    t["dni_chorobowe"] = messy(r, [int(r.expovariate(0.55)) if r.random() < 0.9 else r.randint(10, 28) for _ in p], 0.01)
    t["nr_konta"] = messy(r, [iban(r, "PL", 24)[2:] for _ in p], 0.02, ("gotówka",), 0.01)
    t["urząd_skarbowy"] = [f"US {x.town}" for x in p]
    t["mpk"] = [f"{500 + list(posts).index(k) // 3 * 10}" for k in post]
    t["miesiąc"] = ["2025-02"] * n
    return t


def steuerfall(r: Random) -> Columns:
    """Taxpayers, one row per case: truncated German capitals; decimal commas; clerk code."""
    t: Columns = {}
    today, n = date(2024, 12, 31), 1600
    p = people(r, "de", n, today, 48, 15, 19, 92)
    joint = [r.random() < (0.55 if age_on(x.birth, today) > 33 else 0.2) for x in p]
    state = ["vh" if j else pick(r, {"ld": 60, "gs": 25, "vw": 9, "gt": 6}) for j in joint]
    grade = [pick(r, {"4": 50, "3": 30, "5": 20}) if j else pick(r, {"1": 86, "2": 9, "6": 2}) for j in joint]
    income = [round(lognorm(r, 36500, 0.62), 2) for _ in p]
    tax = [round(max(0.0, (i - 11604) * (0.14 + min(0.28, i / 400000))), 2) for i in income]
    faith = picks(r, n, {"rk": 25, "ev": 23, "--": 48, "is": 0.4, "ak": 0.3, "lt": 1})
    place = {
        "06531005": 10,
        "09662000": 8,
        "05515000": 9,
        "03152012": 7,
        "16051000": 8,
        "08311000": 7,
        "01003000": 6,
        "13073009": 0.6,
    }
    money = [comma(x) for x in income]
    t["STNR"] = unique(r, n, lambda: f"{digits(r, 2)}/{digits(r, 3)}/{digits(r, 5)}")
    t["IDNR"] = messy(r, unique(r, n, lambda: digits(r, 11)), 0.01, ("00000000000",), 0.004)
    t["FANR"] = [f"{zipf(r, range(2601, 2650)):04d}" for _ in p]
    t["GEBJHR"] = messy(r, [x.birth.year for x in p], 0.004, (0,), 0.003)
    t["FAMSTD"] = messy(r, state, 0.01)
    t["STKL"] = messy(r, grade, 0.01, ("0",), 0.004)
    t["ANZKI"] = messy(r, picks(r, n, {0: 58, 1: 18, 2: 18, 3: 5, 4: 1, 6: 0.2}), 0.01)
    t["KONF"] = messy(r, faith, 0.01)
    t["AGS"] = messy(r, picks(r, n, place), 0.005)
    t["EKFTNSA"] = messy(r, money, 0.03)
    t["KAPERTR"] = messy(r, [comma(lognorm(r, 420, 1.7)) if r.random() < 0.4 else "0,00" for _ in p], 0.03)
    t["PARTSPD"] = [comma(round(lognorm(r, 90, 0.8), 0)) if r.random() < 0.05 else None for _ in p]
    t["AGBKR"] = [comma(lognorm(r, 1500, 0.9)) if r.random() < 0.13 else None for _ in p]
    t["GDB"] = [r.choice([20, 30, 50, 50, 60, 80, 100]) if r.random() < 0.11 else None for _ in p]
    t["ESTFEST"] = messy(r, [comma(x) for x in tax], 0.01)
    t["NACHZ"] = messy(r, [comma(round(r.gauss(-420, 1300), 2)) for _ in p], 0.01)
    t["BSCHDAT"] = messy(r, [day(r, date(2024, 3, 1), today).strftime("%Y%m%d") for _ in p], 0.02)
    t["BEARBKZ"] = [f"{letters(r, 1, 'ABCDEF')}{zipf(r, range(10, 60))}" for _ in p]
    t["VZ"] = [2023] * n
    return t


def personnummer(r: Random, x: Person) -> str:
    """Swedish national number: day of birth, sex and a check digit."""
    d = f"{x.birth:%y%m%d}{digits(r, 2, False)}{r.choice('02468' if x.female else '13579')}"
    full = luhn(d)
    return f"{x.birth.year // 100}{full[:6]}-{full[6:]}"


def forsamling_medlemmar(r: Random) -> Columns:
    """Members and donors of a parish: PascalCase with Swedish letters."""
    t: Columns = {}
    today, n = date(2024, 12, 1), 780
    p = people(r, "sv", n, today, 53, 21, 1, 98, 0.54)
    status = ["döpt medlem" if r.random() < 0.9 else pick(r, {"dopväntande": 3, "utträdd": 5, "katekumen": 1}) for _ in p]
    fee = [
        int(lognorm(r, 3100, 0.5)) if age_on(x.birth, today) > 20 and s != "utträdd" else 0
        for x, s in zip(p, status, strict=True)
    ]
    gave = [round(lognorm(r, 600, 1.1), -1) if r.random() < 0.34 else 0 for _ in p]
    aims = {"Diakoni": 30, "Act-insamling": 25, "Orgelfonden": 10, "Flyktinghjälp": 12, "Missionsarbete": 9, "Kyrkokören": 6}
    wed = [
        pick(r, {"ogift": 30, "gift": 50, "skild": 14, "änka/änkling": 8 if age_on(x.birth, today) > 60 else 0.5})
        if age_on(x.birth, today) > 22
        else "ogift"
        for x in p
    ]
    t["Medlemsnummer"] = r.sample(range(20000, 90000), n)
    t["Personnummer"] = messy(r, [personnummer(r, x) for x in p], 0.01)
    t["Förnamn"] = messy(r, [x.first for x in p], 0.002, pad=0.02)
    t["Efternamn"] = messy(r, [x.last for x in p], 0, pad=0.01)
    t["Kön"] = messy(r, ["Kvinna" if x.female else "Man" for x in p], 0.01, ("kvinna",), 0.02)
    t["Födelseår"] = messy(r, [x.birth.year for x in p], 0.004)
    t["Civilstånd"] = messy(r, wed, 0.02)
    t["Postort"] = messy(r, [x.town.upper() if r.random() < 0.2 else x.town for x in p], 0.01)
    t["Tillhörighet"] = messy(r, status, 0.01)
    t["Dopdatum"] = messy(
        r,
        [
            (x.birth + timedelta(days=int(clamp(r.gauss(120, 60), 14, 900)))).isoformat() if s == "döpt medlem" else None
            for x, s in zip(p, status, strict=True)
        ],
        0.12,
    )
    t["KyrkoavgiftKr"] = fee
    t["GåvorTotaltKr"] = [int(g) for g in gave]
    t["GåvaÄndamål"] = [pick(r, aims) if g else None for g in gave]
    t["Körmedlem"] = messy(r, picks(r, n, {"nej": 93, "ja": 7}), 0.04)
    t["Telefon"] = messy(
        r, [f"070-{digits(r, 3, False)} {digits(r, 2, False)} {digits(r, 2, False)}" for _ in p], 0.2, ("hemligt nr",), 0.01
    )
    t["Epost"] = messy(r, [x.mail for x in p], 0.27)
    t["UtskickGodkänt"] = messy(r, picks(r, n, {"J": 7, "N": 3}), 0.03)
    return t


def dierenkliniek(r: Random) -> Columns:
    """Pet owners, several visits each: snake_case; many columns are about the animal."""
    t: Columns = {}
    today, n, m = date(2024, 12, 31), 600, 310
    owners = people(r, "nl", m, today, 48, 16, 19, 90, 0.6)
    names = listed("Bella Max Luna Simba Tijger Moos Pip Boris Saartje Nijntje Rex Loki Coco Snoopy Mies")
    breeds = {
        "hond": ["labrador", "kruising", "chihuahua", "Duitse herder", "Friese stabij", "teckel"],
        "konijn": ["hangoor", "dwergkonijn"],
        "kat": ["Europees korthaar", "Maine Coon", "Brits korthaar", "Pers"],
        "papegaai": ["grijze roodstaart"],
    }
    pets: list[tuple[int, str, str, str, str, date, str, float]] = []
    for i in range(m):
        for _ in range(pick(r, {1: 7, 2: 2, 3: 0.6})):
            kind = pick(r, {"hond": 50, "kat": 40, "konijn": 8, "papegaai": 1})
            kilo = {"hond": 18.0, "kat": 4.4, "konijn": 2.1, "papegaai": 0.45}[kind]
            pets.append(
                (
                    i,
                    zipf(r, names),
                    kind,
                    zipf(r, breeds[kind], 1),
                    pick(r, {"m": 2, "v": 2, "mg": 3, "vg": 3}),
                    born(r, today, 6, 4, 0, 18),
                    f"528{digits(r, 12)}",
                    lognorm(r, kilo, 0.3, 1),
                )
            )
    seen = [zipf(r, pets, 60) for _ in range(n)]
    o = [owners[x[0]] for x in seen]
    tel = [f"06-{digits(r, 8)}" for _ in owners]
    code = [f"{x.stem}{len(x.street) * 3 % 60 + 11} {letters(r, 2, 'ABDEGHJKLNPRSTVWXZ')}" for x in owners]
    cost = [round(lognorm(r, 74, 0.8), 2) for _ in seen]
    visit = [day(r, max(date(2024, 1, 2), min(x[5], today)), today) for x in seen]
    vets = ["drs. Hoekman", "drs. Van Zandveen", "drs. Oosdam"]
    t["consult_nr"] = [f"C{240000 + k}" for k in sorted(r.sample(range(9000), n))]
    t["eigenaar_naam"] = messy(r, [f"{x.last}, {x.first[0]}." for x in o], 0.005, pad=0.02)
    t["eigenaar_adres"] = messy(r, [f"{x.street} {x.number}" for x in o], 0.02)
    t["postcode"] = messy(r, [code[x[0]] if r.random() > 0.05 else code[x[0]].replace(" ", "") for x in seen], 0.01)
    t["eigenaar_tel"] = messy(r, [tel[x[0]] for x in seen], 0.04, ("geen",), 0.01)
    t["chipnummer"] = messy(r, [x[6] for x in seen], 0.14)
    t["naam_dier"] = messy(r, [x[1] for x in seen], 0.01)
    t["diersoort"] = [x[2] if r.random() > 0.03 else x[2].capitalize() for x in seen]
    t["ras"] = messy(r, [x[3] for x in seen], 0.03)
    t["geslacht_dier"] = messy(r, [x[4] for x in seen], 0.02)
    t["geboren_dier"] = messy(r, [x[5].strftime("%d-%m-%Y") for x in seen], 0.06)
    t["gewicht_kg"] = messy(r, [round(x[7] * r.uniform(0.93, 1.07), 1) for x in seen], 0.05)
    t["diagnose"] = messy(
        r,
        picks(
            r,
            n,
            {
                "vaccinatie": 30,
                "oorontsteking": 11,
                "gebitsreiniging": 9,
                "diabetes": 3,
                "artrose": 8,
                "kreupel": 8,
                "castratie": 6,
                "tumor": 3,
                "braken": 10,
                "euthanasie": 3,
            },
        ),
        0.04,
    )
    t["dierenarts"] = messy(r, [zipf(r, vets) for _ in seen], 0.02)
    t["bezoekdatum"] = [d.strftime("%d-%m-%Y") for d in visit]
    t["factuur_eur"] = cost
    t["openstaand_eur"] = [c if r.random() < 0.08 else 0 for c in cost]
    t["spreekkamer"] = picks(r, n, {1: 5, 2: 4, 3: 1})
    return t


def telco_endgeraete(r: Random) -> Columns:
    """Mobile customers, one row per SIM and device: camelCase, German with ä, ö, ü spelt out."""
    t: Columns = {}
    today, n, m = date(2025, 6, 30), 1500, 980
    crowd = people(r, "de", m, today, 44, 17, 18, 90)
    nr = unique(r, m, lambda: f"K{digits(r, 8)}")
    models = [
        "iPhone 13",
        "Galaxy A54",
        "iPhone 15",
        "Galaxy S23",
        "Redmi Note 12",
        "Pixel 8",
        "Fairphone 5",
        "iPad 10",
        "FritzBox LTE",
        "Nokia 2660",
    ]
    who = list(range(m)) + [r.randrange(m) for _ in range(n - m)]
    who.sort()
    model = [zipf(r, models, 2) for _ in who]
    system = [
        {"i": "iOS", "F": "Android", "N": "S30+"}.get(x[0], "Android") if x != "FritzBox LTE" else "FRITZ!OS" for x in model
    ]
    score = [gauss(r, 95.2, 3.4, 40, 99.7, 2) for _ in crowd]
    dunning = [pick(r, {0: 5, 1: 3, 2: 2, 3: 1}) if score[i] < 91 else pick(r, {0: 96, 1: 4}) for i in who]
    began = [day(r, date(2014, 1, 1), today) for _ in who]
    cell = [f"262-0{1 + i % 3}-{4000 + len(crowd[i].town) * 97}-{(i * 7919) % 46000 + 1000}" for i in range(m)]
    t["kundenNr"] = [nr[i] for i in who]
    t["rufnummer"] = messy(r, [f"+491{r.choice(['5510', '6099', '7777'])}{digits(r, 7)}" for _ in who], 0.01)
    t["imei"] = messy(r, [luhn(f"35{digits(r, 12)}") for _ in who], 0.02, ("000000000000000",), 0.006)
    t["imsi"] = [f"26201{digits(r, 10)}" for _ in who]
    t["iccid"] = [luhn(f"894902{digits(r, 12)}") for _ in who]
    t["geraeteModell"] = messy(r, model, 0.03)
    t["betriebssystem"] = system
    t["geburtsjahr"] = messy(r, [crowd[i].birth.year for i in who], 0.01, (1900,), 0.004)
    t["plz"] = messy(r, [f"{crowd[i].stem}{7 * len(crowd[i].street) % 90 + 10}" for i in who], 0.01)
    t["hauptFunkzelle"] = messy(r, [cell[i] for i in who], 0.03)
    t["tarif"] = picks(r, n, {"Smart S": 30, "Smart M": 30, "Flat L": 22, "Prepaid": 12, "Senior Plus": 4, "Sozialtarif": 2})
    t["vertragsbeginn"] = [x.strftime("%d.%m.%Y") for x in began]
    t["datenvolumenGb"] = messy(r, [round(lognorm(r, 9, 1.1), 2) for _ in who], 0.02)
    t["minutenAusland"] = messy(r, [int(lognorm(r, 38, 1.1)) if r.random() < 0.17 else 0 for _ in who], 0.02)
    t["mahnstufe"] = dunning
    t["bonitaet"] = [score[i] for i in who]
    t["sperrgrund"] = ["Zahlungsverzug" if d == 3 else "Verlust" if r.random() < 0.01 else None for d in dunning]
    t["werbungErlaubt"] = messy(r, picks(r, n, {"true": 4, "false": 6}), 0.02)
    t["crmGeaendertAm"] = [f"{moment(r, day(r, date(2025, 1, 1), today)):%Y-%m-%d %H:%M:%S}" for _ in who]
    return t
