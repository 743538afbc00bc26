"""Spanish, Italian and Portuguese tables."""

from __future__ import annotations

from random import Random

from unseen3_checks import cns, codice_fiscale, cpf, dni, imei
from unseen3_core import (
    Col,
    Row,
    Setup,
    Table,
    bell,
    const,
    count,
    dated,
    day,
    fill,
    filled,
    ip_address,
    key,
    money,
    pick,
    sometimes,
    stamp,
    weighted,
    whole,
    words,
)
from unseen3_pools import LAST, people


def _spanish(rng: Random, n: int) -> list[Row]:
    rows = people(rng, n, "es", 18, 72, 0.4)
    for row in rows:
        row["last2"] = rng.choice(LAST["es"].split())
    return rows


def _court(rng: Random, n: int) -> list[Row]:
    rows = _spanish(rng, n)
    crimes = [
        ("Lesiones leves", "147.2 CP"),
        ("Hurto", "234 CP"),
        ("Conducción bajo influencia alcohol", "379.2 CP"),
        ("Estafa", "248 CP"),
        ("Violencia de género - maltrato", "153.1 CP"),
        ("Tráfico de drogas", "368 CP"),
        ("Robo con fuerza", "238 CP"),
        ("Quebrantamiento de condena", "468 CP"),
        ("Abandono de familia - impago pensiones", "227 CP"),
    ]
    for row in rows:
        crime = rng.choice(crimes)
        row.update(crime=crime[0], art=crime[1])
        row["end"] = rng.choices(["condena", "absolución", "sobreseimiento", "pendiente"], [34, 12, 32, 22])[0]
        row["pen"] = rng.choice([4, 6, 6, 8, 9, 12, 15, 18, 24, 40]) if row["end"] == "condena" else ""
    return rows


COURT = Table(
    "diligencias_previas",
    "held_out",
    230,
    "personas investigadas",
    "Spanish; spaced titles",
    "Diligencias de un juzgado de instrucción, una persona investigada por línea (criminal court).",
    _court,
    [
        Col("Nº Procedimiento", "DI", lambda r, p: f"DP {p['i'] + 112}/2023", "case number", stray=0.01),
        Col("NIG", "DI", lambda r, p: f"28092.43.2.2023/{p['i'] * 9 + 4417:07d}", "general case number"),
        Col("Fecha incoación", "QI", day("2023-02-01", "2023-12-20", "%d/%m/%Y"), "opening of the case", "SI NSI"),
        Col("Investigado/a", "DI", lambda r, p: f"{p['last']} {p['last2']}, {p['first']}", "full name"),
        Col("DNI/NIE", "DI", lambda r, p: dni(r), "identity number", miss=0.05),
        Col("F. nacimiento", "QI", dated("dob", "%d/%m/%Y"), "full date of birth", miss=0.03),
        Col(
            "Nacionalidad", "QI", weighted("España:70|Marruecos:9|Rumanía:8|Colombia:6|Venezuela:4|Perú:3"), "nationality", "SI"
        ),
        Col("Domicilio (municipio)", "QI", key("town"), "town", miss=0.04),
        Col("Delito", "SI", key("crime"), "crime"),
        Col("Precepto", "SI", key("art"), "article of the penal code"),
        Col("Antecedentes", "SI", weighted("No:61|Sí:31|No consta:8"), "criminal record"),
        Col(
            "Relación víctima",
            "SI",
            weighted("ninguna:56|cónyuge:12|ex pareja:13|familiar:8|vecino:6|conocido:5"),
            "private life",
            "QI",
        ),
        Col(
            "Medida cautelar",
            "SI",
            weighted("ninguna:70|alejamiento:16|prisión prov.:8|retirada pasaporte:6"),
            "measure against the person",
        ),
        Col(
            "Letrado/a",
            "NSI",
            words("Col. 44120 - Ruiz Peña|Col. 30882 - Mora Gil|Turno de oficio|Col. 51773 - Sanz Vela"),
            "lawyer, not the subject",
            "QI DI",
        ),
        Col("Fallo", "SI", key("end"), "verdict"),
        Col("Pena (meses)", "SI", key("pen"), "sentence"),
        Col("Órgano", "NSI", const("Juzgado de Instrucción nº 4 de Móstoles"), "constant", "QI"),
        Col("Carga LexNET", "NSI", weighted("OK:96|ERR:2|REENVIO:2"), "technical state"),
    ],
    missing=("", "-", ""),
)

LOANS = Table(
    "solicitudes_prestamo",
    "development",
    320,
    "solicitantes",
    "Spanish snake_case; scoring extract",
    "Solicitudes de préstamo personal de una financiera (loan applications).",
    _spanish,
    [
        Col(
            "id_solicitud", "DI", lambda r, p: 2400000 + p["i"] * 23 + r.randint(0, 22), "one application of one person", "NSI"
        ),
        Col("nif", "DI", lambda r, p: dni(r), "identity number"),
        Col("fecha_solicitud", "QI", day("2024-01-02", "2024-03-29"), "date of the application", "NSI"),
        Col("edad", "QI", key("age"), "age"),
        Col("sexo", "QI", lambda r, p: "M" if p["f"] else "H", "sex"),
        Col("cod_postal", "QI", key("zip"), "postcode"),
        Col("estado_civil", "QI", weighted("soltero:40|casado:42|divorciado:10|viudo:3|pareja_hecho:5"), "marriage"),
        Col("n_hijos", "QI", weighted("0:48|1:24|2:22|3:5|4:1"), "children"),
        Col("vivienda", "QI", weighted("hipoteca:35|propia:20|alquiler:31|padres:14"), "tenure", "SI"),
        Col("antig_laboral_m", "QI", money(48, 0.9, 0), "months in the job", "SI", miss=0.05),
        Col("cnae", "QI", words("4711|5610|8610|8520|4121|4941|6201|9602|0113"), "branch of the employer"),
        Col("ingresos_netos", "SI", money(1480, 0.35), "income"),
        Col("cuota_otros_ptmos", "SI", money(210, 0.7, 2, zero=0.45), "debt"),
        Col("importe", "SI", pick(3000, 5000, 6000, 8000, 10000, 12000, 15000, 20000), "loan", "NSI"),
        Col("finalidad", "SI", words("coche|reforma|consumo|deudas|boda|estudios|salud"), "purpose", "NSI"),
        Col("score_v7", "SI", bell(588, 84, 300, 850), "credit score"),
        Col("asnef", "SI", weighted("0:93|1:7"), "on the list of defaulters"),
        Col("resolucion", "SI", weighted("APROBADA:52|DENEGADA:38|DESISTIDA:10"), "decision"),
        Col("ip_alta", "DI", lambda r, p: ip_address(r), "network address", "QI", miss=0.2),
        Col("euribor_12m", "NSI", words("3.609|3.671|3.718"), "market figure"),
        Col("canal", "NSI", weighted("WEB:50|APP:28|OFI:14|BROKER:8"), "channel"),
    ],
    missing=("", "NULL", ""),
)


def _italian(low: int, high: int) -> Setup:
    def setup(rng: Random, n: int) -> list[Row]:
        rows = people(rng, n, "it", low, high, 0.46)
        for row in rows:
            place = rng.choice(["H223", "H223", "F257", "G337", "B819", "I496", "Z129", "F839"])
            row["cf"] = codice_fiscale(row["last"], row["first"], row["dob"], row["f"], place)
        return rows

    return setup


BLOOD = Table(
    "donatori_sangue",
    "held_out",
    250,
    "donatori",
    "Italian; one donation a row, one donor each",
    "Donazioni di sangue di una sezione locale, ultima donazione per donatore (blood donors).",
    _italian(18, 67),
    [
        Col("N. tessera", "DI", lambda r, p: f"RE{p['i'] * 5 + 3312}", "member number"),
        Col("Cognome e nome", "DI", lambda r, p: f"{p['last'].upper()} {p['first']}", "full name"),
        Col("Cod. fiscale", "DI", key("cf"), "tax code", miss=0.02),
        Col("Sesso", "QI", lambda r, p: "F" if p["f"] else "M", "sex"),
        Col("Comune", "QI", key("town"), "town", stray=0.02),
        Col("CAP", "QI", key("zip"), "postcode"),
        Col("Cellulare", "DI", filled("3## #######"), "phone", miss=0.07),
        Col(
            "Professione",
            "QI",
            words("operaio|impiegato|insegnante|studente|infermiera|pensionato|artigiano|agricoltore"),
            "job",
            miss=0.2,
        ),
        Col("Gruppo", "SI", weighted("0+:39|A+:36|B+:8|AB+:3|0-:7|A-:6|B-:1"), "blood group", "QI"),
        Col("Data donazione", "QI", day("2023-09-01", "2024-03-31", "%d/%m/%y"), "visit to the centre", "SI NSI"),
        Col("Tot. donazioni", "SI", count(15, 140), "donor history", "QI NSI"),
        Col("Hb g/dl", "SI", bell(14.4, 1.1, 11.9, 17.8, 1, True), "lab value"),
        Col("PA", "SI", lambda r, p: f"{r.randint(21, 31) * 5}/{r.randint(12, 18) * 5}", "blood pressure", miss=0.03),
        Col("HIV/HCV/HBsAg", "SI", weighted("neg:98|da ripetere:1.5|pos:0.5"), "lab value"),
        Col(
            "Sospensione",
            "SI",
            sometimes(0.14, words("tatuaggio|viaggio Brasile|Hb bassa|antibiotico|partner occasionale|gravidanza")),
            "reason of exclusion: health, sex life",
        ),
        Col("Medico selez.", "NSI", words("dr.ssa Villani|dr. Corradi|dr. Montanari"), "doctor, not the subject", "QI DI"),
        Col(
            "Cod. sacca",
            "DI",
            lambda r, p: f"IT08{r.randint(23, 24)}{p['i'] * 3 + 410027:06d}",
            "donation number, leads to the donor",
            "NSI",
        ),
        Col("Lotto kit", "NSI", words("22K14|23A02|23C19"), "batch"),
    ],
    missing=("", "", "n.d."),
)

ADMISSION = Table(
    "ammissioni_2023",
    "development",
    300,
    "candidati",
    "Italian snake_case; university admission",
    "Candidati alla prova di ammissione di una facoltà universitaria (university admissions).",
    _italian(18, 27),
    [
        Col("prematricola", "DI", lambda r, p: f"P{p['i'] * 13 + 230044}", "applicant number"),
        Col("cod_fiscale", "DI", key("cf"), "tax code"),
        Col("email_pers", "DI", key("mail"), "mail"),
        Col("anno_nascita", "QI", dated("dob", "%Y"), "year of birth"),
        Col("genere", "QI", lambda r, p: "F" if p["f"] else "M", "sex"),
        Col("cittadinanza", "QI", weighted("ITA:90|ALB:3|ROU:3|MAR:2|CHN:2"), "nationality", "SI"),
        Col("prov_residenza", "QI", weighted("RE:28|MO:27|PR:20|BO:9|MN:6|NA:5|LE:5"), "province"),
        Col(
            "istituto_provenienza",
            "QI",
            words("LS Spallanzani|LC Ariosto|ITIS Nobili|LS Tassoni|LC Muratori|LS Marconi|estero"),
            "school",
        ),
        Col("voto_maturita", "SI", lambda r, p: r.choice(["100L", 100, *range(62, 101)]), "grade", miss=0.02),
        Col("isee_univ", "SI", money(23000, 0.6), "income of the family", miss=0.18),
        Col("dsa_l170", "SI", weighted("N:94|S:6"), "learning disorder"),
        Col("aula", "NSI", words("A1|A2|B1|Magna"), "room of the test", "QI"),
        Col("cod_plico", "DI", lambda r, p: fill(r, "Z%%%%%%%").upper(), "code of one applicant's answer sheet", "NSI"),
        Col("punt_biologia", "SI", bell(9.2, 4.4, -4, 23, 1), "score"),
        Col("punt_totale", "SI", bell(38, 13, -5, 86, 1), "score"),
        Col("esito", "SI", weighted("ammesso:31|riserva:22|non ammesso:47"), "result", "QI"),
        Col("data_prova", "NSI", const("2023-09-05"), "constant"),
        Col("ver_questionario", "NSI", words("A|B|C|D"), "form version"),
    ],
    missing=("", "ND"),
)


def _mobile(rng: Random, n: int) -> list[Row]:
    rows = people(rng, n, "pt", 18, 80)
    for row in rows:
        ddd = {"PE": "81", "PB": "83"}[row["region"]]
        row.update(
            ddd=ddd,
            cell=f"{ddd}-{row['town'][:3].upper()}{rng.randint(10, 89)}",
            plan=rng.choice(["Pré Turbo", "Controle 15GB", "Pós 40GB"]),
        )
    return rows


MOBILE = Table(
    "uso_movel_mensal",
    "held_out",
    340,
    "titulares de linha móvel",
    "Brazilian ALLCAPS data-warehouse names",
    "Uso mensal por linha de uma operadora móvel brasileira (mobile phone usage).",
    _mobile,
    [
        Col("NR_TELEFONE", "DI", lambda r, p: f"55{p['ddd']}9{fill(r, '########')}", "phone number"),
        Col("CPF_TITULAR", "DI", lambda r, p: cpf(r), "tax number"),
        Col("IMEI", "DI", lambda r, p: imei(r), "device"),
        Col("NM_CLIENTE", "DI", lambda r, p: f"{p['first']} {p['last']}".upper(), "full name", miss=0.01),
        Col("DT_NASC", "QI", dated("dob", "%d/%m/%Y"), "full date of birth", miss=0.04),
        Col("MUNICIPIO", "QI", key("town"), "town"),
        Col("UF", "QI", key("region"), "state"),
        Col("ERB_PRINCIPAL", "QI", key("cell"), "cell site mostly used, about the home", "DI SI"),
        Col("MARCA_APARELHO", "QI", weighted("Samsung:44|Motorola:28|Apple:14|Xiaomi:11|LG:3"), "visible phone", "NSI"),
        Col("DT_ATIVACAO", "QI", day("2012-01-01", "2024-03-31", "%d/%m/%Y"), "start of the contract", "NSI"),
        Col("DS_PLANO", "NSI", key("plan"), "product", "SI QI"),
        Col("QT_MIN_VOZ", "SI", money(80, 1, 0), "usage"),
        Col("QT_MB_DADOS", "SI", money(6100, 0.9, 1), "usage"),
        Col("QT_CHAM_MADRUGADA", "SI", count(2.5), "calls at night"),
        Col(
            "NR_MAIS_CHAMADO", "DI", lambda r, p: f"55{p['ddd']}9{fill(r, '########')}", "phone number of a close person", "SI"
        ),
        Col("VL_FATURA", "SI", money(52, 0.45, 2, True), "bill"),
        Col("QT_DIAS_ATRASO", "SI", sometimes(0.2, whole(1, 90), 0), "payment"),
        Col("SCORE_CHURN", "SI", bell(0.31, 0.2, 0.01, 0.99, 4), "score of the person", "NSI"),
        Col("TP_TECNOLOGIA", "NSI", weighted("4G:70|5G:24|3G:6"), "network", ""),
        Col("ANOMES_REF", "NSI", const("202403"), "constant"),
        Col("DH_CARGA", "NSI", stamp("2024-04-02 02:00:00", "2024-04-02 03:10:00"), "load time"),
    ],
    missing=("", "NULL", ""),
)


def _vaccines(rng: Random, n: int) -> list[Row]:
    pool = people(rng, int(n * 0.7), "pt", 5, 94, 0.54)
    groups = [
        (60, "Faixa Etária", ["Pessoas de 60 a 64 anos", "Pessoas de 70 a 74 anos"]),
        (18, "Comorbidades", ["Diabetes Mellitus", "Obesidade Grau III"]),
        (18, "Trabalhadores de Saúde", ["Enfermeiro(a)", "Técnico de Enfermagem"]),
        (5, "Faixa Etária", ["Pessoas de 5 a 59 anos"]),
    ]
    for row in pool:
        group = rng.choice([g for g in groups if row["age"] >= g[0]] or groups[-1:])
        row.update(cat=group[1], grp=rng.choice(group[2]))
        row.update(hash=fill(rng, "%" * 64), cns=cns(rng))
    return [dict(rng.choice(pool)) for _ in range(n)]


VACCINES = Table(
    "vacinacao_covid",
    "development",
    360,
    "pessoas vacinadas",
    "Portuguese (Brazil), names of the open vaccination register",
    "Registro de doses de vacina aplicadas em municípios do Nordeste (vaccination register).",
    _vaccines,
    [
        Col("paciente_id", "DI", key("hash"), "stable pseudonym of the person"),
        Col("paciente_cns", "DI", key("cns"), "health card number", miss=0.03),
        Col("paciente_dataNascimento", "QI", dated("dob", "%Y-%m-%d"), "full date of birth"),
        Col("paciente_enumSexoBiologico", "QI", lambda r, p: "F" if p["f"] else "M", "sex"),
        Col(
            "paciente_racaCor_valor",
            "QI",
            weighted("PARDA:40|BRANCA:30|PRETA:7|AMARELA:6|INDIGENA:2|SEM INFORMACAO:15"),
            "race",
            "SI",
        ),
        Col("paciente_endereco_nmMunicipio", "QI", lambda r, p: p["town"].upper(), "town"),
        Col("paciente_endereco_cep", "QI", lambda r, p: p["zip"].replace("-", "")[:5], "postcode", miss=0.15),
        Col(
            "estabelecimento_razaoSocial",
            "QI",
            words("PREFEITURA MUNICIPAL DO RECIFE|SECRETARIA DE SAUDE DE OLINDA|FMS CARUARU|FUNDO MUNICIPAL"),
            "where the person was seen",
            "NSI",
        ),
        Col("vacina_grupoAtendimento_nome", "SI", key("grp"), "illness or job", "QI"),
        Col("vacina_categoria_nome", "SI", key("cat"), "illness or job", "QI NSI"),
        Col("vacina_dataAplicacao", "QI", day("2021-04-01", "2022-05-25"), "visit", "SI"),
        Col("vacina_descricao_dose", "SI", weighted("1ª Dose:42|2ª Dose:38|Reforço:18|Única:2"), "health", "NSI QI"),
        Col("vacina_nome", "NSI", weighted("CORONAVAC:30|ASTRAZENECA:34|PFIZER:32|JANSSEN:4"), "product", "SI"),
        Col("vacina_lote", "NSI", words("210083|FF2593|213VCD003Z|FN3457|202010029|219VCD165Z"), "batch"),
        Col("evento_adverso", "SI", sometimes(0.05, words("febre|cefaleia|reação local|anafilaxia")), "health"),
        Col("sistema_origem", "NSI", weighted("Novo PNI:60|ESUS APS:30|VACIVIDA:10"), "source system"),
        Col(
            "data_importacao_rnds",
            "NSI",
            stamp("2022-06-01 00:00:00", "2022-06-04 23:00:00", "%Y-%m-%dT%H:%M:%S.000Z"),
            "load time",
        ),
    ],
    missing=("", ""),
)

TABLES = [COURT, LOANS, BLOOD, ADMISSION, MOBILE, VACCINES]
