"""What the scenarios of two alternatives say differently of a team, and where it was, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from sim.log import NO_ACCESS, CalloutRow
from sim.outcomes.explanation.divergence import TeamsAsWritten
from sim.outcomes.explanation.whereabouts import Reason

from ..phrasing.saying import lasting, listed, say_limits
from .nearer_teams import reason_of

if TYPE_CHECKING:
    from sim.experiment import Reported
    from sim.scenario import TeamEntry
    from sim.world import TeamSpec


class TeamDifference(NamedTuple):
    """What differs of a team under two alternatives: a sentence, and a few words for a table."""

    sentence: str
    short: str


class _Pair(NamedTuple):
    """A team under two alternatives, and the callout for which it mattered."""

    team: str
    under: Sequence[str]
    runs: Sequence[Reported]
    numbers: tuple[int, int]
    rows: tuple[CalloutRow | None, CalloutRow | None]
    at: int

    @property
    def specs(self) -> list[TeamSpec]:
        return [run.world.fleet.crews[n] for run, n in zip(self.runs, self.numbers, strict=True)]


def team_difference(
    team: str,
    under: Sequence[str],
    runs: Sequence[Reported],
    rows: tuple[CalloutRow | None, CalloutRow | None],
    at: int,
) -> TeamDifference:
    """
    Return why a team that both alternatives have was not available alike at an instant.

    For a team whose callouts and relocations before do not explain it: what the scenarios say of
    it comes first, then the roads, then where it was; the warm-up is what is left.
    """
    numbers = tuple(run.names.teams.index(team) for run in runs)
    pair = _Pair(team, under, runs, (numbers[0], numbers[1]), rows, at)
    for find in (_base, _turnout, _duty, _brings, _roads, _state, _freed):
        for found in find(pair):
            return found
    return TeamDifference(
        f"The two had parted before the log begins: {team} was somewhere else after the warm-up.",
        f"{team}, in the warm-up",
    )


def teams_as_written(first: Reported, second: Reported) -> TeamsAsWritten:
    """Return what the scenarios of two alternatives say of their teams."""

    def from_base(run: Reported) -> Callable[[str, int, int, int], int]:
        numbers = {name: n for n, name in enumerate(run.names.teams)}
        known = run.whereabouts
        return lambda team, place, at, priority: known.from_base(numbers[team], place, at, priority)

    altered = frozenset(_altered(first, second))
    return TeamsAsWritten(altered, (from_base(first), from_base(second)))


def _altered(first: Reported, second: Reported) -> Iterator[str]:
    """Yield the teams that both have and of which the scenarios say something else."""
    for name in first.names.teams:
        if name not in second.names.teams:
            continue
        numbers = first.names.teams.index(name), second.names.teams.index(name)
        a, b = (
            (run.names.bases[s.base], run.names.places[s.place], s.expected_turnout, s.people,
             s.duty, s.limits, s.assembly_spec is None, s.reserve is None, *_brought(run, s))
            for run, s in (
                (run, run.world.fleet.crews[n])
                for run, n in zip((first, second), numbers, strict=True)
            )
        )  # fmt: skip
        if a != b:
            yield name


def _brought(run: Reported, spec: TeamSpec) -> tuple[list[str], list[str]]:
    """Return the capabilities of a team and the vehicles it may take, as written."""
    entry = _entry(run, spec)
    return sorted(entry.capabilities), list(entry.vehicles)


def _contrast(pair: _Pair, told: Sequence[str]) -> str:
    """Return what is so under each of the two."""
    first, second = (f"under {name}, {text}" for name, text in zip(pair.under, told, strict=True))
    return f"{first[0].upper()}{first[1:]}; {second}."


def _base(pair: _Pair) -> Iterator[TeamDifference]:
    named = [run.names.bases[s.base] for run, s in zip(pair.runs, pair.specs, strict=True)]
    stands = [run.names.places[s.place] for run, s in zip(pair.runs, pair.specs, strict=True)]
    if named != stands:
        named = [b if b == p else f"{b} in {p}" for b, p in zip(named, stands, strict=True)]
    if named[0] != named[1]:
        told = [f"{pair.team}'s base is {name}" for name in named]
        yield TeamDifference(_contrast(pair, told), f"{pair.team}'s base")


def _turnout(pair: _Pair) -> Iterator[TeamDifference]:
    first, second = pair.specs
    if (first.assembly_spec is None) != (second.assembly_spec is None):
        told = [
            f"{pair.team} {'is at its base' if s.assembly_spec is None else 'is on call'} and is "
            f"expected to turn out in {lasting(s.expected_turnout)}"
            for s in pair.specs
        ]
        yield TeamDifference(_contrast(pair, told), f"{pair.team}, on call or at its base")
    elif first.expected_turnout != second.expected_turnout:
        told = [
            f"{pair.team} is expected to turn out in {lasting(s.expected_turnout)}"
            for s in pair.specs
        ]
        yield TeamDifference(_contrast(pair, told), f"{pair.team}'s turnout")


def _duty(pair: _Pair) -> Iterator[TeamDifference]:
    told = []
    for run, spec in zip(pair.runs, pair.specs, strict=True):
        begins, ends = next(((b, e) for b, e in spec.duty if b <= pair.at < e), (None, None))
        if spec.reserve is not None:
            told.append(f"{pair.team} is in reserve")
        elif ends is None:
            told.append(f"{pair.team} was off duty")
        elif ends >= run.world.ends and (begins or 0) <= run.world.begins:
            told.append(f"{pair.team} is always on duty")
        else:
            end = run.clock.moment(ends)
            told.append(f"{pair.team} was on duty, until {end:%H:%M}{run.clock.told_apart(ends)}")
    off = [text.endswith("off duty") for text in told]
    if off[0] != off[1] or sum(text.endswith("in reserve") for text in told) == 1:
        yield TeamDifference(_contrast(pair, told), f"{pair.team}'s shifts")
    if pair.specs[0].limits != pair.specs[1].limits:
        told = [f"{pair.team} has {say_limits(s.limits) or 'no limits'}" for s in pair.specs]
        yield TeamDifference(_contrast(pair, told), f"{pair.team}'s limits")


def _brings(pair: _Pair) -> Iterator[TeamDifference]:
    """Yield other capabilities, vehicles or another number of people."""
    written = [_brought(run, spec) for run, spec in zip(pair.runs, pair.specs, strict=True)]
    brought = [capabilities for capabilities, _ in written]
    if brought[0] != brought[1]:
        told = [f"{pair.team} has {listed(each, 9) or 'no capabilities'}" for each in brought]
        yield TeamDifference(_contrast(pair, told), f"{pair.team}'s capabilities")
    taken = [vehicles for _, vehicles in written]
    if taken[0] != taken[1]:
        told = [f"{pair.team} may take {listed(each, 9) or 'no vehicle'}" for each in taken]
        yield TeamDifference(_contrast(pair, told), f"{pair.team}'s vehicles")
    people = [spec.people for spec in pair.specs]
    if people[0] != people[1]:
        told = [f"{pair.team} has a crew of {n}" for n in people]
        yield TeamDifference(_contrast(pair, told), f"{pair.team}'s crew")


def _entry(run: Reported, spec: TeamSpec) -> TeamEntry:
    """Return a team as its scenario has it; a copy's name ends in its number."""
    teams = run.world.scenario.teams
    return teams[spec.name] if spec.name in teams else teams[spec.name.rpartition(" ")[0]]


def _roads(pair: _Pair) -> Iterator[TeamDifference]:
    """Yield another drive from the base, by closures that were known, or by roads and rules."""
    if None in pair.rows:
        return
    drives, closed = [], []
    for run, spec, row in zip(pair.runs, pair.specs, pair.rows, strict=True):
        assert row is not None
        known = run.whereabouts
        period = known.scene_period(pair.at, row.priority)
        drives.append(run.world.travel.times[period][spec.place][row.place])
        closed.append([run.names.closures[c] for c in known.known_closures(pair.at)])
    if drives[0] == drives[1]:
        return
    base = pair.runs[0].names.bases[pair.specs[0].base]
    told = [
        f"there was no access from {base}"
        if drive >= NO_ACCESS
        else f"the drive from {base} took {lasting(drive)}"
        for drive in drives
    ]
    if closed[0] != closed[1]:
        told = [
            f"{text}, with {listed(names) or 'no road'} known to be closed"
            for text, names in zip(told, closed, strict=True)
        ]
    yield TeamDifference(_contrast(pair, told), f"the roads from {base}")


def _state(pair: _Pair) -> Iterator[TeamDifference]:
    """Yield what the team was doing, where that differs."""
    if None in pair.rows:
        return
    found = [
        run.whereabouts.unavailable_at(number, row, pair.at)
        for run, number, row in zip(pair.runs, pair.numbers, pair.rows, strict=True)
        if row is not None
    ]
    reasons = [
        Reason.FREE if one.reason == Reason.SENT and one.since == pair.at else one.reason
        for one in found
    ]
    if reasons[0] == reasons[1]:
        return
    told = []
    for run, one, row, reason in zip(pair.runs, found, pair.rows, reasons, strict=True):
        assert row is not None
        free = reason == Reason.FREE
        told.append(f"{pair.team} {'was free' if free else reason_of(run, row, one, pair.at)}")
    short = next(reason for reason in reasons if reason != Reason.FREE)
    yield TeamDifference(_contrast(pair, told), f"{pair.team}, {short}")


def _freed(pair: _Pair) -> Iterator[TeamDifference]:
    """Yield from which callout the team came, where that differs."""
    told = []
    for run, number in zip(pair.runs, pair.numbers, strict=True):
        last = run.whereabouts.last_ended(number, pair.at)
        if last is None or last.cleared is None:
            told.append(f"{pair.team} had been on no callout")
        else:
            at = run.clock.moment(last.cleared)
            told.append(
                f"{pair.team} had been cleared from callout {last.callout} on {at.day} "
                f"{at:%B at %H:%M}{run.clock.told_apart(last.cleared)}"
            )
    if told[0] != told[1]:
        yield TeamDifference(_contrast(pair, told), f"{pair.team}, freed at another moment")
