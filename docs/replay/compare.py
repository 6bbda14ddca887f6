"""Tables and figures for docs/replay.md: the record next to what the model makes of it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from sim.experiment.results.measured_record import measure_record
from sim.experiment.results.results_reading import read_results
from sim.log import MS_PER_DAY, MS_PER_MINUTE
from sim.outcomes import Observations, ratio
from sim.report.figures import Band, Caption, save
from sim.report.figures.groups import Areas, Hours, figure_areas, figure_hours
from sim.scenario import read_scenario

NOTE = "Callouts: City and County of San Francisco, DataSF, PDDL 1.0. Bases illustrative."


class Told(Caption):
    """A caption without seed: the record has none."""

    def lines(self, is_map: bool = False) -> list[str]:
        """Return the caption's paragraphs."""
        return [
            "Replay of 7 to 20 April 2020 · recorded: each day a unit of the intervals · "
            "simulated: 10 replications, whose callouts are the same",
            NOTE,
        ]


class Series:
    """Response times of the callouts that the record says were reached. [min]"""

    def __init__(self, name: str, obs: Observations, names: Any, kept: Any, units: Any) -> None:
        at = np.isin(obs.key, kept) & (obs.response >= 0)
        self.name, self.units = name, int(units.max()) + 1
        self.key, self.unit = obs.key[at], units[at]
        self.minutes = obs.response[at] / MS_PER_MINUTE
        self.hour, self.received = obs.hour[at], obs.received[at]
        self.area = np.array(names.areas)[obs.place[at]]
        self.kind = np.array(names.kinds)[obs.kind[at]]

    def mean(self, chosen: Any) -> tuple[float, float, float]:
        """Return the mean with its interval."""
        weights = self.minutes[chosen]
        sums = np.bincount(self.unit[chosen], weights=weights, minlength=self.units)
        counts = np.bincount(self.unit[chosen], minlength=self.units).astype(np.float64)
        found = ratio(sums, counts)
        value = float("nan") if found.value is None else found.value
        low, high = (float("nan") if end is None else end for end in (found.low, found.high))
        return value, low, high

    def quantile(self, chosen: Any, p: float) -> float:
        """Return the time within which a share was reached: the callout of that rank."""
        times = self.minutes[chosen]
        return float(np.quantile(times, p, method="inverted_cdf")) if len(times) else float("nan")


def publish(trace: Path, scenario: Path, simulated: Path, into: Path) -> None:
    """Write ``replay.csv`` and two figures, and print the tables of the page."""
    series = list(_series(trace, scenario, simulated))
    first = series[0]
    rows = [("group", "series", "callouts", "mean", "low", "high", "median", "p90")]
    for group, attribute in _groups(first):
        for one in series:
            chosen = _chosen(one, group, attribute)
            count = int(chosen.sum()) // (1 if one is first else one.units)
            numbers = (*one.mean(chosen), one.quantile(chosen, 0.5), one.quantile(chosen, 0.9))
            rows.append((group, one.name, str(count), *(f"{n:.2f}" for n in numbers)))
    with (into / "replay.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    _print(rows[1:], [one.name for one in series])
    for one in series[1:]:
        print(f"correlation with the record, {one.name}: {_correlations(first, one)}")
    _draw(series, into)


def _series(trace: Path, scenario: Path, simulated: Path) -> Iterator[Series]:
    file = read_scenario(scenario)
    record = file.scenario.demand.record
    assert record is not None
    recorded = measure_record(trace, record, file.tree, file).samples[0]
    obs = recorded.observations
    kept = obs.key[obs.response >= 0]
    day = obs.replication
    yield Series("recorded", obs, recorded.names, kept, day)
    study = read_results(simulated).study
    for name, found in study.observations.items():
        yield Series(name, found, study.worlds[name].names, kept, found.replication)


def _groups(first: Series) -> Iterator[tuple[str, str]]:
    yield "all", ""
    for week in ("week one", "week two"):
        yield week, "week"
    for attribute in ("kind", "area"):
        words, counts = np.unique(getattr(first, attribute), return_counts=True)
        for i in np.argsort(-counts, kind="stable"):
            yield str(words[i]), attribute
    for hour in range(24):
        yield f"{hour:02d}", "hour"


def _chosen(one: Series, group: str, attribute: str) -> Any:
    if attribute == "":
        return np.ones(len(one.minutes), dtype=np.bool_)
    if attribute == "week":
        received = one.received
        if one.name == "recorded":  # its days are its units
            return (one.unit < 7) == (group == "week one")
        return (received < 7 * MS_PER_DAY) == (group == "week one")
    return getattr(one, attribute) == (int(group) if attribute == "hour" else group)


def _print(rows: list[tuple[str, ...]], names: list[str]) -> None:
    print(
        "| | callouts | "
        + " | ".join(f"{name}: mean | median | 90th percentile" for name in names)
        + " |"
    )
    print("|---|--:|" + "--:|" * 3 * len(names))
    for at in range(0, len(rows), len(names)):
        block = rows[at : at + len(names)]
        cells = [f"{r[3]} [{r[4]}, {r[5]}] | {r[6]} | {r[7]}" for r in block]
        print(f"| {block[0][0]} | {block[0][2]} | " + " | ".join(cells) + " |")


def _correlations(first: Series, one: Series) -> str:
    """Say how recorded and simulated means go together over hours, areas and callouts."""
    said = []
    for attribute in ("hour", "area"):
        words = list(np.unique(getattr(first, attribute)))
        pairs = [
            [s.minutes[getattr(s, attribute) == w].mean() for s in (first, one)] for w in words
        ]
        said.append(f"{attribute}s {np.corrcoef(np.array(pairs).T)[0, 1]:.2f}")
    size = int(max(first.key.max(), one.key.max())) + 1
    sums = np.bincount(one.key, weights=one.minutes, minlength=size)
    counts = np.bincount(one.key, minlength=size)
    both = counts[first.key] > 0
    means = sums[first.key][both] / counts[first.key][both]
    said.append(f"callouts {np.corrcoef(first.minutes[both], means)[0, 1]:.2f}")
    return ", ".join(said)


def _draw(series: list[Series], into: Path) -> None:
    caption = Told("", tuple(s.name for s in series), 10, 14, 0, title="San Francisco, replayed")
    hours = [_columns(s, [s.hour == hour for hour in range(24)]) for s in series]
    data = Hours(tuple(mean for mean, _ in hours), tuple(p90 for _, p90 in hours),
                 title="First arrival by hour: recorded and simulated")  # fmt: skip
    save(figure_hours(data, caption), into / "by-hour", ("png",))
    names, counts = np.unique(series[0].area, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    names, counts = names[order], counts[order]
    areas = [_columns(s, [s.area == name for name in names]) for s in series]
    shown = Areas(tuple(map(str, names)), counts / 14, tuple(mean for mean, _ in areas),
                  tuple(p90 for _, p90 in areas),
                  title="First arrival by battalion: recorded and simulated")  # fmt: skip
    save(figure_areas(shown, caption), into / "by-area", ("png",))


def _columns(one: Series, groups: list[Any]) -> tuple[Band, Any]:
    means = np.array([one.mean(chosen) for chosen in groups]).T
    return Band(one.name, *means), np.array([one.quantile(chosen, 0.9) for chosen in groups])
