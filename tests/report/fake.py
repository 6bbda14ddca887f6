"""Made-up results for trying the figures: shaped like the coast's, and from no run at all."""

from dataclasses import replace
from datetime import datetime

import numpy as np

from sim.local_clock import LocalClock
from sim.report.figure_input.staff_data import ON_CALL, ON_DUTY
from sim.report.figures import (
    Activity,
    Alerts,
    Band,
    Caption,
    DayProfile,
    DayTimeline,
    Forest,
    ForestRow,
    Hourly,
    MapBase,
    MapData,
    MapHospital,
    MapPlace,
    MapRoad,
    Panel,
    Reached,
    ShareCurves,
    Staff,
    StaffBlock,
    StaffPanel,
    Steps,
    Sweep,
    TargetLine,
    TeamRow,
    Utilisation,
    WelchPanel,
)
from sim.report.figures.dated_profile import DatedEvent, DatedProfile, DatedTeams
from sim.report.figures.frontier import FrontierPanel, StaffingFrontier

HOUR = 3_600_000
MINUTE = 60_000
ALTERNATIVES = ("today", "cover", "first come")
CAPTION = Caption(
    "Syrian coast, March 2025", ALTERNATIVES, 20, 28, 20250306,
    ("Road topology © OpenStreetMap contributors, ODbL 1.0; links marked modelled are not real "
     "roads. Place names and coordinates: GeoNames, CC BY 4.0.",
     "Bases are illustrative; secondary roads are modelled; not for operations."),
    title="Six weeks at the coast",
)  # fmt: skip

# name, Arabic name, longitude, latitude, callouts a day, minutes
PLACES = (
    ("Lattakia", "اللاذقية", 35.79088, 35.53125, 9.1, 24.0),
    ("Tartous", "طرطوس", 35.88659, 34.88902, 6.2, 22.0),
    ("Jablah", "جبلة", 35.92759, 35.36211, 3.4, 27.0),
    ("Banyas", "بانياس", 35.94871, 35.18188, 3.0, 26.0),
    ("Safita", "صافيتا", 36.11799, 34.82111, 1.5, 31.0),
    ("Masyaf", "مصياف", 36.3406, 35.0653, 1.4, 63.0),
    ("Al-Qardaha", "القرداحة", 36.05909, 35.45644, 1.0, 39.0),
    ("Al-Haffa", "الحفة", 36.03006, 35.59824, 0.9, 47.0),
    ("Dreikish", "الدريكيش", 36.14303, 34.89514, 0.8, 41.0),
    ("Qadmous", "القدموس", 36.15984, 35.09855, 0.6, 58.0),
    ("Sheikh Badr", "الشيخ بدر", 36.0835, 34.99174, 0.5, 52.0),
    ("Kasab", "كسب", 35.9897, 35.92639, 0.4, 88.0),
    ("Salanfa", "صلنفة", 36.1803, 35.6003, 0.3, 71.0),
    ("Mashta Elhiu", "مشتى الحلو", 36.2581, 34.8781, 0.2, 49.0),
    ("Rabi`ah", "ربيعة", 35.99, 35.80, 0.2, None),
    ("Arwad", "أرواد", 35.85854, 34.85604, 0.1, 64.0),
    ("Burj Islam", "برج إسلام", 35.7893, 35.6781, 0.0, None),
    ("Kafr Dabil", "", 36.05, 35.28, 0.0, None),
)
COAST = np.array(
    [(35.80, 34.3), (35.95, 34.65), (35.97, 34.75), (35.87, 34.90), (35.88, 35.00), (35.95, 35.15),
     (35.94, 35.2), (35.93, 35.36), (35.87, 35.45), (35.77, 35.50), (35.73, 35.58), (35.78, 35.65),
     (35.83, 35.80), (35.78, 35.88), (35.92, 35.93), (36.0, 36.3)]
)  # fmt: skip
TEAMS = tuple(
    TeamRow(f"{base} {latin}", base, f"{arabic} {letter}")
    for base, arabic, count in (
        ("Lattakia", "اللاذقية", 5), ("Jablah", "جبلة", 3), ("Banyas", "بانياس", 3),
        ("Tartous", "طرطوس", 4), ("Safita", "صافيتا", 1),
    )
    for latin, letter in list(zip("ABCDE", "أبجده", strict=True))[:count]
)  # fmt: skip


def _band(name, value, width):
    return Band(name, value, value - width, value + width)


def share_curves(alternatives=3):
    minutes = np.linspace(0, 120, 241)
    scales = (26.0, 24.0, 38.0)[:alternatives]
    curves = []
    for name, scale in zip(ALTERNATIVES, scales, strict=False):
        value = 0.97 * (1 - np.exp(-((np.maximum(minutes - 4, 0) / scale) ** 1.15)))
        width = 0.12 * value * (1 - value) + 0.001 * (value > 0)
        curves.append(Band(name, value, np.maximum(value - width, 0), np.minimum(value + width, 1)))
    gaps = [curve.value - curves[0].value for curve in curves[1:]]
    differences = tuple(
        _band(curve.name, gap, 0.25 * np.abs(gap) + 0.001)
        for curve, gap in zip(curves[1:], gaps, strict=True)
    )
    target = TargetLine("wounded in 15 min", 15, 0.9)
    return ShareCurves(minutes, tuple(curves), differences, (target,), "Wounded reached in time")


def targets(alternatives=2, count=3, each=1):
    """So many groups of callouts, with targets each."""
    data = share_curves(alternatives)
    return tuple(
        replace(data, title=f"Callouts of kind “wounded {group}” reached in time", targets=tuple(
            TargetLine(f"wounded {group} in {10 * n} min", 10 * n, 0.9) for n in range(1, each + 1)
        ))
        for group in range(count)
    )  # fmt: skip


def frontier(count=8):
    names = tuple(f"alternative {n}" for n in range(count))
    teams = 10.0 + np.arange(count)
    mean = 40 - 0.8 * np.arange(count) + 3.0 * (np.arange(count) % 5 == 2)
    panels = (
        FrontierPanel("Response time,\nrestricted mean [min]", _band("mean", mean, 1.0 + 0 * mean)),
        FrontierPanel("Not reached\nwithin 8 h [%]", _band("not", mean / 20, 0.3 + 0 * mean)),
    )
    return StaffingFrontier(names, teams, panels)


def dated_profile(alternatives=2, days=28):
    edges = np.arange(days + 1.0)
    often = 1.2 + 0.3 * np.sin(edges[:-1])
    pending = tuple(
        _band(name, 0.1 * often * (1 + i), 0.02 * often)
        for i, name in enumerate(ALTERNATIVES[:alternatives])
    )
    events = (DatedEvent("Banyas", 0.0, 3.7), DatedEvent("collapse", 9.0, 9.1))
    received = Hourly(often, often - 0.1, often + 0.1)
    teams = tuple(
        DatedTeams(name, 14.0 + 2 * i * (edges[:-1] > days / 2), (2 + 0.1 * i) * often)
        for i, name in enumerate(ALTERNATIVES[:alternatives])
    )
    clock = LocalClock(datetime(2025, 3, 6, 6))
    return DatedProfile(clock, 24, edges, received, pending, events, teams)


def map_data(places=PLACES, coast=(COAST,), roads=None, hospitals=None):
    chain = list(places[:4])
    trunk = tuple(
        MapRoad(a[2], a[3], b[2], b[3], "trunk")
        for a, b in zip(sorted(chain, key=lambda p: p[3]), sorted(chain, key=lambda p: p[3])[1:],
                        strict=False)
    )  # fmt: skip
    minor = tuple(MapRoad(35.93, 35.2, p[2], p[3], "secondary", "modelled") for p in places[4:12])
    boat = (MapRoad(35.85854, 34.85604, 35.88659, 34.88902, "boat"),)
    bases = tuple(
        MapBase(name, lon, lat, sum(team.base == name for team in TEAMS))
        for name, _, lon, lat, *_ in places[:5]
    )
    near = tuple(MapHospital(f"{p[0]} National", p[2], p[3]) for p in places[:10:2])
    return MapData(
        tuple(coast), trunk + minor + boat if roads is None else roads,
        tuple(MapPlace(*p) for p in places), bases,
        (*near, MapHospital("Homs (referral)", 36.7137, 34.7324)) if hospitals is None else
        hospitals, "mean response time [min]; not reached within 8 h counts as 8 h",
        closed=trunk[:1], counted="all callouts but recoveries of the dead",
        recoveries=tuple(
            MapPlace(*p[:4], p[4] / 5, None if p[5] is None else 3 * p[5]) for p in places
        ),
        recoveries_counted="recoveries of the dead (“recovery”)",
    )  # fmt: skip


def map_difference(places=PLACES):
    """Some sooner, some later, some not settled, and one the same."""
    plain = map_data(places)
    minutes = (-3.2, 1.4, 0.3, 6.1, 0.0, 22.0, -0.4, 11.5)
    changed = tuple(
        place._replace(minutes=minutes[i % 8], settled=i % 8 != 2)
        for i, place in enumerate(plain.places)
    )
    return replace(
        plain, places=changed, recoveries=changed, title="Who is reached sooner, who later",
        subtitle="Policy “cover” against “today”", compared=True,
        unsettled="fewer than 10 callouts, or zero is within the interval",
    )  # fmt: skip


def day_profile(alternatives=3):
    hours = np.array([3, 2, 2, 2, 2, 3, 5, 7, 9, 10, 10, 10, 10, 9, 9, 9, 9, 9, 9, 8, 7, 6, 5, 4])
    callouts = 30 * hours / hours.sum()
    busy = np.convolve(np.tile(callouts, 3), np.ones(3) / 1.4, "same")[24:48]
    duty = np.array([9] * 8 + [16] * 12 + [9] * 4, dtype=float)
    return DayProfile(
        Hourly(callouts, 0.93 * callouts, 1.07 * callouts),
        tuple(
            _band(name, busy * (1 + 0.09 * i), 0.05 * busy)
            for i, name in enumerate(ALTERNATIVES[:alternatives])
        ),
        tuple((name, duty) for name in ALTERNATIVES[:alternatives]),
        tuple(
            (name, 0.02 * busy * (1 + 1.5 * i) * callouts / 2)
            for i, name in enumerate(ALTERNATIVES[:alternatives])
        ),
    )


def day_timeline(teams=16, seed=7):
    """A day begun a week into the run at 06:00, with legs over both edges of it."""
    draws = np.random.default_rng(seed)
    start = 7 * 24 * HOUR
    legs, reached, changes = [], [], []
    duty = []
    for team in range(teams):
        whole = team % 4 != 3
        on = (start - HOUR, start + 25 * HOUR) if whole else (start + 2 * HOUR, start + 14 * HOUR)
        duty.append((on,))
        at = max(start - HOUR, on[0]) + int(draws.integers(0, 3 * HOUR))
        if team == 5:
            legs.append(
                Activity(team, start + 6 * HOUR, start + 6 * HOUR + 40 * MINUTE, "relocating")
            )
            at = start + 8 * HOUR
        while at < min(on[1], start + 24 * HOUR) - HOUR:
            begun, parts = at, _mission(draws)
            for phase, minutes in parts:
                legs.append(Activity(team, at, at + int(minutes * MINUTE), phase))
                if phase == "on scene":
                    reached.append(Reached(team, at, int(draws.choice([1, 1, 1, 2, 3, 4]))))
                at += int(minutes * MINUTE)
            changes.append((begun, at))
            at += int(draws.exponential(150) * MINUTE)
    return DayTimeline(
        "day 8, Thursday 13 March 2025", start, tuple(t.name for t in TEAMS[:teams]), tuple(duty),
        tuple(legs), tuple(reached), _count(changes),
        _count([(start + int(h * HOUR), start + int((h + 0.4) * HOUR)) for h in (6, 6.1, 6.2, 9)]),
        _count([period for periods in duty for period in periods]), "today", 3,
        tuple(t.name_ar for t in TEAMS[:teams]), clock=LocalClock(datetime(2025, 3, 6, 6)),
    )  # fmt: skip


def _mission(draws):
    drive = 6 + draws.exponential(16)
    parts = [("turnout", 3), ("driving", drive), ("on scene", 12 + draws.exponential(30))]
    if draws.random() < 0.45:
        parts += [("to hospital", 6 + draws.exponential(12)), ("at hospital", 18)]
    return [*parts, ("returning", drive)]


def _count(periods):
    times = sorted({t for period in periods for t in period})
    counts = [sum(begin <= t < end for begin, end in periods) for t in times]
    return Steps(np.array(times, dtype=np.int64), np.array(counts))


def utilisation(alternatives=3):
    value = 0.18 + 0.25 * np.abs(np.sin(np.arange(len(TEAMS)) * 1.7))
    return Utilisation(
        TEAMS,
        tuple(
            _band(name, value * (1 + 0.13 * i), 0.025 + 0 * value)
            for i, name in enumerate(ALTERNATIVES[:alternatives])
        ),
    )


def alerts():
    hours = 1 + np.sin(np.arange(24) / 24 * 2 * np.pi) ** 2
    shares = np.array([0.25, 0.12, 0.03, 0.5, 0.1])
    answers = (
        "arrived in time", "arrived too late", "accepted, did not arrive", "declined",
        "no answer in time",
    )  # fmt: skip
    return Alerts(answers, np.outer(hours, shares), "today")


def staff(alternatives=3, teams=TEAMS, with_alerts=True, on_call=TEAMS[:2]):
    """Crews of which every third is always on duty, and some on call."""
    return Staff(
        _block(alternatives, tuple(teams), True),
        _block(alternatives, tuple(on_call), False),
        alerts() if with_alerts else None,
        order="north to south",
    )


def _block(alternatives, teams, on_duty):
    hours = 12 + 14 * np.abs(np.sin(np.arange(len(teams)) * 1.3))
    always = (np.arange(len(teams)) % 3 == 2) & on_duty
    panels = [
        StaffPanel(
            label,
            tuple(
                _band(name, value * (1 + 0.05 * i), 0.6 + 0 * value)
                for i, name in enumerate(ALTERNATIVES[:alternatives])
            ),
            (always,) * alternatives,
            line,
            endless,
        )
        for (_, label, line), value, endless in zip(
            ON_DUTY if on_duty else ON_CALL,
            (
                np.where(always, 168, 3 * hours),
                np.where(always, 672, hours),
                np.where(always, 0, 30 - hours),
                hours / 4,
                np.where(always, np.nan, hours / 9),
            ),
            (False, on_duty, False, False, False),
            strict=True,
        )
    ]
    return StaffBlock(teams, tuple(panels))


def forest(alternative="cover", shift=0.0):
    def row(label, difference, half):
        d = difference + shift
        return ForestRow(
            label,
            d,
            d - half,
            d + half,
            "better" if d + half < 0 else "worse" if d - half > 0 else "inconclusive",
        )

    rows = (
        (row("all callouts", -1.2, 0.5),),
        (row("priority 1", -2.9, 0.7), row("priority 2", -1.1, 1.2), row("priority 4", 3.1, 1.9)),
        (row("day", -1.0, 0.6), row("night", -1.8, 1.1)),
        (row("Lattakia", -0.4, 0.7), row("Jablah", -1.9, 1.1), row("Banyas", -2.4, 1.2),
         row("Tartous", -1.5, 0.8), row("Masyaf", 2.6, 2.1),
         ForestRow("Kasab", *[float("nan")] * 3, "inconclusive", "never reached"),
         ForestRow("Arwad", 4.0, *[float("nan")] * 2, "inconclusive", "no interval"),
         row("Salanfa", -2.1, 0.3)._replace(verdict="at a price")),
    )  # fmt: skip
    title = "Who is reached sooner, who later: response time, restricted mean"
    judged = ("worse", "worse: abandons fire, Kasab and 2 more")
    return Forest(rows, title, "min", alternative, "today", judged=judged)


def sweep(values=(4, 6, 10), alternatives=3):
    at = np.arange(len(values))
    measures = {
        "Not reached\nwithin 8 h [%]": 1.0,
        "Response time,\nrestricted mean [min]": 20.0,
        "Response time, 90th\npercentile [min]": 45.0,
        "wounded in 15 min\n[%]": 60.0,
    }
    panels = tuple(
        Panel(
            label,
            tuple(
                _band(name, level * (1 + 0.05 * i - 0.03 * at), 0.02 * level + 0 * at)
                for i, name in enumerate(ALTERNATIVES[:alternatives])
            ),
        )
        for label, level in measures.items()
    )
    return Sweep("teams.Jablah A.crew", values, panels)


def settling(cut=10, name="today"):
    days = np.arange(100)
    means = 20 - 6 * 0.8**days + np.sin(days * 1.7)
    return WelchPanel(name, means, np.convolve(means, np.ones(15) / 15, "same")[:93], 7, cut)
