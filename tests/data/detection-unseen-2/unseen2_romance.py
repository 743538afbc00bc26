"""Tables in Italian, Spanish, French and Portuguese: people."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from unseen2_people import (
    LOCALES,
    Cell,
    Columns,
    Person,
    age_on,
    clamp,
    day,
    digits,
    gauss,
    hexes,
    iban,
    letters,
    lognorm,
    messy,
    moment,
    people,
    person,
    pick,
    picks,
    plain,
    surname,
    unique,
    zipf,
)


def codice_fiscale(r: Random, x: Person) -> str:
    """Shape of an Italian tax code; the check letter is invented."""

    def three(name: str) -> str:
        name = plain(name).upper()
        return ("".join(c for c in name if c not in "AEIOU") + "".join(c for c in name if c in "AEIOU") + "XXX")[:3]

    month = "ABCDEHLMPRST"[x.birth.month - 1]
    on = x.birth.day + (40 if x.female else 0)
    place = f"{letters(r, 1, 'ABCDEFGHL')}{digits(r, 3)}"
    return f"{three(x.last)}{three(x.first)}{x.birth.year % 100:02d}{month}{on:02d}{place}{letters(r, 1)}"


def farmacia_ricette(r: Random) -> Columns:
    """Patients, several prescriptions each: snake_case."""
    t: Columns = {}
    today, n, m = date(2024, 6, 30), 1400, 640
    crowd = people(r, "it", m, today, 61, 19, 1, 98, 0.56)
    codes = [codice_fiscale(r, x) for x in crowd]
    drugs = [
        ("C09AA05", "ramipril", 5, 9),
        ("A02BC01", "omeprazolo", 20, 10),
        ("C10AA05", "atorvastatina", 20, 9),
        ("A10BA02", "metformina", 850, 8),
        ("J01CR02", "amoxicillina/ac. clav.", 875, 7),
        ("N06AB10", "escitalopram", 10, 4),
        ("H03AA01", "levotiroxina", 75, 6),
        ("B01AC06", "acido acetilsalicilico", 100, 7),
        ("N05AH04", "quetiapina", 25, 2),
        ("J05AR20", "bictegravir/emtricitabina/TAF", 50, 0.6),
        ("N07BC02", "metadone", 20, 0.5),
        ("G04BE03", "sildenafil", 50, 2),
        ("R03AK06", "salmeterolo/fluticasone", 50, 4),
        ("L02BG03", "anastrozolo", 1, 1.5),
        ("G03AA12", "drospirenone/EE", 3, 3),
    ]

    def drug(x: Person) -> tuple[str, str, int, float]:
        only = {"sildenafil": False, "anastrozolo": True, "drospirenone/EE": True}
        return r.choices(drugs, [w if only.get(name, x.female) == x.female else 0 for _, name, _, w in drugs])[0]

    usual = [drug(x) for x in crowd]
    doctors = [f"Dr. {surname(r, LOCALES['it'])} {r.choice('ABCDFGLMPRS')}." for _ in range(34)]
    doctor = [zipf(r, doctors, 10) for _ in crowd]
    free = [
        r.choices([None, "E01", "E02", "013", "031", "048", "C03", "006", "G01"], [55, 14, 4, 6, 7, 4, 3, 2, 0.6])[0]
        for _ in crowd
    ]
    who = [int(m * r.random() ** 1.4) for _ in range(n)]
    d = [usual[i] if r.random() < 0.6 else drug(crowd[i]) for i in who]
    t["progressivo_riga"] = list(range(1, n + 1))
    t["nre"] = unique(r, n, lambda: f"0800A4{digits(r, 9)}")
    t["codice_fiscale"] = messy(r, [codes[i] for i in who], 0.01, ("STP0801234567",), 0.005)
    t["cognome_nome"] = messy(r, [f"{crowd[i].last} {crowd[i].first}".upper() for i in who], 0.02, pad=0.02)
    t["anno_nascita"] = messy(r, [crowd[i].birth.year for i in who], 0.01, (1900,), 0.004)
    t["sesso"] = messy(r, ["F" if crowd[i].female else "M" for i in who], 0.01)
    t["comune_residenza"] = messy(r, [crowd[i].town for i in who], 0.02, pad=0.02)
    t["asl"] = [f"08{1 + len(crowd[i].town) % 6:02d}" for i in who]
    t["esenzione"] = [free[i] for i in who]
    t["codice_atc"] = [x[0] for x in d]
    t["principio_attivo"] = messy(r, [x[1] if r.random() > 0.05 else x[1].upper() for x in d], 0.01)
    t["dosaggio_mg"] = [x[2] * r.choice([1, 1, 1, 0.5, 2]) for x in d]
    t["pezzi"] = picks(r, n, {1: 55, 2: 40, 3: 4, 6: 1})
    t["ticket_eur"] = [0 if free[i] else r.choice([0, 2, 2.2, 4, 4.5, 7.38]) for i in who]
    t["medico_prescrittore"] = messy(r, [doctor[i] for i in who], 0.03, ("Guardia Medica",), 0.02)
    t["data_spedizione"] = [day(r, date(2024, 1, 2), today).strftime("%d/%m/%Y") for _ in who]
    t["flag_sostituito"] = messy(r, picks(r, n, {"S": 3, "N": 7}), 0.03)
    return t


def calificaciones_instituto(r: Random) -> Columns:
    """Pupils: camelCase; constants; decimal comma in one grade."""
    t: Columns = {}
    today, n = date(2025, 6, 20), 800
    p = people(r, "es", n, today, 14.6, 1.7, 12, 19)
    year = [int(clamp(age_on(x.birth, today) - 12, 1, 6)) for x in p]
    group = [f"{y}º ESO {r.choice('ABCD')}" if y < 5 else f"{y - 4}º BACH {r.choice('AB')}" for y in year]
    ability = [r.gauss(6.1, 1.6) for _ in p]
    land = picks(r, n, {"España": 84, "Marruecos": 5, "Rumanía": 4, "Colombia": 3, "Ecuador": 2, "China": 1, "Ucrania": 1})

    def grades(easy: float) -> list[Cell]:
        return [round(clamp(a + easy + r.gauss(0, 1.2), 0, 10) * 2) / 2 for a in ability]

    kin = [
        f"{zipf(r, LOCALES['es'].female if r.random() < 0.6 else LOCALES['es'].male, 8)} "
        f"{x.last.split()[r.randrange(2)]} "
        f"{surname(r, LOCALES['es'])}"
        for x in p
    ]
    foreign = {"Marruecos": {"Religión Islámica": 5, "Valores Cívicos": 5}}
    faith = [pick(r, foreign.get(z, {"Religión Católica": 46, "Valores Cívicos": 48, "Religión Evangélica": 3})) for z in land]
    t["numExpediente"] = [f"{2019 + i % 6}/{10000 + v}" for i, v in enumerate(r.sample(range(4000), n))]
    t["nombreAlumno"] = messy(r, [x.first for x in p], 0, pad=0.01)
    t["apellidos"] = messy(r, [x.last if r.random() > 0.03 else x.last.upper() for x in p], 0)
    t["fechaNacimiento"] = messy(r, [x.birth.strftime("%d/%m/%Y") for x in p], 0.005)
    t["sexo"] = messy(r, ["Mujer" if x.female else "Hombre" for x in p], 0.01, ("M", "H"), 0.02)
    t["paisNacimiento"] = messy(r, land, 0.03)
    t["municipio"] = messy(r, [x.town for x in p], 0.01, pad=0.01)
    t["codigoPostal"] = messy(r, [f"{x.stem}{len(x.street) % 18:02d}" for x in p], 0.02)
    t["cursoGrupo"] = group
    t["tutorLegal"] = messy(r, kin, 0.02, ("En acogida",), 0.005)
    t["correoFamilia"] = messy(
        r,
        [f"{plain(k.split()[0])}.{plain(k.split()[1])}{r.randint(1, 99)}@{r.choice(LOCALES['es'].mail)}" for k in kin],
        0.06,
        ("no tiene",),
        0.01,
    )
    t["notaMatematicas"] = messy(r, grades(-0.6), 0.02, ("NP",), 0.01)
    t["notaLengua"] = messy(r, grades(0.1), 0.02, ("NP",), 0.01)
    t["notaInglés"] = messy(r, [str(g).replace(".", ",") for g in grades(0.3)], 0.03)
    t["asignaturaReligión"] = messy(r, faith, 0.02)
    t["repetidor"] = messy(r, picks(r, n, {"N": 86, "S": 14}), 0.01)
    t["becaComedor"] = messy(r, picks(r, n, {False: 78, True: 22}), 0.02)
    t["faltasInjustificadas"] = messy(r, [int(r.expovariate(0.22)) for _ in p], 0.02, (-1,), 0.004)
    t["centro"] = ["IES Río Ficticio"] * n
    t["añoAcadémico"] = ["2024-25"] * n
    return t


def candidatures_licence(r: Random) -> Columns:
    """Applicants to a university: accents, spaces, a unit in brackets."""
    t: Columns = {}
    today, n = date(2025, 3, 13), 1000
    p = people(r, "fr", n, today, 18.4, 1.4, 16, 31, 0.56)
    schools = [
        f"Lycée {x}"
        for x in (
            "Jean-Monnet",
            "Victor-Hugo",
            "des Tilleuls",
            "Marie-Curie",
            "Sainte-Anne",
            "Émile-Zola",
            "Louis-Pasteur",
            "du Parc",
            "Camille-Claudel",
            "Jules-Ferry",
            "polyvalent des Marais",
        )
    ]
    mean = [gauss(r, 12.9, 2.4, 6.5, 19.8, 2) for _ in p]
    honour = [None if m < 10 else "Passable" if m < 12 else "AB" if m < 14 else "B" if m < 16 else "TB" for m in mean]
    ranks = sorted(range(n), key=lambda i: -mean[i] + r.gauss(0, 0.8))
    rank = [0] * n
    for place, i in enumerate(ranks):
        rank[i] = place + 1
    rank_or_none = [k if k < 760 else None for k in rank]
    verdict = [
        "Refusée" if k is None else "Acceptée" if k < 420 else "En attente" if r.random() < 0.7 else "Démission"
        for k in rank_or_none
    ]
    t["N° candidat"] = [f"25{v:06d}" for v in r.sample(range(10**6), n)]
    t["Nom de naissance"] = messy(r, [x.last.upper() for x in p], 0, pad=0.015)
    t["Prénom"] = messy(r, [x.first for x in p], 0.003, pad=0.01)
    t["Né(e) le"] = messy(r, [x.birth.strftime("%d/%m/%Y") for x in p], 0.005)
    t["Commune de naissance"] = messy(
        r,
        [
            zipf(r, LOCALES["fr"].towns)[0] if r.random() < 0.9 else r.choice(["Dakar", "Casablanca", "Bruxelles", "Abidjan"])
            for _ in p
        ],
        0.02,
    )
    t["Nationalité"] = messy(
        r,
        picks(r, n, {"Française": 88, "Marocaine": 3, "Algérienne": 3, "Sénégalaise": 2, "Portugaise": 1, "FRANCAISE": 2}),
        0.01,
    )
    t["Lycée d'origine"] = messy(r, [zipf(r, schools) for _ in p], 0.03, ("CNED",), 0.01)
    t["Série du bac"] = messy(r, picks(r, n, {"Générale": 66, "STMG": 14, "ST2S": 7, "STI2D": 6, "Pro": 9}), 0.01)
    t["Mention"] = honour
    t["Moyenne générale (/20)"] = messy(r, mean, 0.02, ("ABS",), 0.004)
    t["Boursier"] = messy(r, picks(r, n, {"non": 74, "oui": 25, "Oui": 1}), 0.02)
    t["Situation de handicap"] = messy(r, picks(r, n, {"non": 94, "oui": 5}), 0.05)
    t["Vœu n° 1"] = picks(
        r,
        n,
        {
            "Droit": 18,
            "Psychologie": 14,
            "STAPS": 11,
            "Économie-gestion": 12,
            "LLCER Anglais": 7,
            "Informatique": 9,
            "PASS": 13,
            "Histoire": 6,
            "Théologie catholique": 0.6,
            "Mathématiques": 4,
            "Études de genre": 0.8,
        },
    )
    t["Rang d'appel"] = rank_or_none
    t["Décision"] = verdict
    t["Courriel"] = messy(r, [x.mail for x in p], 0.01, ("x@x.fr",), 0.003)
    t["Date de dépôt"] = [moment(r, day(r, date(2025, 1, 15), today), 7, 23).strftime("%d/%m/%Y %H:%M") for _ in p]
    t["Session"] = ["2025"] * n
    return t


def nif(r: Random) -> str:
    """Portuguese tax number with its check digit."""
    d = r.choice("12") + digits(r, 7, False)
    check = 11 - sum(int(c) * w for c, w in zip(d, range(9, 1, -1), strict=True)) % 11
    return d + str(0 if check > 9 else check)


def tb_cliente_energia(r: Random) -> Columns:
    """Households with an electricity contract: prefixes cli_, inst_, fat_; Portuguese."""
    t: Columns = {}
    today, n = date(2024, 5, 31), 1200
    p = people(r, "pt", n, today, 54, 16, 20, 95)
    spots = {
        "Braga": (41.55, -8.42),
        "Coimbra": (40.21, -8.43),
        "Évora": (38.57, -7.91),
        "Faro": (37.02, -7.93),
        "Viseu": (40.66, -7.91),
        "Leiria": (39.74, -8.81),
        "Aveiro": (40.64, -8.65),
        "Guarda": (40.54, -7.27),
        "Bragança": (41.81, -6.76),
        "Setúbal": (38.52, -8.89),
    }
    power = picks(r, n, {3.45: 34, 6.9: 46, 4.6: 6, 10.35: 9, 1.15: 1, 13.8: 3, 20.7: 1})
    use = [round(lognorm(r, 48 * k + 20, 0.5), 1) for k in power]
    poor = picks(r, n, {"N": 80, "S": 18, "s": 1})
    debt = [round(lognorm(r, 85, 0.9), 2) if r.random() < (0.25 if q != "N" else 0.06) else 0 for q in poor]
    t["cli_id"] = r.sample(range(500000, 900000), n)
    t["cli_nif"] = messy(r, [nif(r) for _ in p], 0.01, ("999999990",), 0.008)
    t["cli_nome"] = messy(r, [f"{x.full} {surname(r, LOCALES['pt'])}" for x in p], 0.002, pad=0.02)
    t["cli_morada"] = messy(r, [f"{x.street}, {x.number}{r.choice(['', '', ' 1º Esq', ' R/C Dto', ' 3º D'])}" for x in p], 0.01)
    ends = [f"{len(x.street) * 37 % 900 + len(x.number) * 31 + ord(x.number[0]):03d}" for x in p]
    codes = [f"{x.stem}{len(x.street) % 20 * 5:02d}-{e}" for x, e in zip(p, ends, strict=True)]
    t["cli_cp"] = messy(r, codes, 0.01)
    t["cli_concelho"] = messy(r, [x.town.upper() if r.random() < 0.1 else x.town for x in p], 0.01)
    t["cli_iban"] = messy(r, [iban(r, "PT", 21) for _ in p], 0.36)
    t["inst_cpe"] = unique(r, n, lambda: f"PT0002{digits(r, 12)}{letters(r, 2)}")
    t["inst_lat"] = messy(r, [round(spots[x.town][0] + r.gauss(0, 0.03), 6) for x in p], 0.04, (0.0,), 0.006)
    t["inst_lon"] = messy(r, [round(spots[x.town][1] + r.gauss(0, 0.03), 6) for x in p], 0.04, (0.0,), 0.006)
    t["inst_potencia_kva"] = power
    t["inst_tarifa"] = picks(r, n, {"simples": 70, "bi-horária": 24, "tri-horária": 3})
    t["cons_kwh_mes"] = messy(r, use, 0.03, (-1,), 0.003)
    t["tarifa_social"] = poor
    t["equip_vital"] = messy(r, picks(r, n, {"N": 985, "S": 9}), 0.02)
    t["divida_eur"] = debt
    t["fat_ciclo"] = picks(r, n, {f"C{k:02d}": 1 for k in range(1, 21)})
    t["fat_emissao"] = [(date(2024, 5, 1) + timedelta(days=int(r.random() * 28))).isoformat() for _ in p]
    t["leitura_origem"] = messy(r, picks(r, n, {"telecontagem": 70, "estimada": 22, "cliente": 8}), 0.01)
    return t


def allocataires_logement(r: Random) -> Columns:
    """Households on benefits in social housing: French snake_case without accents."""
    t: Columns = {}
    today, n = date(2024, 9, 30), 950
    p = people(r, "fr", n, today, 44, 15, 18, 90, 0.6)
    kids = picks(r, n, {0: 46, 1: 20, 2: 19, 3: 10, 4: 3, 6: 1})
    family = [
        pick(r, {"isole": 55, "couple": 20, "veuf": 8}) if k == 0 else pick(r, {"monoparental": 48, "couple": 50, "marie": 4})
        for k in kids
    ]
    size = [f"T{int(clamp(1 + k * 0.9 + r.random() * 2, 1, 6))}" for k in kids]
    area = [round(int(s[1]) * 17 + r.gauss(12, 5), 0) for s in size]
    aid = ["AAH" if r.random() < 0.13 else pick(r, {"RSA": 34, "APL": 38, "PPA": 18, "ASF": 8 if k else 0}) for k in kids]
    income = [0 if a == "RSA" and r.random() < 0.5 else int(lognorm(r, 11800, 0.5)) for a in aid]
    nir = [f"{2 if x.female else 1}{x.birth.year % 100:02d}{x.birth.month:02d}{x.stem[:2]}{digits(r, 6)}" for x in p]
    nir = [f"{k}{97 - int(k) % 97:02d}" for k in nir]
    insee = {x: f"{i[:2]}{100 + len(x) * 23:03d}" for x, i in LOCALES["fr"].towns}
    t["matricule_caf"] = unique(r, n, lambda: digits(r, 7))
    t["nir"] = messy(r, nir, 0.01, ("en attente",), 0.008)
    t["date_naiss"] = messy(r, [x.birth.isoformat() for x in p], 0.004, ("1900-01-01",), 0.004)
    t["sexe"] = messy(r, [2 if x.female else 1 for x in p], 0.005)
    t["situation_familiale"] = messy(r, family, 0.02)
    t["nb_enfants"] = messy(r, kids, 0.01)
    t["adresse"] = messy(
        r,
        [f"{x.number} {x.street}" if r.random() > 0.1 else f"{x.number} {x.street.upper()} BAT {r.choice('ABC')}" for x in p],
        0.01,
        ("SDF - CCAS",),
        0.01,
    )
    t["code_insee"] = messy(r, [insee[x.town] for x in p], 0.005)
    t["type_logement"] = messy(r, size, 0.03)
    t["surface_m2"] = messy(r, area, 0.05)
    t["loyer_mensuel"] = messy(r, [round(a * r.uniform(5.6, 8.1) + 40, 2) for a in area], 0.03)
    t["ressources_annuelles"] = messy(r, income, 0.03)
    t["qf"] = [int(i / 12 / (2 + k * 0.5)) for i, k in zip(income, kids, strict=True)]
    t["prestation"] = aid
    t["montant_verse"] = messy(r, [round(clamp(r.gauss(960 if a == "AAH" else 520, 160), 15, 1800), 2) for a in aid], 0.01)
    t["indu_eur"] = [round(lognorm(r, 640, 0.9), 2) if r.random() < 0.09 else 0 for _ in p]
    t["violences_signalees"] = messy(r, picks(r, n, {0: 97, 1: 3}), 0.03)
    t["date_ouverture_droit"] = messy(r, [day(r, date(2012, 1, 1), today).replace(day=1).isoformat() for _ in p], 0.01)
    t["gestionnaire"] = [f"GEST{zipf(r, range(1, 25)):02d}" for _ in p]
    return t


def dni(r: Random) -> str:
    """Spanish identity card with its check letter."""
    d = digits(r, 8, False)
    return d + "TRWAGMYFPDXBNJZSQVHLCKE"[int(d) % 23]


def tbl_socios(r: Random) -> Columns:
    """Members of a sports club: prefixes soc_, act_, med_, pago_, sys_."""
    t: Columns = {}
    today, n = date(2025, 1, 15), 650
    p = people(r, "es", n, today, 35, 16, 6, 81, 0.44)
    sports = {
        "natación": 25,
        "pádel": 22,
        "fútbol sala": 14,
        "gimnasia rítmica": 7,
        "judo": 8,
        "atletismo": 12,
        "esgrima": 2,
        "boccia adaptada": 0.8,
    }
    play = [pick(r, sports if x.female else {**sports, "gimnasia rítmica": 0.2}) for x in p]
    ages = [age_on(x.birth, today) for x in p]
    group = [
        "benjamín" if a < 11 else "infantil" if a < 15 else "juvenil" if a < 19 else "sénior" if a < 45 else "veterano"
        for a in ages
    ]
    hurt = {"ninguna": 70, "esguince tobillo": 9, "rotura LCA": 3, "tendinitis": 9, "lumbalgia": 6, "epilepsia": 0.7, "asma": 3}
    t["soc_num"] = r.sample(range(1, 5200), n)
    t["soc_nombre_completo"] = messy(
        r, [x.full if r.random() > 0.1 else f"{x.last}, {x.first}".upper() for x in p], 0, pad=0.02
    )
    t["soc_dni"] = messy(r, [dni(r) if a > 13 else None for a in ages], 0.03, ("X0000000T",), 0.005)
    t["soc_f_nac"] = messy(r, [x.birth.strftime("%d-%m-%Y") for x in p], 0.005)
    t["soc_sexo"] = messy(r, ["F" if x.female else "M" for x in p], 0.01, ("V",), 0.02)
    t["soc_tlf"] = messy(r, [f"6{digits(r, 2)} {digits(r, 3)} {digits(r, 3)}" for _ in p], 0.03, ("600000000",), 0.006)
    t["soc_cp"] = messy(r, [f"{x.stem}{len(x.street) % 18:02d}" for x in p], 0.02)
    t["act_deporte"] = play
    t["act_categoria"] = group
    t["act_marca_pers"] = messy(
        r, [round(lognorm(r, 75, 0.3), 2) if s in ("natación", "atletismo") else None for s in play], 0.1
    )
    t["med_apto"] = messy(r, picks(r, n, {"APTO": 93, "NO APTO": 3, "CONDICIONAL": 4}), 0.04)
    t["med_lesion"] = messy(r, picks(r, n, hurt), 0.06)
    t["med_imc"] = messy(r, [gauss(r, 17 + min(a, 40) * 0.18, 2.8, 13, 41) for a in ages], 0.1)
    t["pago_cuota"] = [18 if a < 15 else 24 if a < 19 else 39 for a in ages]
    t["pago_impagos"] = messy(r, [int(clamp(r.expovariate(2.2), 0, 9)) for _ in p], 0.01)
    t["alta_fecha"] = messy(
        r, [day(r, max(x.birth + timedelta(days=1900), date(1995, 1, 1)), today).isoformat() for x in p], 0.02
    )
    t["taq_num"] = [f"T{v:03d}" if r.random() < 0.45 else None for v in r.sample(range(1, 900), n)]
    t["sys_usr_mod"] = picks(r, n, {"recepcion": 60, "admin": 20, "batch": 20})
    return t


def censimento_cod(r: Random) -> Columns:
    """All persons of sampled households: coded names v01..; households repeat."""
    t: Columns = {}
    today, n = date(2021, 10, 3), 1500
    rows: list[dict[str, Cell]] = []
    serial = r.sample(range(100000, 999999), n)
    home = 0
    while len(rows) < n:
        head = person(r, "it", today, 54, 16, 22, 95)
        couple = r.random() < 0.55
        kids = pick(r, {0: 5, 1: 3, 2: 2, 3: 0.4}) if 28 < age_on(head.birth, today) < 66 else 0
        roles = (
            ["persona di riferimento"]
            + ["coniuge"] * couple
            + ["figlio/a"] * kids
            + (["genitore"] if r.random() < 0.04 else [])
        )
        land = pick(r, {"Italia": 91, "Romania": 3, "Albania": 2, "Marocco": 2, "Ucraina": 1, "Perù": 0.5})
        area = int(clamp(r.gauss(62 + 14 * len(roles), 22), 24, 260))
        own = pick(r, {"proprietà": 72, "affitto": 20, "uso gratuito": 8})
        addr = f"{head.street} {head.number}"
        section = f"{(len(head.town) * 7) % 90 + 10:03d}{len(head.town) * 3:03d}{r.randint(1, 60):07d}"
        for k, role in enumerate(roles):
            x = head
            if role == "coniuge":
                x = person(r, "it", today, age_on(head.birth, today), 3, 20, 96, 0.1 if head.female else 0.96)
            elif role != roles[0]:
                head_age = age_on(head.birth, today)
                years = max(0, head_age - 31) if role == "figlio/a" else min(97, head_age + 27)
                x = person(r, "it", today, years, 3, 0, 99)
            old = age_on(x.birth, today)
            alone = {"celibe/nubile": 4, "divorziato/a": 3, "vedovo/a": 5 if old > 65 else 0.5}
            wed = "coniugato/a" if couple and k < 2 else "celibe/nubile" if old < 30 else pick(r, alone)
            diploma = {
                "licenza elementare": 6 if old > 70 else 0.3,
                "licenza media": 7,
                "diploma": 11,
                "laurea": 5,
                "dottorato": 0.2,
            }
            study = "nessuno" if old < 11 else "licenza media" if old < 18 else pick(r, diploma)
            works = {"occupato/a": 66, "in cerca": 8, "casalinga/o": 11, "inabile": 2, "studente": 9 if old < 27 else 0.2}
            work = "studente" if old < 19 else "ritirato/a" if old > 66 else pick(r, works)
            pay = int(lognorm(r, {"occupato/a": 1450, "ritirato/a": 1150}.get(work, 1), 0.4))
            pay = pay if work in ("occupato/a", "ritirato/a") else 0
            bad = pick(
                r,
                {"nessuna": 70, "qualche": 20, "molta": 9, "non ne è capace": 2}
                if old > 70
                else {"nessuna": 96, "qualche": 3, "molta": 0.6},
            )
            rows.append(
                {
                    "v01": f"FAM{serial[home]}",
                    "v02": k + 1,
                    "v03": role,
                    "v04": "F" if x.female else "M",
                    "v05": x.birth.isoformat(),
                    "v06": wed,
                    "v07": land if r.random() < 0.93 else "Italia",
                    "v08": study,
                    "v09": work,
                    "v10": head.town,
                    "v11": section,
                    "v12": addr,
                    "v13": area,
                    "v14": own,
                    "v15": pay,
                    "v16": bad,
                    "v19": f"RIL-{10 + len(head.town) * 3 + area % 3:03d}",
                }
            )
        home += 1
    rows = rows[:n]

    def take(name: str) -> list[Cell]:
        return [x[name] for x in rows]

    t["v01"] = take("v01")
    t["v02"] = take("v02")
    t["v03"] = messy(r, take("v03"), 0.005)
    t["v04"] = messy(r, take("v04"), 0.004, ("f",), 0.004)
    t["v05"] = messy(r, take("v05"), 0.004, ("1900-01-01",), 0.003)
    t["v06"] = messy(r, take("v06"), 0.01)
    t["v07"] = messy(r, take("v07"), 0.01)
    t["v08"] = messy(r, take("v08"), 0.02)
    t["v09"] = messy(r, take("v09"), 0.02)
    t["v10"] = take("v10")
    t["v11"] = take("v11")
    t["v12"] = messy(r, take("v12"), 0.01, pad=0.01)
    t["v13"] = messy(r, take("v13"), 0.03)
    t["v14"] = messy(r, take("v14"), 0.02)
    t["v15"] = messy(r, take("v15"), 0.08, (-9,), 0.02)
    t["v16"] = messy(r, take("v16"), 0.02)
    t["v18"] = [today] * n
    t["v19"] = take("v19")
    t["v20"] = unique(r, n, lambda: hexes(r, 8))
    return t
