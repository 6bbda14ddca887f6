"""
Kinds and places of a record's callouts among those of a scenario.

Words that the scenario does not have are counted, and told where the record is described. Words
that a fit joined (`other kinds`, `other places`) are taken as it joined them, and that is told too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from sim import units
from sim.scenario import ScenarioFile
from sim.scenario.diagnostics.findings import Findings
from sim.scenario.fields.records import Layout
from sim.scenario.tables.geometry import NodeIndex
from sim.scenario.tables.record_callouts import sites_of
from sim.scenario.tables.same_words import NOT_RECORDED, OTHER_KINDS, OTHER_PLACES
from sim.scenario.tables.unit_rows import UnitRow
from sim.scenario.text.source import Loc

MOST_NAMED = 10  # words that are named with their counts


def only_place(scenario: ScenarioFile) -> str | None:
    """Return the place where every callout of a scenario is; None where there are several."""
    places = [place.name for place in scenario.places if place.weight > 0]
    return places[0] if len(places) == 1 else None


class MatchedCallouts:
    """Finds kinds and places among the scenario's, and counts those that are not there."""

    def __init__(
        self, findings: Findings, layout: Layout, scenario: ScenarioFile, loc: Loc
    ) -> None:
        self.findings, self.layout, self.scenario, self.loc = findings, layout, scenario, loc
        self.kinds = scenario.scenario.demand.kinds
        self.places = {place.name for place in scenario.places}
        self.only = only_place(scenario)
        sites = sites_of(scenario.places)
        self.index = NodeIndex(sites) if sites else None
        self.no_kind: Counter[str] = Counter()
        self.no_place: Counter[str] = Counter()
        self.joined: dict[str, Counter[str]] = {"kind": Counter(), "place": Counter()}
        self.far = self.nowhere = 0

    def kind_and_place(self, row: UnitRow) -> tuple[str, str] | None:
        """Return the kind and the place of a callout; None, and counted, where one is unknown."""
        kind: str | None = next(iter(self.kinds))
        if self.layout.columns.kind is not None:
            kind = self._named("kind", row.kind, self.kinds, OTHER_KINDS)
        place = self._place(row)
        if kind is None:
            self.no_kind[row.kind] += 1
            return None
        return None if place is None else (kind, place)

    def _named(self, what: str, word: str, known: Collection[str], rest: str) -> str | None:
        """Return the name that a word has in the scenario; None where it has none."""
        for name in (word, NOT_RECORDED if not word else rest, rest):
            if name in known:
                if name != word:
                    self.joined[what][name] += 1
                return name
        return None

    def _place(self, row: UnitRow) -> str | None:
        columns = self.layout.columns
        word = row.place if columns.place is not None else row.area
        # An area stands for a place only where nothing says more precisely where a callout was.
        if columns.place is None and columns.located is not None:
            word = ""
        if word or ((columns.place or columns.area) and columns.located is None):
            place = self._named("place", word, self.places, OTHER_PLACES)
            if place is None and word:
                self.no_place[word] += 1
            self.nowhere += place is None and not word
            return place
        if columns.located is None:
            return self.only
        if self.index is None or row.lat is None or row.lon is None:
            self.nowhere += 1
            return None
        node, away = self.index.nearest(row.lat, row.lon)
        if away > self.layout.within:
            self.far += 1
            return None
        return node.id

    def tell(self) -> None:
        """Note what the scenario does not have, each word with its count, where it is mapped."""
        columns = self.layout.columns
        kinds = ("kinds",) if self.layout.kinds else ("columns", "kind")
        places = ("columns", "place" if columns.place or not columns.area else "area")
        self._tell_joined(kinds, "kind")
        self._tell_joined(places, "place")
        self._tell(kinds, "kind", self.no_kind, ", ".join(self.kinds))
        self._tell(places, "place", self.no_place, "")
        located = "lat" if columns.lat else "point"
        if self.far:
            within = units.say_length(self.layout.within)
            self._note(
                ("columns", located), f"{_callouts(self.far)} farther than {within} from every "
                "place of the scenario", "name a larger `within`, or add places to the scenario",
            )  # fmt: skip
        if self.nowhere:
            where = ("columns", located) if columns.located else places
            self._note(where, f"{_callouts(self.nowhere)} without a place", "")

    def _tell_joined(self, loc: tuple[str, ...], what: str) -> None:
        for name, count in self.joined[what].items():
            self.findings.warn(
                (*self.loc, *loc),
                f"{_callouts(count)} of a {what} that is not in the scenario: taken as '{name}'",
                f"as in a fit; without a {what} '{name}' in the scenario they are refused",
            )

    def _tell(self, loc: tuple[str, ...], what: str, words: Counter[str], known: str) -> None:
        if not words:
            return
        named = [f"{units.shown(word)} ({count})" for word, count in words.most_common(MOST_NAMED)]
        more = f" and {len(words) - MOST_NAMED} more" if len(words) > MOST_NAMED else ""
        said = f"the scenario has no such {what}: {', '.join(named)}{more}"
        self._note(
            loc, f"{_callouts(words.total())} of a {what} that is not in the scenario",
            said + (f"; it has {known}" if known else ""),
        )  # fmt: skip

    def _note(self, loc: tuple[str, ...], message: str, help: str) -> None:
        if self.layout.outside == "leave out":
            self.findings.warn((*self.loc, *loc), f"{message}: left out", help)
        else:
            out = "write outside: leave out, to go on without them"
            self.findings.error((*self.loc, *loc), message, f"{help}; {out}".removeprefix("; "))


def _callouts(count: int) -> str:
    return f"{count} callout{'s are' if count != 1 else ' is'}"


__all__ = ["MatchedCallouts", "only_place"]
