"""A record replayed: what was recorded happens again, the rest is the model's."""

import pytest

from sim.engine import simulate
from sim.log import MS_PER_MINUTE, KeptLog
from sim.policies import policy_sets
from sim.scenario import read_scenario
from sim.world import build

SCENARIO = """\
name: replayed
clock: {start: 2025-03-06 06:00, length: 1 day}
map:
  places: {Base: {weight: 0}, Town: {}, Clinic: {weight: 0}}
  roads:
    table:
      Base: {Town: 10 min, Clinic: 20 min}
      Town: {Base: 10 min, Clinic: 15 min}
      Clinic: {Base: 20 min, Town: 15 min}
  hospitals: {Clinic: Clinic}
demand:
  record:
    file: past.csv
    columns: {callout: call, received: received, place: town, entry: entry, dispatched: sent,
              on_scene: there, left: left, at_hospital: hospital, cleared: free}
    unit: min
    uses: [handling, on_scene, transported, handover]
  kinds:
    medical: {share: 100%, to: hospital, transported: 50%, on_scene: 1 h, handover: 1 h}
bases: {Base: {}}
teams: {A: {base: Base}, B: {base: Base}}
dispatch_centre: {dispatch_while_returning: false}
"""
PAST = """\
call,received,town,entry,sent,there,left,hospital,free
1,2025-03-06 07:00,Town,2,3,20,32,40,45
2,2025-03-06 07:30,Town,4,5,30,,,50
3,2025-03-06 08:00,Town,1,2,,,,9
"""


@pytest.fixture
def log(tmp_path):
    """The log of the replay; what each number below comes from is above."""
    (tmp_path / "past.csv").write_text(PAST, encoding="utf-8")
    path = tmp_path / "replayed.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    file = read_scenario(path)
    log = KeptLog()
    simulate(build(file), next(iter(policy_sets(file).values())), log, 1, 0)
    return log


def minutes(row, instant):
    time = getattr(row, instant)
    return None if time is None else time / MS_PER_MINUTE


def test_callouts_come_when_they_came(log):
    """The clock begins at 06:00."""
    received = [minutes(row, "received") for row in sorted(log.callouts)]

    assert received == [60, 90, 120]


def test_the_desk_takes_as_long_as_it_took(log):
    handled = [row.ready - row.received for row in sorted(log.callouts)][:2]

    assert handled == [2 * MS_PER_MINUTE, 4 * MS_PER_MINUTE]


def test_the_drive_is_the_models_and_the_work_is_recorded(log):
    """Ten minutes from the base, no matter what the record took; on scene as long as it was."""
    missions = sorted(log.missions)

    assert [minutes(m, "on_scene") - minutes(m, "en_route") for m in missions] == [10, 10, 10]
    assert minutes(missions[0], "left") is None or (
        minutes(missions[0], "left") - minutes(missions[0], "on_scene") == 12
    )


def test_who_was_taken_is_taken_and_handed_over_as_recorded(log):
    """The first was, for 5 minutes at the hospital; the second was not, after 20 on scene."""
    first, second, _ = sorted(log.missions)

    assert minutes(first, "at_hospital") - minutes(first, "left") == 15
    assert minutes(first, "cleared") - minutes(first, "at_hospital") == 5
    assert second.left is None
    assert minutes(second, "cleared") - minutes(second, "on_scene") == 20
