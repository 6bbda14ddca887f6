"""What the page's two maps are given: packed, it says what the log says."""

import base64
import gzip
import json
from dataclasses import replace
from itertools import accumulate

import pytest

from sim.experiment import Reported
from sim.page.replay.packed_log import QUESTIONS, Thinning
from sim.page.replay.packing import after, differences, packed
from sim.page.replay.parts import MOST, Shown, content, fitted

from ..worlds import logged, world_of

HORIZON = 8 * 3_600_000
TEXT = """
name: two-towns
clock: {start: "2024-01-01 00:00", length: 2 days}
map:
  places:
    East: {lat: 35.0, lon: 36.1, name_ar: شرق}
    West: {lat: 35.0, lon: 36.0}
  roads: {circuity: 1, speed: {day: 60 km/h}}
  hospitals: {General: {place: West, offload_bays: 1}}
  hospital_closures: [{hospital: General, from: "2024-01-02 00:00", until: "2024-01-02 06:00"}]
demand:
  kinds: {wounded: {share: 100%, on_scene: 10 min, to: hospital, handover: 5 min}}
  callouts:
    - {at: "day 1 00:10", place: East, kind: wounded}
    - {at: "day 1 00:12", place: West, kind: wounded}
    - {at: "day 2 23:59", place: East, kind: wounded}
bases: {East: {}, West: {}}
teams: {A: {base: East}, B: {base: West}}
policies:
  today: {dispatch: closest}
  card: {dispatch: {run_card: {order: {East: [B, A], West: [A, B]}}}}
targets:
  - {name: East by night, within: 5 min, where: [East], hours: 20:00-06:00}
  - {name: in 15 min, within: 15 min}
"""


@pytest.fixture(scope="module")
def shown(runs):
    return Shown(runs, {}, HORIZON)


def unpacked(data):
    return json.loads(gzip.decompress(base64.b64decode(data)))


@pytest.fixture(scope="module")
def runs():
    world = world_of(TEXT)
    start = world.scenario.clock.start
    return {
        name: Reported(logged(world, name), world.names, start, world)
        for name in world.scenario.policies
    }


def callouts_of(alternative, facts):
    """Return of each callout by number: when it was received and, if so, first reached. [s]"""
    received = list(accumulate(facts[0]))
    columns = alternative["callouts"]
    rows, numbers = accumulate(columns[0]), accumulate(columns[1])
    return {
        number: (received[row], None if not reached else received[row] + reached - 1)
        for row, number, reached in zip(rows, numbers, columns[4], strict=True)
    }


def test_callouts_are_packed_to_the_second(runs, shown):
    """Whoever reads the maps reads the log."""
    found = content(shown, Thinning())

    for packed_one, run in zip(found["alternatives"], runs.values(), strict=True):
        told = callouts_of(packed_one, found["facts"])
        assert told == {
            row.callout: (
                row.received // 1000,
                None if row.on_scene is None else row.on_scene // 1000,
            )
            for row in run.log.callouts
        }


def test_alternatives_number_the_same_callouts_alike(shown):
    """Else the two maps would show different days."""
    found = content(shown, Thinning())
    first, second = (each["callouts"][0] for each in found["alternatives"])

    assert first == second
    assert len(found["facts"][0]) == 3


def test_missions_follow_their_callouts(runs, shown):
    found = content(shown, Thinning())["alternatives"][0]
    run = next(iter(runs.values()))
    dispatched = list(accumulate(found["missions"][0]))

    told = sorted(
        (at, run.names.teams[team], number)
        for at, team, number in zip(
            dispatched, found["missions"][1], found["missions"][10], strict=True
        )
    )
    assert told == sorted(
        (m.dispatched // 1000, run.names.teams[m.team], m.callout) for m in run.log.missions
    )


def test_candidates_are_there_with_their_expected_arrivals(runs, shown):
    found = content(shown, Thinning())["alternatives"][0]["decisions"]
    run = next(iter(runs.values()))
    asked = [d for d in run.log.decisions if d.question == "dispatch"]
    sizes = [
        len(found["sets"][group])
        for question, group in zip(found["rows"][1], found["rows"][7], strict=True)
        if QUESTIONS[question] == "dispatch"
    ]

    assert sizes == [len(d.candidates) for d in asked]
    assert set(found["arrivals"]) >= {t // 1000 for d in asked for t in d.arrivals}


def test_a_hospital_says_when_it_is_closed(shown):
    world = content(shown, Thinning())["worlds"]

    assert len(world) == 1, "both alternatives are in the same world, which is packed once"
    assert world[0]["hospitals"][0][5] == [[86_400, 86_400 + 6 * 3600]]


def test_a_target_says_where_and_when_its_callouts_are(shown):
    """So that the replay has the ring of the target that the measures have."""
    found = content(shown, Thinning())
    (*_, places, times), (*_, anywhere, always) = found["targets"]

    assert [found["names"]["places"][place][0] for place in places] == ["East"]
    hours = [[begins / 3600, until / 3600] for begins, until in times]
    assert hours == [[0, 6], [20, 30], [44, 48]]
    assert anywhere is always is None


def test_what_does_not_fit_goes_candidates_first_then_ways_then_the_end(shown):
    """And the page is told which."""
    size = len(fitted(shown, MOST)[0])
    data, thinning = fitted(shown, most=size - 1)
    _, least = fitted(shown, most=1)

    assert not thinning.candidates
    assert unpacked(data)["thinned"][0] == 0
    assert (least.candidates, least.ways) == (False, False)
    assert least.until is not None
    assert least.until < 2 * 86_400


def test_a_part_of_the_run_has_no_callout_of_the_rest(shown):
    found = content(shown, Thinning(until=86_400))

    assert max(accumulate(found["facts"][0])) < 86_400


def test_the_pack_is_the_same_every_time(shown):
    """Pages of the same results are the same to the byte."""
    assert fitted(shown, MOST) == fitted(shown, MOST)


def test_alternatives_without_room_are_named(shown):
    data, _ = fitted(replace(shown, left_out=("third",)), MOST)

    assert unpacked(data)["left_out"] == ["third"]


def test_a_name_cannot_end_the_element_that_holds_the_data():
    assert "<" not in packed({"name": "</script><script>alert(1)</script>"})


def test_differences_add_up_again():
    assert list(accumulate(differences([3, 3, 10]))) == [3, 3, 10]


def test_an_instant_that_is_not_there_is_told_from_one_at_once():
    assert after(None, 5_000) == 0
    assert after(5_000, 5_000) == 1
    assert after(5_999, 4_001) == 2, "whole seconds, both rounded down"
