"""English tables, first part: ambulance runs, cohort, election panel, trial, help desk."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from unseen3_core import (
    Col,
    Row,
    Table,
    bell,
    const,
    count,
    dated,
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
from unseen3_pools import people, person, repeated


def _runs(rng: Random, n: int) -> list[Row]:
    rows = people(rng, n, "us", 1, 97)
    at = datetime(2024, 3, 1, 0, 20)  # noqa: DTZ001 - the table knows no zones
    odo = 61240.3
    for row in rows:
        at += timedelta(minutes=rng.randint(20, 330))
        odo += rng.uniform(2, 31)
        ill = rng.choice(
            [
                ("chest pain", 14, "c/o chest pain since this am, ASA 324 given"),
                ("fall", 15, "tripped on rug, L hip pain"),
                ("overdose", 8, "found unresponsive in bathroom by roommate, pinpoint pupils"),
                ("breathing problem", 14, "hx COPD"),
                ("seizure", 12, "postictal on arrival, witnessed by spouse"),
                ("MVC", 15, "restrained driver, airbag deployed"),
                ("psych", 15, "pt states wants to hurt self, calm and cooperative"),
                ("sick person", 15, "n/v x 2 days, weak"),
            ]
        )
        who = "Mr" if not row["f"] else "Ms"
        row.update(at=at, odo=odo, cc=ill[0], gcs=max(3, min(15, round(rng.gauss(ill[1], 1)))))
        row["text"] = rng.choice(
            [
                f"Dispatched for {ill[0]}. Pt {ill[2]}. Transported w/o incident.",
                f"{who} {row['last']} {ill[2]}. VS as noted. Care transferred to ED RN.",
                f"U/A {row['age']} y/o, {ill[2]}.",
                f"{ill[2]}. Pt refused transport, signed AMA.",
            ]
        )
    return rows


EMS = Table(
    "ems_runs",
    "held_out",
    260,
    "ambulance patients, one run a row",
    "the crew lead is another person; run number is the event key",
    "Ambulance service run log of an Ohio county, spring 2024.",
    _runs,
    [
        Col(
            "run_no",
            "DI",
            lambda r, p: f"24-{p['i'] + 3187:06d}",
            "event key of one patient contact, on bills and letters",
            "NSI",
        ),
        Col("unit", "NSI", words("M21|M21|M22|M23|M24|E25"), "ambulance"),
        Col("dispatch_time", "QI", dated("at", "%m/%d/%Y %H:%M"), "neighbours and press see the ambulance", "SI NSI"),
        Col("pt_name", "DI", lambda r, p: f"{p['last'].upper()}, {p['first'].upper()}", "full name", miss=0.06),
        Col("pt_age", "QI", key("age"), "age", miss=0.03),
        Col(
            "pt_sex",
            "QI",
            lambda r, p: r.choice(["F", "F", "F", "Female"]) if p["f"] else r.choice(["M", "M", "M", "Male"]),
            "sex",
        ),
        Col("scene_addr", "DI", key("street"), "street address, mostly the home", "QI", stray=0.03),
        Col("scene_city", "QI", key("town"), "place", stray=0.02),
        Col("caller_phone", "DI", filled("(937) 5##-####"), "phone, often of the household", miss=0.11),
        Col("chief_complaint", "SI", key("cc"), "health"),
        Col("gcs", "SI", key("gcs"), "health", miss=0.05),
        Col("sbp", "SI", bell(134, 24, 60, 230), "health", miss=0.08),
        Col("spo2", "SI", bell(95, 4, 70, 100), "health", miss=0.07),
        Col("narcan", "SI", weighted("0:92|1:8"), "drug use"),
        Col(
            "dest_hosp",
            "QI",
            words("MVH|Kettering Main|Soin|Grandview|MVH|none"),
            "where the patient was taken",
            "SI NSI",
            miss=0.04,
        ),
        Col("crew_lead", "NSI", words("J. Pruitt|S. Okafor|M. Lindner|T. Vance|K. Ruiz"), "person, not the subject", "QI DI"),
        Col("resp_min", "NSI", bell(7.4, 2.6, 1, 25, 1), "service figure of the unit"),
        Col("odometer", "NSI", lambda r, p: f"{p['odo']:.1f}", "vehicle reading"),
        Col("narrative", "SI", key("text"), "free text on health, some with the name", "DI"),
        Col("epcr_ver", "NSI", words("5.12.1|5.12.1|5.12.3"), "software version"),
    ],
)


def _sas(rng: Random, n: int) -> list[Row]:
    rows = people(rng, n, "us", 45, 79)
    for row in rows:
        cm = rng.gauss(161 if row["f"] else 175, 6.8)
        kg = (cm / 100) ** 2 * rng.gauss(28.4, 5)
        row.update(cm=cm, kg=max(42, kg))
    return rows


COHORT = Table(
    "cohort_w3",
    "development",
    340,
    "participants of a heart cohort",
    "SAS names of eight letters, values coded",
    "Third examination of an epidemiological heart cohort, analysis file.",
    _sas,
    [
        Col("IDNO", "DI", lambda r, p: 3010000 + p["i"] * 14 + r.randint(1, 13), "participant number"),
        Col("SITE3C", "QI", weighted("3:20|4:18|5:17|6:16|7:15|8:14"), "field centre, a town", "NSI"),
        Col("AGE3C", "QI", key("age"), "age"),
        Col("GENDER1", "QI", lambda r, p: 0 if p["f"] else 1, "sex"),
        Col("RACE1C", "QI", weighted("1:40|2:12|3:27|4:21"), "race", "SI"),
        Col("EDUC1", "QI", weighted("0:3|1:8|2:8|3:20|4:18|5:8|6:5|7:17|8:13"), "education", miss=0.01),
        Col("MARIT3", "QI", weighted("1:61|2:13|3:13|4:3|5:9|9:1"), "marital status"),
        Col("INCOME3", "SI", whole(1, 14), "income class", miss=0.05),
        Col("HTCM3", "QI", lambda r, p: f"{p['cm']:.1f}", "height, visible"),
        Col("WTLB3", "QI", lambda r, p: f"{p['kg'] * 2.2046:.1f}", "weight, visible", "SI"),
        Col("BMI3C", "SI", lambda r, p: f"{p['kg'] / (p['cm'] / 100) ** 2:.5f}", "health measure", "QI"),
        Col("CIG3C", "SI", weighted("0:47|1:40|2:13"), "smoking", "QI"),
        Col("PKYRS3C", "SI", money(14, 0.9, 1, zero=0.5), "smoking history"),
        Col("SBP3C", "SI", bell(124, 20, 78, 212, 1), "health"),
        Col("HDL3", "SI", bell(52, 15, 19, 130), "lab value", miss=0.02),
        Col("DM033C", "SI", weighted("0:72|1:14|2:4|3:10"), "diabetes state"),
        Col("CES3C", "SI", count(8, 52), "depression score", miss=0.02),
        Col("APOE", "SI", weighted("22:1|23:12|24:3|33:60|34:22|44:2"), "genetic", miss=0.06),
        Col("MIDX", "SI", weighted("0:94|1:6"), "heart attack"),
        Col("LABBAT3", "NSI", filled("B0##"), "laboratory batch"),
        Col("EXVER3", "NSI", weighted("2.1:80|2.2:20"), "form version"),
    ],
    missing=(".", ".", "", "."),
)


ELECT = Table(
    "elect_panel",
    "held_out",
    380,
    "respondents of a web election panel",
    "code-book names, nearly all coded",
    "Two-wave online election survey, respondent file with code-book variable names.",
    lambda r, n: people(r, n, "us", 18, 88),
    [
        Col("caseid", "DI", lambda r, p: 1690000000 + r.randint(10**6, 10**8 - 1), "respondent number"),
        Col("commonwt", "NSI", bell(1, 0.6, 0.06, 6.9, 9), "design weight", "QI"),
        Col("birthyr", "QI", dated("dob", "%Y"), "year of birth"),
        Col("gender4", "QI", lambda r, p: r.choices([2 if p["f"] else 1, 3, 4], [97, 2, 1])[0], "sex or gender", "SI"),
        Col("educ", "QI", weighted("1:4|2:28|3:21|4:11|5:23|6:13"), "education"),
        Col("race", "QI", weighted("1:70|2:12|3:9|4:3|5:1|6:3|7:2"), "race", "SI"),
        Col("inputstate", "QI", pick(6, 12, 36, 48, 39, 42, 17, 13, 37, 26, 55, 4, 53, 51, 34), "state of residence"),
        Col("lookupzip", "QI", filled("#####"), "postcode", miss=0.02),
        Col("employ", "QI", weighted("1:40|2:10|3:1|4:7|5:24|6:6|7:7|8:4|9:1"), "employment status"),
        Col("ownhome", "QI", weighted("1:60|2:36|3:4"), "tenure", "SI"),
        Col("child18", "QI", weighted("1:26|2:74"), "children in the home"),
        Col("faminc_new", "SI", weighted("1:5|3:9|4:9|6:14|8:13|10:18|12:10|14:3|97:10"), "household income"),
        Col("votereg", "QI", weighted("1:89|2:9|3:2"), "on the electoral roll, a public list", "SI"),
        Col("CC22_401", "SI", weighted("1:6|2:2|3:4|4:5|5:83"), "turnout", "QI", miss=0.12),
        Col("presvote20post", "SI", weighted("1:52|2:40|3:3|4:1|6:4"), "vote", miss=0.08),
        Col("pid7", "SI", weighted("1:24|2:12|3:10|4:15|5:9|6:10|7:17|8:3"), "party identity", "QI"),
        Col("CC22_330a", "SI", weighted("1:58|2:42"), "opinion item", miss=0.01),
        Col("pew_churatd", "SI", weighted("1:7|2:16|3:9|4:14|5:24|6:28|7:2"), "church attendance", "QI"),
        Col("unionhh", "SI", weighted("1:8|2:16|3:74|4:2"), "union", miss=0.01),
        Col("sexuality", "SI", weighted("1:86|2:2|3:3|4:6|5:1|6:2"), "sexual orientation"),
        Col(
            "starttime", "NSI", stamp("2022-09-29 14:00:00", "2022-11-08 09:00:00", "%d%b%Y %H:%M:%S"), "interview clock", "QI"
        ),
        Col("tookpost", "NSI", weighted("2:83|1:17"), "wave flag"),
    ],
    missing=("", "", "98", "__NA__"),
)


def _ae(rng: Random, n: int) -> list[Row]:
    out: list[Row] = []
    subject = 0
    while len(out) < n:
        subject += 1
        p = person(rng, "us", 19, 78)
        site = rng.choice(["101", "104", "112", "203", "207", "311"])
        start = datetime(2022, 2, 1) + timedelta(days=rng.randint(0, 420))  # noqa: DTZ001 - the table knows no zones
        p.update(site=site, subj=f"{site}{subject:03d}", start=start, arm=rng.choice("AB"), kit=fill(rng, "K#####"))
        p["race"] = rng.choices(["WHITE", "BLACK OR AFRICAN AMERICAN", "ASIAN", "OTHER"], [72, 13, 11, 4])[0]
        for seq in range(rng.choice([1, 1, 2, 2, 3, 5])):
            out.append(dict(p, seq=seq + 1, dy=rng.randint(-3, 170)))
    return out[:n]


TRIAL = Table(
    "trial_ae",
    "development",
    300,
    "trial subjects, several adverse events each",
    "CDISC names; rows repeat per subject",
    "Adverse events of a phase III drug trial with subject attributes, CDISC style.",
    _ae,
    [
        Col("STUDYID", "NSI", const("NVX-3301"), "constant"),
        Col("USUBJID", "DI", lambda r, p: f"NVX-3301-{p['subj']}", "subject number"),
        Col("SITEID", "QI", key("site"), "clinic of the subject", "NSI"),
        Col("COUNTRY", "QI", lambda r, p: {"1": "USA", "2": "CAN", "3": "DEU"}[p["site"][0]], "country"),
        Col("BRTHDTC", "QI", dated("dob", "%Y-%m"), "month of birth"),
        Col("SEX", "QI", lambda r, p: "F" if p["f"] else "M", "sex"),
        Col("RACE", "QI", key("race"), "race", "SI"),
        Col("ARMCD", "NSI", key("arm"), "randomised arm", "SI"),
        Col("RFSTDTC", "QI", lambda r, p: p["start"].strftime("%Y-%m-%d"), "first dose, a visit date", "SI NSI"),
        Col("KITNO", "DI", key("kit"), "drug kit number, one for each subject", "NSI"),
        Col("AESEQ", "NSI", key("seq"), "running number"),
        Col(
            "AETERM",
            "SI",
            words(
                "HEADACHE|headache|NAUSEA|Rash on both forearms|URTI|DIARRHOEA|fatigue|Elevated ALT|INSOMNIA"
                "|Dizziness|BACK PAIN|Pregnancy of partner|anxiety|FALL WITH WRIST FRACTURE"
            ),
            "health",
        ),
        Col("AESEV", "SI", weighted("MILD:60|MODERATE:32|SEVERE:8"), "health", miss=0.01),
        Col("AESER", "SI", weighted("N:93|Y:7"), "health"),
        Col("AESTDY", "SI", key("dy"), "study day of the event", "NSI"),
        Col("AEREL", "SI", weighted("NONE:48|UNLIKELY:20|POSSIBLE:24|PROBABLE:8"), "judged cause", "NSI"),
        Col("MEDDRAV", "NSI", const("25.0"), "dictionary version"),
    ],
)


def _tickets(rng: Random, n: int) -> list[Row]:
    rows = repeated(rng, n, "us", 0.6, 22, 66)
    at = datetime(2024, 1, 8, 7, 0)  # noqa: DTZ001 - the table knows no zones
    firms = [
        "Brightwater Dental",
        "Ohio Valley Credit Union",
        "Tri-County Schools",
        "Hallmark Logistics",
        "Self",
        "Miami Tool & Die",
    ]
    issues = [
        ("Login", "Cannot log in after reset", "password reset link expired, please help"),
        ("Billing", "Charged twice", "was billed twice in March, need refund asap. I am on a fixed income"),
        ("Bug", "Export crashes", "app freezes when I hit export. see attached"),
        ("Account", "Close my account", "my husband passed away last month, please close his account"),
        ("Billing", "Invoice address", "please change our invoice address"),
        ("Access", "Screen reader", "I am blind and the new menu does not work w/ JAWS"),
    ]
    for row in rows:
        at += timedelta(minutes=rng.randint(4, 210))
        issue = rng.choice(issues)
        sign = rng.choice(
            ["", "", f" Thanks, {row['first']}", f" - {row['first']} {row['last']}, call me on 937-555-01{rng.randint(10, 99)}"]
        )
        row.update(at=at, firm=firms[row["who"] % len(firms)], cat=issue[0], subj=issue[1], text=issue[2] + "." + sign)
    return rows


HELPDESK = Table(
    "HelpdeskTickets",
    "held_out",
    320,
    "requesters of tickets, several tickets each",
    "CamelCase; agents are other persons",
    "Customer-support ticket export of a software vendor.",
    _tickets,
    [
        Col("TicketId", "DI", lambda r, p: 480211 + p["i"] * 3, "case number quoted by the customer", "NSI"),
        Col("CreatedAt", "NSI", lambda r, p: p["at"].strftime("%Y-%m-%dT%H:%M:%SZ"), "system timestamp", "QI"),
        Col("RequesterName", "DI", lambda r, p: f"{p['first']} {p['last']}", "full name", stray=0.02),
        Col("RequesterEmail", "DI", key("mail"), "mail"),
        Col("CompanyName", "QI", key("firm"), "employer of the requester", "NSI", miss=0.04),
        Col("Subject", "SI", key("subj"), "what the person asked", "NSI DI"),
        Col("Description", "DI", key("text"), "free text, signed with name and phone in part", "SI"),
        Col("Category", "NSI", key("cat"), "kind of ticket", "SI"),
        Col("Priority", "NSI", weighted("Low:30|Normal:50|High:16|Urgent:4"), "workflow"),
        Col(
            "AssignedAgent", "NSI", words("Priya N.|Tom W.|Marisol G.|bot-triage|Devon K."), "person, not the subject", "QI DI"
        ),
        Col("RemoteSessionIP", "DI", lambda r, p: ip_address(r), "network address", "QI", miss=0.55),
        Col("FirstResponseMins", "NSI", money(44, 1.1, 0), "service figure"),
        Col("CsatScore", "SI", weighted("5:40|4:25|3:12|2:9|1:14"), "opinion of the customer", "NSI", miss=0.5),
        Col("RefundAmountUSD", "SI", sometimes(0.15, money(39, 0.6)), "money", "NSI"),
        Col("SlaBreached", "NSI", weighted("False:86|True:14"), "workflow"),
        Col("ProductVersion", "NSI", words("9.4.0|9.4.2|9.5.0|9.5.1"), "version"),
        Col("VipFlag", "SI", weighted("0:93|1:7"), "value of the customer", "NSI"),
        Col("LastSyncedUtc", "NSI", const("2024-05-02T03:00:07Z"), "load time"),
    ],
)

TABLES = [EMS, COHORT, ELECT, TRIAL, HELPDESK]
