"""Tables without people, in which words and values look like those of people: every column is NSI."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from random import Random

from unseen2_people import Cell, Columns, day, digits, gauss, hexes, letters, lognorm, messy, pick, picks, unique, zipf


def machine_telemetry(r: Random) -> Columns:
    """Machines: no persons; spaces and units in brackets; person-like names and values."""
    t: Columns = {}
    n = 1000
    names = ["Bertha", "Big Tom", "Press 4", "Lathe 2", "Gloria", "Mill 7", "Robot Arm 1", "Oven A", "Victor", "Conveyor 3"]
    serials = [f"SN-{digits(r, 4)}-{letters(r, 3)}" for _ in names]
    ages = [r.randint(1, 27) for _ in names]
    homes = [zipf(r, ["Hall A", "Hall B", "Hall C"]) for _ in names]
    kilos = [int(lognorm(r, 2400, 0.7)) for _ in names]
    ip = [f"10.20.{r.randrange(4)}.{r.randrange(2, 250)}" for _ in names]
    mac = [":".join(hexes(r, 2) for _ in range(6)) for _ in names]
    begin = datetime(2025, 2, 3, 6, tzinfo=UTC)
    who = [k % len(names) for k in range(n)]
    heat = [0.0] * len(names)
    temps: list[Cell] = []
    for k in who:
        heat[k] = 0.9 * heat[k] + r.gauss(0, 2)
        temps.append(round(52 + ages[k] * 0.6 + heat[k], 1))
    t["Reading ID"] = [f"{hexes(r, 8)}-{k:05d}" for k in range(n)]
    t["Machine Name"] = [names[k] for k in who]
    t["Serial No"] = [serials[k] for k in who]
    t["Age (years)"] = [ages[k] for k in who]
    t["Location"] = [homes[k] for k in who]
    t["Weight (kg)"] = [kilos[k] for k in who]
    t["IP Address"] = [ip[k] for k in who]
    t["MAC"] = [mac[k] for k in who]
    t["Measured At"] = [f"{begin + timedelta(minutes=6 * (i // 10)):%Y-%m-%dT%H:%M:%S}" for i in range(n)]
    t["Temp (°C)"] = messy(r, temps, 0.02, (-273.1,), 0.003)
    t["Vibration (mm/s)"] = messy(r, [round(lognorm(r, 2.1, 0.4), 3) for _ in who], 0.02)
    t["Spindle Speed (rpm)"] = messy(r, [int(gauss(r, 2900, 420, 0, 6000, 0)) if r.random() > 0.1 else 0 for _ in who], 0.01)
    t["Health Score (%)"] = [gauss(r, 96 - ages[k], 4, 10, 100, 0) for k in who]
    t["Diagnosis"] = [pick(r, {None: 90, "bearing wear": 4, "overheating": 3, "sensor drift": 2}) for _ in who]
    t["Shift"] = ["early" if 6 <= (begin + timedelta(minutes=6 * (i // 10))).hour < 14 else "late" for i in range(n)]
    return t


def estacoes_meteo(r: Random) -> Columns:
    """Places: no persons; weather stations; Portuguese accents."""
    t: Columns = {}
    base = [
        ("Braga", 41.55, -8.42, 190),
        ("Évora", 38.57, -7.91, 309),
        ("Faro", 37.02, -7.93, 8),
        ("Guarda", 40.54, -7.27, 1056),
        ("São Teotónio", 37.51, -8.71, 160),
        ("Santa Maria", 36.97, -25.17, 94),
        ("Dona Maria", 38.80, -9.27, 160),
        ("Mirandela", 41.49, -7.18, 250),
    ]
    rows = [(s, date(2024, 1, 1) + timedelta(days=d)) for d in range(100) for s in base]
    cold = [15.5 - 0.0062 * s[3] - 4.5 * math.cos((d.timetuple().tm_yday - 20) / 58.1) + r.gauss(0, 2.2) for s, d in rows]
    rain = [round(r.expovariate(0.14), 1) if r.random() < 0.33 else 0.0 for _ in rows]
    t["código_estação"] = [f"12{base.index(s) * 37 + 100:04d}" for s, _ in rows]
    t["nome"] = [s[0] for s, _ in rows]
    t["latitude"] = [s[1] for s, _ in rows]
    t["longitude"] = [s[2] for s, _ in rows]
    t["altitude (m)"] = [s[3] for s, _ in rows]
    t["data"] = [d.strftime("%d/%m/%Y") for _, d in rows]
    t["temp_mín (°C)"] = messy(r, [round(c - abs(r.gauss(4.5, 1.5)), 1) for c in cold], 0.02, (-99.9,), 0.008)
    t["temp_máx (°C)"] = messy(r, [round(c + abs(r.gauss(4.5, 1.5)), 1) for c in cold], 0.02, (-99.9,), 0.008)
    t["precipitação (mm)"] = messy(r, rain, 0.03)
    t["humidade (%)"] = messy(r, [gauss(r, 72 + x, 11, 18, 100, 0) for x in rain], 0.03)
    t["rumo_vento"] = messy(r, picks(r, len(rows), {"N": 4, "NO": 6, "O": 4, "SO": 3, "S": 2, "SE": 1, "E": 1, "NE": 2}), 0.02)
    t["estado"] = messy(r, picks(r, len(rows), {"validado": 92, "provisório": 6, "VALIDADO": 1}), 0.01)
    return t


def catalogo_prodotti(r: Random) -> Columns:
    """Products: no persons; PascalCase; sex, age and name of goods."""
    t: Columns = {}
    n = 480
    goods = {"T-shirt": 14, "Jeans": 45, "Sneaker": 69, "Giacca": 110, "Pigiama": 28, "Costume": 32, "Zaino": 49, "Profumo": 58}
    lines = ["Linea Sofia", "Linea Marco", "Classica", "Urban", "Bimbi", "Aurora", "Sport"]
    kind = [zipf(r, list(goods), 4) for _ in range(n)]
    sex = picks(r, n, {"Donna": 45, "Uomo": 35, "Unisex": 18, "U": 1})
    price = [round(goods[k] * r.uniform(0.7, 1.8)) - 0.1 for k in kind]
    t["CodiceEAN"] = unique(r, n, lambda: f"2{digits(r, 12, False)}")
    t["NomeProdotto"] = [f"{k} {zipf(r, lines)}" for k in kind]
    t["Sesso"] = messy(r, sex, 0.02)
    t["EtàConsigliata"] = messy(r, picks(r, n, {"adulto": 70, "0-3": 6, "4-8": 10, "9-14": 12}), 0.03)
    t["Taglia"] = messy(
        r,
        [
            r.choice(["S", "M", "L", "XL"])
            if k not in ("Sneaker", "Zaino", "Profumo")
            else str(r.randint(36, 46))
            if k == "Sneaker"
            else None
            for k in kind
        ],
        0.02,
    )
    t["Colore"] = messy(r, picks(r, n, {"nero": 30, "bianco": 20, "blu": 18, "rosso": 9, "verde": 8, "Nero": 2}), 0.02)
    t["PaeseOrigine"] = messy(
        r, picks(r, n, {"Italia": 40, "Portogallo": 20, "Turchia": 18, "Bangladesh": 15, "Cina": 12}), 0.02
    )
    t["PesoKg"] = messy(r, [round(lognorm(r, 0.45, 0.5), 3) for _ in kind], 0.04, (0,), 0.01)
    t["PrezzoEur"] = [round(x, 2) for x in price]
    t["Giacenza"] = messy(r, [int(r.expovariate(1 / 60)) for _ in kind], 0.01, (-1,), 0.01)
    t["ValutazioneMedia"] = messy(r, [gauss(r, 4.2, 0.4, 1, 5) for _ in kind], 0.15)
    t["DataInserimento"] = [day(r, date(2023, 1, 1), date(2025, 5, 31)).isoformat() for _ in kind]
    return t
