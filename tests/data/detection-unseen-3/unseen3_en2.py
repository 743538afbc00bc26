"""English tables, second part: rides, donors, phone app, prison, dating, cold-chain sensors."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from unseen3_core import (
    Col,
    Row,
    Table,
    const,
    count,
    dated,
    day,
    fill,
    filled,
    ip_address,
    key,
    money,
    sometimes,
    stamp,
    uuid,
    weighted,
    whole,
    words,
)
from unseen3_pools import people, repeated


def _rides(rng: Random, n: int) -> list[Row]:
    rows = repeated(rng, n, "us", 0.4, 18, 74)
    at = datetime(2023, 11, 3, 5, 2, 11)  # noqa: DTZ001 - the table knows no zones
    zones = [
        ("Downtown", 39.758, -84.191),
        ("Oregon District", 39.757, -84.183),
        ("Airport", 39.902, -84.219),
        ("UD Campus", 39.740, -84.179),
        ("Far Hills", 39.709, -84.168),
    ]
    for row in rows:
        at += timedelta(seconds=rng.randint(40, 3800))
        zone = rng.choice(zones)
        row.update(at=at, zone=zone[0], plat=zone[1] + rng.gauss(0, 0.004), plon=zone[2] + rng.gauss(0, 0.005))
        row["drv"] = rng.choice(["d_1180", "d_2217", "d_2290", "d_3075", "d_3111", "d_4026", "d_4419", "d_5002"])
        row["mi"] = rng.lognormvariate(1.2, 0.7)
    return rows


PLATES = {
    "d_1180": "JKR 4471",
    "d_2217": "HBV 2093",
    "d_2290": "GXT 7718",
    "d_3075": "JQA 5530",
    "d_3111": "HZZ 1206",
    "d_4026": "KAB 9934",
    "d_4419": "GTP 3352",
    "d_5002": "JDE 8067",
}
CARS = {
    "d_1180": "Toyota Camry",
    "d_2217": "Honda Accord",
    "d_2290": "Kia Niro",
    "d_3075": "Toyota Prius",
    "d_3111": "Chevy Bolt",
    "d_4026": "Hyundai Sonata",
    "d_4419": "Toyota Camry",
    "d_5002": "Ford Escape",
}
RIDES = Table(
    "ride_trips",
    "development",
    400,
    "riders and drivers, several trips each",
    "two kinds of persons in a row",
    "Trips of a regional ride-hailing company, November 2023.",
    _rides,
    [
        Col("trip_id", "DI", lambda r, p: uuid(r), "event key of one person's trip", "NSI"),
        Col("rider_id", "DI", lambda r, p: f"r_{p['who'] * 37 + 10412}", "account"),
        Col("rider_name", "DI", key("first"), "given name"),
        Col("driver_id", "DI", key("drv"), "account of the driver, a person too", "QI NSI"),
        Col("veh_plate", "DI", lambda r, p: PLATES[p["drv"]], "number plate of the driver", "QI"),
        Col("veh_model", "QI", lambda r, p: CARS[p["drv"]], "visible car", "NSI"),
        Col("requested_at", "QI", lambda r, p: p["at"].isoformat(sep=" "), "time a person was seen leaving", "SI NSI"),
        Col("pickup_lat", "DI", lambda r, p: f"{p['plat']:.6f}", "exact position, may be the home", "QI"),
        Col("pickup_lng", "DI", lambda r, p: f"{p['plon']:.6f}", "exact position, may be the home", "QI"),
        Col("pickup_zone", "QI", key("zone"), "area"),
        Col("dropoff_addr", "DI", lambda r, p: f"{p['street']}, {p['town']}", "street address", "QI", miss=0.02),
        Col("distance_mi", "NSI", lambda r, p: f"{p['mi']:.2f}", "trip length", "SI QI"),
        Col("fare_usd", "SI", lambda r, p: f"{3.1 + p['mi'] * 1.9:.2f}", "money spent", "NSI"),
        Col("tip_usd", "SI", sometimes(0.35, words("1.00|2.00|3.00|5.00"), "0.00"), "money, behaviour", "NSI"),
        Col("surge_mult", "NSI", weighted("1.0:70|1.2:14|1.5:10|2.1:6"), "price level of the area"),
        Col(
            "card_last4",
            "QI",
            lambda r, p: f"{int(p['secret'][:6], 16) % 10000:04d}",
            "part of the card number",
            "DI SI",
            miss=0.05,
        ),
        Col("rider_rating", "SI", lambda r, p: f"{5 - (int(p['secret'][6:9], 16) / 4096) ** 3:.2f}", "score of the person"),
        Col("wheelchair_req", "SI", weighted("f:97|t:3"), "disability", "QI"),
        Col("app_build", "NSI", words("4.88.1|4.88.3|4.90.0"), "version"),
    ],
)


def _donors(rng: Random, n: int) -> list[Row]:
    rows = people(rng, n, "gb", 24, 93, 0.57)
    for row in rows:
        row["title"] = rng.choice(
            ["Mrs", "Mrs", "Ms", "Miss", "Dr"] if row["f"] else ["Mr", "Mr", "Mr", "Mr", "Dr", "Rev", "Sir"]
        )
        row["gift"] = rng.choice([5, 10, 10, 15, 20, 25, 30, 50, 100, 250])
    return rows


DONORS = Table(
    "animal_rescue_donors",
    "development",
    280,
    "donors",
    "Title Case With Spaces; British",
    "Supporter list of a British animal-rescue charity.",
    _donors,
    [
        Col("Constituent ID", "DI", lambda r, p: f"C{p['i'] * 7 + 20113:07d}", "record number"),
        Col("Title", "QI", key("title"), "shows sex and standing", miss=0.02),
        Col("First Name", "DI", key("first"), "given name", stray=0.03),
        Col("Surname", "DI", key("last"), "surname", stray=0.02),
        Col("Addressee Line", "DI", lambda r, p: f"{p['title']} {p['first'][0]} {p['last']}", "name on envelopes"),
        Col("Address 1", "DI", key("street"), "street address", "QI", miss=0.03),
        Col("Post Town", "QI", key("town"), "town"),
        Col("Postcode", "QI", key("zip"), "full postcode, about 15 homes", "DI", miss=0.02),
        Col("Mobile", "DI", filled("07### ######"), "phone", miss=0.3),
        Col("Year Of Birth", "QI", dated("dob", "%Y"), "year of birth", miss=0.35),
        Col("Gift Aid", "SI", weighted("Y:64|N:30|Lapsed:6"), "says the person pays tax", "NSI"),
        Col("Last Gift Date", "SI", day("2021-01-01", "2024-05-31", "%d/%m/%Y"), "giving", "QI NSI"),
        Col("Last Gift Amount", "SI", lambda r, p: f"£{p['gift']:.2f}", "money"),
        Col("Lifetime Value", "SI", lambda r, p: f"{p['gift'] * r.randint(1, 60):.2f}", "money"),
        Col("Wealth Band", "SI", weighted("A:4|B:13|C:38|D:33|U:12"), "money"),
        Col("Legacy Pledge", "SI", weighted("No:91|Enquirer:6|Pledged:3"), "last will"),
        Col("Sort Code", "QI", filled("##-##-##"), "bank branch", "SI NSI DI", miss=0.4),
        Col("Bank Account", "DI", filled("########"), "account number", miss=0.4),
        Col("Appeal Code", "NSI", words("XMAS23|SPR24|DOGS22|KITTEN24|XMAS22"), "campaign"),
        Col("Do Not Mail", "NSI", weighted("0:88|1:12"), "contact flag", "SI"),
        Col(
            "Notes",
            "SI",
            sometimes(
                0.3,
                words(
                    "Recently widowed, do not phone|has 3 rescue greyhounds|Prefers cheque|gone"
                    " away?|In memory of Mum|Spoke to daughter Karen 01743 555 019|complaint re"
                    " chugger"
                ),
            ),
            "free text on the person",
            "DI",
        ),
    ],
)


def _app(rng: Random, n: int) -> list[Row]:
    rows = repeated(rng, n, "us", 0.3, 16, 52)
    models = ["iPhone14,5", "iPhone13,2", "SM-G991U", "Pixel 7", "iPhone15,3", "SM-A536U", "moto g power"]
    for row in rows:
        seed = Random(row["secret"])
        row.update(uid=fill(seed, "%" * 24), ad=uuid(seed).upper(), model=seed.choice(models), ip=ip_address(seed))
        row.update(push=fill(seed, "%" * 40), band=next(b for b, top in BANDS if row["age"] <= top))
        row["geo"] = f"dph{seed.choice('ebfgdk')}{seed.choice('0123456789bcdefghjk')}"
    return rows


BANDS = [("<18", 17), ("18-24", 24), ("25-34", 34), ("35-44", 44), ("45+", 200)]
APP = Table(
    "cycle_app_events",
    "held_out",
    380,
    "app users, several events each",
    "camelCase telemetry tied to users",
    "Event stream of a menstrual-cycle and mood tracking app.",
    _app,
    [
        Col("eventId", "NSI", lambda r, p: fill(r, "%" * 16), "technical key of an event", "DI"),
        Col("uid", "DI", key("uid"), "account"),
        Col("idfa", "DI", key("ad"), "advertising id", miss=0.3),
        Col("pushToken", "DI", key("push"), "device token", miss=0.2),
        Col(
            "clientTs", "NSI", stamp("2024-02-01 00:00:00", "2024-02-14 23:59:59", "%Y-%m-%dT%H:%M:%SZ"), "event clock", "QI SI"
        ),
        Col("ip", "DI", key("ip"), "network address", "QI"),
        Col("geohash5", "QI", key("geo"), "cell of about 5 km"),
        Col("deviceModel", "QI", key("model"), "visible phone", "NSI"),
        Col("locale", "QI", weighted("en_US:84|es_US:10|fr_CA:2|vi_US:4"), "language", "NSI"),
        Col("ageBand", "QI", key("band"), "age", miss=0.1),
        Col(
            "eventName",
            "SI",
            words("app_open|log_mood|log_flow|view_article|log_sex|paywall_seen|reminder_off"),
            "action, some on sex and health",
            "NSI",
        ),
        Col("cycleDay", "SI", whole(1, 34), "health", miss=0.12),
        Col("moodScore", "SI", weighted("1:9|2:18|3:30|4:28|5:15"), "health", miss=0.4),
        Col("sessionLenSec", "SI", money(48, 1, 0), "usage", "NSI"),
        Col("isPremium", "NSI", weighted("false:83|true:17"), "product", "SI"),
        Col("batteryPct", "NSI", whole(3, 100), "device state"),
        Col("abBucket", "NSI", words("ctl|ctl|v1|v2"), "experiment"),
        Col("sdkVersion", "NSI", const("7.14.0"), "constant"),
    ],
    missing=("", "", "null", ""),
)


def _inmates(rng: Random, n: int) -> list[Row]:
    rows = people(rng, n, "us", 19, 71, 0.09)
    offences = [
        ("BURGLARY 2ND", 36),
        ("POSS CONTR SUBST", 18),
        ("AGG ASSAULT", 60),
        ("MURDER 2ND", 240),
        ("DUI 3RD OFFN", 14),
        ("ROBBERY ARMED", 84),
        ("FORGERY", 20),
        ("SEX ASLT 1ST", 144),
        ("THEFT>1000", 16),
        ("WEAPON FELON", 30),
    ]
    for row in rows:
        off = rng.choice(offences)
        months = max(6, int(off[1] * rng.uniform(0.6, 1.7)))
        adm = datetime(2012, 1, 1) + timedelta(days=rng.randint(1800, 4400))  # noqa: DTZ001 - the table knows no zones
        row.update(off=off[0], mos=months, adm=adm, rel=adm + timedelta(days=int(months * 30.4 * 0.85)))
    return rows


PRISON = Table(
    "OFNDR_MSTR",
    "development",
    300,
    "prison inmates",
    "ALLCAPS abbreviations of an old mainframe",
    "Master file of inmates from a state corrections department.",
    _inmates,
    [
        Col("OFNDR_NBR", "DI", lambda r, p: f"{p['i'] * 11 + 641207}", "inmate number"),
        Col("LST_NM", "DI", lambda r, p: p["last"].upper(), "surname"),
        Col("FRST_NM", "DI", lambda r, p: p["first"].upper(), "given name"),
        Col(
            "ALIAS_TXT",
            "DI",
            sometimes(0.25, words("SMOKE|LIL TONY|J-ROD|RED|BIG MIKE|T-BONE|GHOST|CHICO|DOC")),
            "street name",
            "QI",
        ),
        Col("BIRTH_DT", "QI", dated("dob", "%Y%m%d"), "full date of birth"),
        Col("SEX_CD", "QI", lambda r, p: "F" if p["f"] else "M", "sex"),
        Col("RACE_CD", "QI", weighted("W:50|B:34|H:11|I:3|A:1|U:1"), "race", "SI"),
        Col("HGT_IN", "QI", lambda r, p: round(r.gauss(64.5 if p["f"] else 70, 2.7)), "visible"),
        Col("EYE_CLR_CD", "QI", weighted("BRO:58|BLU:20|HAZ:11|GRN:9|BLK:2"), "visible"),
        Col(
            "SMT_DESC",
            "QI",
            sometimes(0.6, words("TAT L ARM ROSE|SCAR CHIN|TAT NECK 'MARIA'|TAT R HND 5 DOTS|SC R KNEE|TAT BACK WINGS")),
            "scars and tattoos, visible",
            "DI SI",
        ),
        Col("ADMIT_DT", "QI", lambda r, p: p["adm"].strftime("%Y%m%d"), "public docket", "SI"),
        Col("PROJ_RLS_DT", "SI", lambda r, p: p["rel"].strftime("%Y%m%d"), "sentence", "QI"),
        Col("CNVCT_CNTY", "QI", words("COLE|BOONE|JACKSON|GREENE|CLAY|PETTIS|JASPER"), "county"),
        Col("OFFNS_DESC", "SI", key("off"), "crime"),
        Col("SENT_MOS", "SI", key("mos"), "sentence"),
        Col("PRIOR_CNT", "SI", count(1.9, 14), "criminal record"),
        Col("CSTDY_LVL", "SI", weighted("MIN:30|MED:45|MAX:21|SEG:4"), "risk class"),
        Col("STG_CD", "SI", sometimes(0.14, words("SUR|ARB|CRP|BLD|UNK"), "000"), "gang"),
        Col("MH_SCR", "SI", weighted("1:45|2:27|3:18|4:8|5:2"), "mental health", miss=0.03),
        Col("FCLTY_CD", "QI", words("JCCC|ACC|NECC|MCC|WRDCC"), "where the person lives", "NSI"),
        Col("SID_NBR", "DI", filled("MO0######"), "state identification number", miss=0.02),
        Col("UPDT_USR_ID", "NSI", words("BATCH01|BATCH01|DOC4471|DOC2210"), "system user", "QI"),
        Col("UPDT_TS", "NSI", stamp("2024-03-01 01:00:00", "2024-03-02 05:00:00", "%Y-%m-%d-%H.%M.%S.000000"), "load time"),
    ],
    missing=("", "UNK", ""),
)


def _daters(rng: Random, n: int) -> list[Row]:
    rows = people(rng, n, "us", 19, 66, 0.45)
    tails = [
        "love hiking and bad puns",
        "recently divorced, two great kids",
        "nurse at Kettering, night shift",
        "new in town!",
        "4 years sober and proud",
        "looking for someone who laughs at my jokes",
        "message me on insta @{u}",
        "dog dad. catholic-ish.",
    ]
    for row in rows:
        row["nick"] = row["user"].split(".")[0] + rng.choice(["", "_xo", "88", "937", str(row["dob"].year)])
        row["bio"] = rng.choice([f"hi i'm {row['first'].lower()}, ", "", "", "me: "]) + rng.choice(tails).replace(
            "{u}", row["user"]
        )
    return rows


DATING = Table(
    "dating_profiles",
    "held_out",
    300,
    "members of a dating site",
    "a scraped research data set in style",
    "Public profiles of a dating site in Ohio, collected for a study.",
    _daters,
    [
        Col("username", "DI", key("nick"), "nickname"),
        Col("age", "QI", key("age"), "age"),
        Col("sex", "QI", lambda r, p: "f" if p["f"] else "m", "sex"),
        Col("orientation", "SI", weighted("straight:83|gay:9|bisexual:8"), "sexual orientation"),
        Col("status", "QI", weighted("single:89|seeing someone:5|available:4|married:2"), "relationship", "SI"),
        Col(
            "body_type",
            "QI",
            weighted("average:30|fit:25|athletic:20|thin:9|curvy:8|a little extra:6|used up:2"),
            "visible",
            "SI",
            miss=0.09,
        ),
        Col("height", "QI", lambda r, p: round(r.gauss(65 if p["f"] else 70.4, 2.6)), "visible"),
        Col(
            "ethnicity",
            "QI",
            words("white|white|white|black|asian|hispanic / latin|white, hispanic / latin|other"),
            "visible",
            "SI",
            miss=0.1,
        ),
        Col(
            "education",
            "QI",
            words(
                "graduated from college/university|working on masters program|high school|dropped out of"
                " college|graduated from law school"
            ),
            "public",
            miss=0.11,
        ),
        Col(
            "job",
            "QI",
            words("student|science / tech / engineering|medicine / health|other|sales / marketing|military|retired"),
            "public",
            miss=0.14,
        ),
        Col("income", "SI", weighted("-1:80|20000:5|40000:5|60000:4|80000:3|150000:3"), "income"),
        Col(
            "religion",
            "SI",
            words(
                "agnosticism|atheism and laughing about it|christianity|catholicism but not too serious about it|judaism"
                "|islam|buddhism"
            ),
            "belief",
            "QI",
            miss=0.33,
        ),
        Col(
            "sign",
            "QI",
            words("gemini|leo and it's fun to think about|virgo but it doesn't matter|pisces|aries|scorpio|libra"),
            "follows from the birthday",
            "NSI",
            miss=0.18,
        ),
        Col(
            "offspring",
            "QI",
            words("doesn't have kids|has kids|has a kid, but doesn't want more|doesn't want kids"),
            "children",
            "SI",
            miss=0.55,
        ),
        Col("drugs", "SI", weighted("never:75|sometimes:20|often:5"), "drug use", miss=0.22),
        Col("location", "QI", lambda r, p: f"{p['town'].lower()}, ohio", "town"),
        Col(
            "last_online", "NSI", stamp("2023-06-01 00:00:00", "2024-06-30 23:00:00", "%Y-%m-%d-%H-%M"), "usage clock", "SI QI"
        ),
        Col("essay0", "DI", key("bio"), "own words, with names and handles in part; searchable", "SI"),
        Col("n_photos", "NSI", count(4, 12), "profile figure"),
    ],
)


TABLES = [RIDES, DONORS, APP, PRISON, DATING]
