"""Tables with English words: people of hospitals, banks, shops, firms, aeroplanes, surveys and trials."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

from unseen2_people import (
    Cell,
    Columns,
    Person,
    age_on,
    clamp,
    day,
    digits,
    gauss,
    hexes,
    letters,
    lognorm,
    luhn,
    messy,
    moment,
    people,
    person,
    pick,
    picks,
    plain,
    unique,
    uuid,
    zipf,
)


def ward_stays(r: Random) -> Columns:
    """Patients, one row per stay: snake_case; British hospital ward."""
    t: Columns = {}
    today, n = date(2024, 11, 30), 900
    crowd = people(r, "en", 780, today, 63, 20, 17, 99, 0.52)
    nhs = unique(r, 780, lambda: "9" + digits(r, 9))
    full = unique(r, 780, lambda: f"{r.randint(1, 20)} {r.randint(1, 9)}{letters(r, 2, 'ABDEFGHJLNPQRSTUWXYZ')}")
    kin = [f"07700 9{digits(r, 5, False)}" for _ in crowd]
    who = list(range(780)) + [r.randrange(780) for _ in range(n - 780)]
    r.shuffle(who)
    said = {
        "J18.9": ("SOB 3/7, productive cough, lives alone", 8),
        "I50.0": ("SOBOE, orthopnoea, ankles swollen", 7),
        "N39.0": ("dysuria, rigors, temp 39.1", 6),
        "S72.0": ("fall in bathroom, ?NOF, on apixaban", 5),
        "I63.9": ("slurred speech onset 0640", 4),
        "J44.1": ("known COPD, home O2", 6),
        "K80.2": ("abdo pain RUQ", 3),
        "E11.9": ("hyperglycaemia, missed insulin", 3),
        "A41.9": ("confused since Tues, carer concerned", 4),
        "F10.2": ("alcohol withdrawal, tremor ++", 2),
        "C34.9": ("haemoptysis, wt loss", 2),
        "B20": ("PUO, CD4 90", 0.4),
        "T39.1": ("OD paracetamol, partner found her", 1),
        "F32.2": ("low mood, plans to end life", 0.8),
        "I21.4": ("chest pain radiating L arm", 4),
        "R55": ("collapse at bus stop, no LOC", 3),
        "K57.3": ("PR bleed", 3),
    }
    start = [moment(r, day(r, date(2023, 12, 1), today)) for _ in who]
    stay = [max(0.2, lognorm(r, 4.2, 0.9, 2)) for _ in who]
    end = [a + timedelta(minutes=int(d * 1440)) for a, d in zip(start, stay, strict=True)]
    p = [crowd[i] for i in who]
    illness = picks(r, n, {k: w for k, (_, w) in said.items()})
    illness = [
        "O80" if x.female and 18 < age_on(x.birth, today) < 44 and r.random() < 0.5 else c
        for x, c in zip(p, illness, strict=True)
    ]
    words = [said[c][0] if c in said else "contractions 4/10, waters gone" for c in illness]
    ends = ["", "", "", ". NKDA", ". DNACPR in place", " ?sepsis", ", daughter present", " - r/v by SpR"]
    t["encounter_no"] = unique(r, n, lambda: f"E{digits(r, 8)}")
    t["nhs_number"] = messy(r, [nhs[i] for i in who], 0.02)
    t["pat_surname"] = messy(r, [x.last.upper() for x in p], 0, pad=0.02)
    t["pat_forename"] = messy(r, [x.first for x in p], 0.005, pad=0.02)
    t["dob"] = [x.birth.strftime("%d/%m/%Y") if r.random() > 0.01 else "01/01/1900" for x in p]
    t["sex_at_birth"] = messy(r, [("F" if x.female else "M") for x in p], 0.01, ("U", "f"), 0.01)
    t["ethnic_category"] = messy(
        r, picks(r, n, {"A": 70, "B": 3, "C": 6, "H": 5, "J": 4, "K": 2, "M": 3, "N": 3, "Z": 8}), 0.05
    )
    t["postcode"] = messy(r, [f"{crowd[i].stem}{full[i]}" for i in who], 0.01, ("ZZ99 3VZ",), 0.01)
    t["admitted_at"] = [a.strftime("%Y-%m-%d %H:%M") for a in start]
    t["discharged_at"] = [b.strftime("%Y-%m-%d %H:%M") if b < datetime(2024, 12, 1, tzinfo=UTC) else None for b in end]
    t["ward_code"] = picks(r, n, {"W3A": 5, "W3B": 4, "W7": 3, "AMU": 8, "ICU": 1.5, "W9": 2, "MAT": 1})
    t["bed_label"] = messy(r, [f"{r.choice('ABCD')}{r.randint(1, 8)}" for _ in p], 0.06, ("CORR",), 0.01)
    t["primary_icd10"] = messy(r, illness, 0.03)
    t["news2_score"] = messy(r, [int(clamp(r.expovariate(0.4), 0, 15)) for _ in p], 0.03)
    t["weight_kg"] = messy(r, [gauss(r, 71 if x.female else 82, 16, 36, 190) for x in p], 0.12, (999,), 0.005)
    t["smoker"] = messy(r, picks(r, n, {"never": 50, "ex": 30, "current": 16, "Current": 2}), 0.08)
    t["next_of_kin_phone"] = messy(r, [kin[i] for i in who], 0.07, ("none", "see notes"), 0.01)
    t["gp_practice_code"] = [f"{crowd[i].stem[0]}8{(i * 37) % 40:04d}" for i in who]
    t["triage_free_text"] = messy(r, [w + r.choice(ends) for w in words], 0.09)
    t["hl7_msg_ts"] = [
        (a + timedelta(seconds=r.randint(20, 900))).strftime("%Y%m%d%H%M%S") + digits(r, 3, False) for a in start
    ]
    return t


def lnmast(r: Random) -> Columns:
    """Borrowers: truncated mainframe names in capitals; YYYYMMDD dates; filler."""
    t: Columns = {}
    today, n = date(2023, 12, 31), 1500
    p = people(r, "en", n, today, 43, 13, 19, 84)
    score = [gauss(r, 688, 74, 320, 850, 0) for _ in p]
    income = [int(round(lognorm(r, 54000, 0.55), -2)) for _ in p]
    married = [pick(r, {"S": 8, "M": 2} if age_on(x.birth, today) < 28 else {"M": 52, "S": 24, "D": 16, "W": 5}) for x in p]
    loan = [int(round(clamp(i * r.uniform(0.05, 0.9), 1000, 95000), -2)) for i in income]
    rate = [round(clamp(24 - s / 42 + r.gauss(0, 1.4), 2.9, 29.9), 3) for s in score]
    late = [int(r.expovariate(1.0) * clamp((760 - s) / 110, 0, 4)) for s in score]
    states = {"OH": 14, "PA": 11, "MI": 9, "IN": 7, "KY": 5, "WV": 2, "IL": 8, "NY": 6, "FL": 6, "VT": 0.4}
    zips = {"OH": 430, "PA": 150, "MI": 480, "IN": 460, "KY": 400, "WV": 247, "IL": 600, "NY": 100, "FL": 320, "VT": 50}
    state = picks(r, n, states)
    jobs = {"0110": 4, "2310": 8, "3255": 7, "4700": 10, "5700": 9, "6200": 6, "9130": 7, "9999": 3, "0000": 2, "4020": 5}
    opened = [day(r, date(2016, 1, 1), date(2023, 11, 30)) for _ in p]
    t["ACCTNO"] = unique(r, n, lambda: f"00{digits(r, 10)}")
    t["CUSTSSN"] = messy(r, [f"9{digits(r, 2)}{digits(r, 2)}{digits(r, 4)}" for _ in p], 0.01, ("000000000",), 0.006)
    t["BRTHYR"] = messy(r, [x.birth.year for x in p], 0.005, (1900, 9999), 0.005)
    t["MARSTS"] = messy(r, married, 0.03, ("U",), 0.02)
    t["DEPNDS"] = messy(r, picks(r, n, {0: 46, 1: 20, 2: 20, 3: 9, 4: 4, 7: 0.2}), 0.02, (99,), 0.006)
    t["STATCD"] = state
    t["ZIP3"] = [f"{zips[s] + int(r.expovariate(0.5)) % 9:03d}" for s in state]
    t["OCCCD"] = messy(r, picks(r, n, jobs), 0.02)
    t["EMPLEN"] = messy(r, [int(clamp(r.expovariate(0.16), 0, 44)) for _ in p], 0.04)
    t["ANNINC"] = messy(r, income, 0.03, (0, 9999999), 0.008)
    t["FICOSC"] = messy(r, score, 0.02)
    t["LNAMT"] = loan
    t["LNPURP"] = messy(r, picks(r, n, {"DEBT": 40, "AUTO": 22, "HOME": 15, "MEDI": 8, "WEDD": 3, "OTHR": 9}), 0.01)
    t["INTRT"] = rate
    t["DLQ30"] = late
    t["CHGOFF"] = ["Y" if d > 4 and r.random() < 0.5 else "N" for d in late]
    t["ORGDT"] = [d.strftime("%Y%m%d") for d in opened]
    t["OFFCCD"] = [f"{zipf(r, range(101, 160)):04d}" for _ in p]
    t["UPDTS"] = [moment(r, day(r, date(2023, 12, 1), today)).strftime("%Y%m%d%H%M%S") for _ in p]
    t["FILLR1"] = ["0"] * n
    return t


def webshop_card_tx(r: Random) -> Columns:
    """Shoppers, several card payments each: snake_case; epoch seconds."""
    t: Columns = {}
    today, n, m = date(2024, 10, 31), 2000, 720
    crowd = people(r, "en", m, today, 39, 13, 18, 82, 0.58)
    ids = unique(r, m, lambda: f"cus_{letters(r, 10, 'abcdefghjkmnpqrstuvwxyz23456789')}")
    bins = ["415273", "453211", "520082", "545454", "371449", "601100"]
    cards = [luhn(zipf(r, bins) + digits(r, 9, False)) for _ in crowd]
    nets = [f"{r.choice(['198.18', '198.19'])}.{r.randrange(60)}.{r.randrange(1, 255)}" for _ in crowd]
    phones = unique(r, m, lambda: hexes(r, 32))
    codes = [f"{x.stem}{r.randint(1, 20)} {r.randint(1, 9)}{letters(r, 2, 'ABDEFGHJLNPQRSTUWXYZ')}" for x in crowd]
    agents = [
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) Safari/604.1",
        "Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/129.0 Mobile",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/129.0",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/17.6",
        "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Firefox/131.0",
        "okhttp/4.12.0",
    ]
    agent = [zipf(r, agents, 1) for _ in crowd]
    basket = {
        "clothing": 30,
        "home": 18,
        "beauty": 14,
        "kids": 10,
        "electronics": 9,
        "pharmacy: pregnancy test": 2,
        "pharmacy: other": 6,
        "adult": 3,
        "religious books": 1,
        "garden": 7,
        "plus size": 3,
        "incontinence care": 1,
    }
    prices = {"electronics": 160.0, "home": 48.0, "adult": 35.0}
    who = [int(m * r.random() ** 1.7) for _ in range(n)]
    r.shuffle(who)
    wares = picks(r, n, basket)
    when = sorted(moment(r, day(r, date(2024, 8, 1), today), 0, 23) for _ in who)
    t["tx_id"] = unique(r, n, lambda: f"pi_{hexes(r, 24)}")
    t["tx_epoch"] = [int(w.timestamp()) for w in when]
    t["shopper_id"] = [ids[i] for i in who]
    t["shopper_email"] = messy(r, [crowd[i].mail for i in who], 0.01, ("guest@checkout",), 0.01)
    t["card_pan_masked"] = [f"{cards[i][:6]}******{cards[i][-4:]}" for i in who]
    t["card_scheme"] = [{"4": "VISA", "5": "MC", "3": "AMEX", "6": "DISC"}[cards[i][0]] for i in who]
    t["ip_addr"] = messy(
        r, [nets[i] if r.random() < 0.8 else f"10.0.{r.randrange(9)}.{r.randrange(255)}" for i in who], 0.02, ("::1",), 0.003
    )
    t["device_fp"] = messy(r, [phones[i] for i in who], 0.04)
    t["user_agent"] = messy(r, [agent[i] for i in who], 0.01)
    t["ship_postcode"] = messy(r, [codes[i] if r.random() > 0.03 else codes[i].lower().replace(" ", "") for i in who], 0.01)
    t["ship_country"] = ["GB" if r.random() < 0.96 else r.choice(["IE", "FR", "DE"]) for _ in who]
    t["basket_category"] = wares
    t["amount_gbp"] = [round(lognorm(r, prices.get(w, 31.0), 0.7), 2) for w in wares]
    t["currency"] = ["GBP"] * n
    t["auth_code"] = [letters(r, 6, "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789") for _ in who]
    t["cvv_result"] = picks(r, n, {"M": 94, "N": 2, "P": 4})
    t["is_chargeback"] = picks(r, n, {0: 985, 1: 15})
    t["promo_code"] = messy(r, picks(r, n, {"WELCOME10": 6, "AUTUMN24": 9, "FREESHIP": 5}), 0.72)
    return t


def applicants(r: Random) -> Columns:
    """Job applicants: camelCase; uuid; web address of a profile; recruiter's notes."""
    t: Columns = {}
    today, n = date(2025, 4, 30), 850
    p = people(r, "en", n, today, 33, 9, 18, 66, 0.46)
    firms = [
        "Northbank Retail",
        "Halden Systems",
        "Pellworth Council",
        "Quayside Logistics",
        "Birchmere NHS Trust",
        "Self-employed",
        "Orrin & Vale LLP",
        "Tessel Energy",
        "Lowmoor Foods",
        "Kestrel Games",
        "unemployed",
        "Corvane Insurance",
    ]
    titles = [
        "Sales Assistant",
        "Data Analyst",
        "Project Manager",
        "Warehouse Operative",
        "Software Engineer",
        "Accountant",
        "Customer Adviser",
        "Marketing Executive",
        "HR Adviser",
        "Nurse",
        "Paralegal",
        "Store Manager",
        "Drone Pilot",
    ]
    years = [int(clamp(age_on(x.birth, today) - 21 - abs(r.gauss(0, 3)), 0, 45)) for x in p]
    scores = [gauss(r, 3.1, 0.8, 1, 5) for _ in p]
    out = [
        None
        if s > 3.9
        else pick(
            r,
            {
                "skills gap": 40,
                "salary too high": 16,
                "culture fit": 14,
                "no show": 6,
                "references": 4,
                "failed DBS check": 2,
                "health clearance": 1.5,
                "position filled": 20,
            },
        )
        for s in scores
    ]
    notes = [
        "strong on SQL, quiet",
        "mentioned going through a divorce",
        "asked about parental leave",
        "overqualified?",
        "great energy, will fit with {m}",
        "gap in CV 2019-21, illness",
        "wants remote 5d",
        "referred by {m}",
        "visa runs out in Nov",
        "late by 20 min, train",
        "sounded nervous",
        "counter-offer likely",
    ]
    helpers = [person(r, "en", today, 40, 9, 22, 65).full for _ in range(9)]
    t["applicationUuid"] = [uuid(r) for _ in p]
    t["fullName"] = messy(r, [x.full if r.random() > 0.04 else x.full.lower() for x in p], 0, pad=0.02)
    t["emailAddress"] = messy(r, [x.mail for x in p], 0.004)
    t["mobile"] = messy(
        r, [f"+44 7700 9{digits(r, 5, False)}" if r.random() < 0.6 else f"077009{digits(r, 5, False)}" for _ in p], 0.06
    )
    t["profileUrl"] = messy(r, [f"https://people.example/in/{plain(x.first)}-{plain(x.last)}-{hexes(r, 5)}" for x in p], 0.3)
    t["pronouns"] = messy(r, ["she/her" if x.female else "he/him" for x in p], 0.22, ("they/them", "she/they"), 0.02)
    t["homeCity"] = messy(r, [x.town for x in p], 0.03, pad=0.01)
    t["currentEmployer"] = messy(r, [zipf(r, firms) for _ in p], 0.06, ("n/a",), 0.02)
    t["currentJobTitle"] = messy(r, [zipf(r, titles) for _ in p], 0.05)
    t["yearsExperience"] = messy(r, years, 0.03)
    t["highestDegree"] = messy(
        r, picks(r, n, {"Bachelor": 44, "Master": 22, "A-level": 16, "GCSE": 11, "PhD": 3, "BSc": 4}), 0.04
    )
    t["rightToWork"] = messy(
        r, picks(r, n, {"citizen": 76, "settled": 10, "skilled worker visa": 7, "student visa": 5, "refugee status": 1}), 0.04
    )
    t["noticePeriodWeeks"] = messy(r, picks(r, n, {0: 14, 1: 9, 4: 50, 8: 12, 12: 14}), 0.06)
    t["salaryExpectationGbp"] = messy(
        r, [round(lognorm(r, 29000 + 1100 * y, 0.22) / 500) * 500 for y in years], 0.09, ("negotiable",), 0.02
    )
    t["interviewScore"] = messy(r, scores, 0.25)
    t["rejectionReason"] = out
    t["convictionDeclared"] = messy(r, picks(r, n, {"no": 95, "yes": 3}), 0.05)
    t["recruiterNotes"] = messy(
        r, ["; ".join(r.sample(notes, pick(r, {1: 5, 2: 4, 3: 1}))).replace("{m}", r.choice(helpers)) for _ in p], 0.4
    )
    t["sourceChannel"] = messy(r, picks(r, n, {"job board": 50, "referral": 15, "careers page": 25, "agency": 10}), 0.02)
    t["stageUpdatedAt"] = [f"{moment(r, day(r, date(2025, 1, 5), today)):%Y-%m-%dT%H:%M:%SZ}" for _ in p]
    return t


def passenger_bookings(r: Random) -> Columns:
    """Air passengers with a hotel package: PascalCase; parties share a locator."""
    t: Columns = {}
    today, n = date(2024, 8, 31), 1100
    p: list[Person] = []
    party: list[int] = []
    while len(p) < n:
        first = person(r, r.choice(["en", "en", "en", "de", "fr", "it", "es"]), today, 41, 16, 18, 86)
        size = min(n - len(p), pick(r, {1: 46, 2: 34, 3: 9, 4: 9, 5: 2}))
        for k in range(size):
            mate = person(r, "en", today, 38 if k < 2 else 9, 12 if k < 2 else 5, 1, 80)
            mate.last = first.last if r.random() < 0.8 else mate.last
            p.append(mate if k else first)
            party.append(len(set(party)) if k == 0 else party[-1])
    m = party[-1] + 1
    loc = unique(r, m, lambda: letters(r, 6, "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"))
    legs = {
        "Palma": ("LGW", "PMI", "TZ412"),
        "Faro": ("BRS", "FAO", "TZ88"),
        "Tel Aviv": ("LHR", "TLV", "TZ701"),
        "Jeddah": ("MAN", "JED", "TZ930"),
        "Lourdes": ("STN", "LDE", "TZ577"),
        "Rhodes": ("MAN", "RHO", "TZ245"),
    }
    weight = {"Palma": 35, "Faro": 25, "Rhodes": 25, "Tel Aviv": 6, "Jeddah": 5, "Lourdes": 4}
    trip = [pick(r, weight) for _ in range(m)]
    out = [day(r, date(2024, 4, 1), date(2024, 10, 26)) for _ in range(m)]
    nights = [pick(r, {7: 55, 14: 15, 4: 12, 10: 12, 3: 6}) for _ in range(m)]
    phone = [f"+4477009{digits(r, 5, False)}" for _ in range(m)]
    inns = {
        "Palma": ["Hotel Mar Azul", "Adults-Only Bay Resort"],
        "Faro": ["Casa do Sol", "Quinta Ria"],
        "Jeddah": ["Al Safa House"],
        "Tel Aviv": ["Grand Fictional Palace", "Hostel Yafo"],
        "Lourdes": ["Pilgrim House"],
        "Rhodes": ["Villa Lindos Suites"],
    }
    inn = [zipf(r, inns[k]) if r.random() > 0.12 else None for k in trip]
    meals = {"Jeddah": {"MOML": 6, None: 4}, "Tel Aviv": {"KSML": 5, None: 6}}
    other = {None: 84, "VGML": 6, "MOML": 2, "DBML": 1.5, "GFML": 3, "KSML": 0.5, "CHML": 1}
    need = {None: 915, "WCHR": 35, "WCHC": 8, "BLND": 3, "MEDA": 5, "DPNA": 4, "PETC": 6, "BIKE": 8, "MAAS": 9, "OXYG": 2}
    price = [round(lognorm(r, 165, 0.35), 2) for _ in range(m)]
    t["RecordLocator"] = [loc[i] for i in party]
    t["PassengerName"] = messy(r, [f"{x.last}/{x.first} {'MRS' if x.female else 'MR'}".upper() for x in p], 0)
    t["PassportNumber"] = messy(
        r, [digits(r, 9) if r.random() < 0.7 else f"{letters(r, 2)}{digits(r, 7)}" for _ in p], 0.05, ("TBA",), 0.02
    )
    t["Nationality"] = messy(
        r, picks(r, n, {"GBR": 74, "DEU": 6, "FRA": 5, "ITA": 5, "ESP": 4, "IRL": 4, "PAK": 2, "UK": 1}), 0.02
    )
    t["DateOfBirth"] = messy(r, [x.birth.strftime("%d%b%y").upper() for x in p], 0.02)
    t["FrequentFlyerNo"] = [f"TZ{digits(r, 8)}" if r.random() < 0.24 else None for _ in p]
    t["ContactPhone"] = messy(r, [phone[i] for i in party], 0.06)
    t["FlightNumber"] = [legs[trip[i]][2] for i in party]
    t["FlightDate"] = [out[i].isoformat() for i in party]
    t["OriginAirport"] = [legs[trip[i]][0] for i in party]
    t["DestinationAirport"] = [legs[trip[i]][1] for i in party]
    t["SeatNumber"] = messy(r, [f"{r.randint(1, 33)}{r.choice('ABCDEF')}" for _ in p], 0.2)
    t["MealCode"] = [pick(r, meals.get(trip[i], other)) for i in party]
    t["ServiceRequest"] = [pick(r, need) for _ in p]
    t["FareBasis"] = [pick(r, {"YLOW": 50, "YFLEX": 14, "QPROMO": 30, "JBIZ": 4}) for _ in p]
    t["FarePaid"] = [price[i] if r.random() > 0.05 else 0 for i in party]
    t["BagKg"] = messy(r, picks(r, n, {0: 28, 15: 12, 20: 40, 23: 18, 32: 2}), 0.02)
    t["HotelName"] = [inn[i] for i in party]
    t["HotelNights"] = [nights[i] for i in party]
    t["GdsQueue"] = [f"Q{pick(r, {8: 5, 23: 3, 51: 1})}" for _ in p]
    return t


def attitudes_w3(r: Random) -> Columns:
    """Respondents of a survey: coded names; only the values help."""
    t: Columns = {}
    today, n = date(2024, 5, 1), 1800
    p = people(r, "en", n, today, 50, 18, 18, 94, 0.53)
    left = [gauss(r, 4.9, 2.2, 0, 10, 0) for _ in p]
    scale = ["strongly disagree", "disagree", "neither", "agree", "strongly agree"]

    def likert(slope: float) -> list[Cell]:
        return messy(
            r, [scale[int(clamp(2 + slope * (x - 5) / 2 + r.gauss(0, 1.1), 0, 4))] for x in left], 0.02, ("DK", "refused"), 0.03
        )

    votes = [
        pick(
            r,
            {"Labour": 50, "Green": 18, "Lib Dem": 14, "none": 18}
            if x < 4
            else {"Conservative": 48, "Reform": 22, "none": 20, "Lib Dem": 5}
            if x > 6
            else {"Labour": 30, "Conservative": 24, "Lib Dem": 14, "SNP": 6, "none": 26},
        )
        for x in left
    ]
    isco = ["2330", "5223", "4110", "9112", "2221", "1219", "8332", "7231", "5321", "2512", "3313", "5131", "2611", "0110"]
    bands = ["under £10k", "£10k-19k", "£20k-29k", "£30k-44k", "£45k-59k", "£60k-89k", "£90k+"]
    words = [
        "nothing ever changes",
        "rents are too high",
        "my mum waited 14 h in A&E",
        "immigration",
        "the climate",
        "dk",
        "n/a",
        "our MP never answers",
        "cost of living, we skip meals",
        "potholes",
        "crime on our street",
        "I lost my job in March",
    ]
    t["q00"] = [f"R3-{v:06d}" for v in r.sample(range(10**6), n)]
    t["q01"] = messy(r, ["F" if x.female else "M" for x in p], 0.005, ("X",), 0.008)
    t["q02"] = messy(r, [x.birth.year for x in p], 0.005, (9999,), 0.008)
    t["q03"] = picks(
        r,
        n,
        {
            "UKC1": 4,
            "UKD3": 10,
            "UKE4": 9,
            "UKF1": 8,
            "UKG3": 10,
            "UKH1": 9,
            "UKI4": 12,
            "UKJ2": 12,
            "UKK1": 8,
            "UKL2": 5,
            "UKM8": 8,
        },
    )
    t["q04"] = messy(
        r,
        picks(r, n, {"ISCED 1": 3, "ISCED 2": 16, "ISCED 3": 34, "ISCED 5": 12, "ISCED 6": 24, "ISCED 7": 9, "ISCED 8": 1}),
        0.02,
    )
    t["q05"] = messy(r, picks(r, n, {1: 30, 2: 35, 3: 16, 4: 14, 5: 4, 6: 1, 8: 0.3}), 0.01, (99,), 0.006)
    t["q06"] = messy(r, [bands[int(clamp(r.gauss(2.6, 1.6), 0, 6))] for _ in p], 0.02, ("refused",), 0.11)
    t["q07"] = messy(r, left, 0.01, (77, 88), 0.07)
    t["q08"] = messy(r, votes, 0.01, ("refused",), 0.06)
    t["q09_a"] = likert(-0.8)
    t["q09_b"] = likert(0.6)
    t["q10"] = messy(
        r,
        picks(
            r,
            n,
            {
                "none": 48,
                "Anglican": 20,
                "Catholic": 9,
                "Muslim": 6,
                "Hindu": 2,
                "Sikh": 1,
                "Jewish": 0.6,
                "other Christian": 11,
            },
        ),
        0.01,
        ("refused",),
        0.02,
    )
    t["q12"] = messy(r, [zipf(r, isco, 5) for _ in p], 0.17)
    t["q17_a"] = messy(
        r,
        picks(r, n, {"heterosexual": 90, "gay/lesbian": 2.5, "bisexual": 2.6, "other": 0.7}),
        0.01,
        ("prefer not to say",),
        0.05,
    )
    t["q17_b"] = messy(r, picks(r, n, {"never": 70, "over a year ago": 20, "past year": 9}), 0.02, ("prefer not to say",), 0.03)
    t["q18"] = messy(r, [". ".join(r.sample(words, pick(r, {1: 6, 2: 3, 3: 1}))) for _ in p], 0.35)
    t["q21"] = [f"07700 9{digits(r, 5, False)}" if r.random() < 0.4 else None for _ in p]
    t["x01"] = [round(clamp(lognorm(r, 1, 0.45, 6), 0.2, 4.9), 6) for _ in p]
    t["x02"] = picks(r, n, {"CAWI": 71, "CATI": 20, "CAPI": 9})
    t["x03"] = [3] * n
    return t


def trial_visits(r: Random) -> Columns:
    """Trial subjects, five visits each: CDISC-like capitals; constants; real dates."""
    t: Columns = {}
    m = 262
    start = date(2022, 3, 1)
    crowd = people(r, "en", m, start, 57, 10, 30, 79, 0.47)
    site = [f"{pick(r, {101: 6, 102: 5, 205: 4, 206: 2, 311: 1})}" for _ in crowd]
    arm = [r.choice(["PBO", "XN5", "XN10"]) for _ in crowd]
    race = picks(r, m, {"WHITE": 74, "BLACK OR AFRICAN AMERICAN": 12, "ASIAN": 11, "OTHER": 2, "NOT REPORTED": 2})
    rand = [day(r, start, date(2023, 2, 28)) for _ in crowd]
    sugar = [r.gauss(8.3, 0.9) for _ in crowd]
    kidney = [r.gauss(76, 18) for _ in crowd]
    rows = [(i, v) for i in range(m) for v in range(1, 6) if v < 3 or r.random() > 0.03 * v]
    events = {
        None: 72,
        "NAUSEA": 9,
        "HEADACHE": 6,
        "DIARRHOEA": 5,
        "HYPOGLYCAEMIA": 2,
        "Nausea": 1,
        "GENITAL MYCOTIC INFECTION": 1.5,
        "DEPRESSED MOOD": 0.8,
        "MYOCARDIAL INFARCTION": 0.3,
    }
    event = [pick(r, events) for _ in rows]
    drugs = {None: 20, "METFORMIN": 50, "RAMIPRIL": 14, "ATORVASTATIN": 18, "SERTRALINE": 3, "INSULIN GLARGINE": 8}
    drug = [pick(r, drugs) for _ in crowd]
    fall = {"PBO": 0.05, "XN5": 0.22, "XN10": 0.33}
    t["STUDYID"] = ["XN-2201"] * len(rows)
    t["USUBJID"] = [f"XN-2201-{site[i]}-{i + 1:04d}" for i, _ in rows]
    t["SITEID"] = [site[i] for i, _ in rows]
    t["SUBJINIT"] = messy(r, [f"{crowd[i].first[0]}-{crowd[i].last[0]}" for i, _ in rows], 0.04)
    t["AGE"] = [age_on(crowd[i].birth, start) for i, _ in rows]
    t["SEX"] = ["F" if crowd[i].female else "M" for i, _ in rows]
    t["RACE"] = [race[i] for i, _ in rows]
    t["ARMCD"] = [arm[i] for i, _ in rows]
    t["RANDDT"] = [rand[i] for i, _ in rows]
    t["VISITNUM"] = [v for _, v in rows]
    t["VISITDT"] = [rand[i] + timedelta(days=28 * (v - 1) + r.randint(-3, 4)) for i, v in rows]
    t["SYSBP"] = messy(r, [int(clamp(r.gauss(136, 14), 88, 205)) for _ in rows], 0.03, (0,), 0.003)
    t["HBA1C"] = messy(r, [round(sugar[i] - fall[arm[i]] * (v - 1) + r.gauss(0, 0.15), 1) for i, v in rows], 0.04)
    t["EGFR"] = messy(r, [round(clamp(kidney[i] + r.gauss(0, 4), 12, 128), 1) for i, _ in rows], 0.06, ("HEMOLYZED",), 0.01)
    pregnant = ["NEG" if r.random() > 0.025 else "POS" for _ in rows]
    tested = [x.female and age_on(x.birth, start) <= 52 for x in crowd]
    t["PREGTST"] = [result if tested[i] else None for result, (i, _) in zip(pregnant, rows, strict=True)]
    t["AETERM"] = event
    t["AESEV"] = [None if e is None else pick(r, {"MILD": 7, "MODERATE": 3, "SEVERE": 0.5}) for e in event]
    t["CMTRT"] = [drug[i] for i, _ in rows]
    t["QRYOPN"] = [pick(r, {0: 80, 1: 13, 2: 5, 4: 2}) for _ in rows]
    t["EDCMODTM"] = [
        f"{datetime(2023, 9, 1, tzinfo=UTC) + timedelta(seconds=r.randrange(86400 * 60)):%Y-%m-%dT%H:%M:%S}" for _ in rows
    ]
    return t
