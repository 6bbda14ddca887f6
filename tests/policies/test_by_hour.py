"""DMEXCLP with the demand of the hour, and with busy teams that are soon free; worked by hand."""

import pytest

from sim.errors import ScenarioError
from sim.experiment.conformance.policy_conformance import conforms, trial_files
from sim.policies import Forecast, policy_sets
from sim.policies.cover_rules.relocation import Dmexclp
from sim.policies.dispatch_rules.covering import DmexclpDispatch

from ..worlds import HOUR, MINUTE, answered, file_of, hand_worked, logged, world_of
from .line import atlas_of, callout_at, view_of

# -- by hour ------------------------------------------------------------------------------------

DAY_AND_NIGHT = """
name: day-and-night
clock: {start: 2025-01-06 00:00, length: 4 days, timezone: UTC}
map:
  places: {X: {}, Z: {}}
  roads: {table: {X: {Z: 30 min}, Z: {X: 30 min}}}
demand:
  rate: 24 per day
  kinds:
    market:
      share: 50%
      on_scene: 5 min
      where: {X: 1}
      hours: [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0]
    harbour:
      share: 50%
      on_scene: 5 min
      where: {Z: 1}
      hours: [1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]
bases: {X: {}, Z: {}}
teams: {T: {base: X}}
policies:
  hours: {relocation: {dmexclp: {within: 10 min, busy_fraction: 0.5, by_hour: true}}}
  all: {relocation: {dmexclp: {within: 10 min, busy_fraction: 0.5}}}
"""


def test_by_hour_a_freed_team_waits_where_callouts_come_at_this_hour():
    """By day all are at X, by night at Z: each covers all of the hour, so 0.5 of it is gained."""
    world = world_of(DAY_AND_NIGHT)

    found = [d for d in logged(world, "hours").decisions if d.question == "relocation"]

    bases = world.names.bases
    assert {bases[d.chosen] for d in found if 6 <= d.at // HOUR % 24 < 18} == {"X"}
    assert {bases[d.chosen] for d in found if not 6 <= d.at // HOUR % 24 < 18} == {"Z"}
    assert {d.why for d in found} == {
        "covers 50.00% of this hour's demand more, the most of all bases"
    }


def test_without_it_both_places_count_as_over_the_whole_day():
    """Half of all demand is at each, so it stays where it is: the nearest of those that tie."""
    found = [
        d for d in logged(world_of(DAY_AND_NIGHT), "all").decisions if d.question == "relocation"
    ]

    assert {d.arrivals[d.chosen] for d in found} == {0}
    assert {d.why for d in found} == {"covers 25.00% of the demand more, the most of all bases"}


LINE = atlas_of([5, 1, 0, 4], "AC")  # within 10 min A reaches A and B, and C reaches B, C and D


def forecast(*places):
    """Return a forecast in which so many callouts are expected at each place in this hour."""
    return Forecast(((sum(places),),), ((0,) * len(places),), places)


@pytest.mark.parametrize(
    ("by_hour", "expected", "team", "why"),
    [
        # of all hours: A loses 0.5 x 0.5 + 0.1 x 0.25 = 0.275, C 0.4 x 0.5 + 0.025 = 0.225
        (False, (1, 1, 0, 8), 1, "its leaving costs 22.50% of the cover"),
        # of this hour: A loses 0.1 x 0.5 + 0.1 x 0.25 = 0.075, C 0.8 x 0.5 + 0.025 = 0.425
        (True, (1, 1, 0, 8), 0, "its leaving costs 7.50% of the cover of this hour"),
        # C is the only one that reaches C: 1.0 x 0.5
        (True, (0, 0, 7, 0), 0, "its leaving costs 0.00% of the cover of this hour"),
        # nothing is expected: as in all hours
        (True, (0, 0, 0, 0), 1, "its leaving costs 22.50% of the cover"),
    ],
)
def test_by_hour_the_team_is_sent_that_covers_least_of_this_hour(by_hour, expected, team, why):
    callout = callout_at(LINE, "B")
    view = view_of(LINE, callout, forecast=forecast(*expected))
    rule = DmexclpDispatch(busy_fraction=0.5, within=10 * MINUTE, by_hour=by_hour)

    assert rule(callout, view) == (team, why)


@pytest.mark.parametrize("question", ["dispatch", "relocation"])
def test_by_hour_is_refused_at_its_line_where_callouts_are_listed(question):
    rest = f"policies:\n  p:\n    {question}: {{dmexclp: {{by_hour: true}}}}"
    file = file_of(hand_worked("00:00 A job", rest=rest))

    with pytest.raises(ScenarioError) as caught:
        policy_sets(file)

    (found,) = caught.value.diagnostics
    assert found.message == (
        "by_hour needs a rate of callouts: where they are listed, none are forecast"
    )
    assert found.text.strip() == f"{question}: {{dmexclp: {{by_hour: true}}}}"


# -- look ahead ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ahead", "base", "why"),
    [
        ("0 min", "A", "covers 30.00% of the demand more, the most of all bases"),
        ("1 min", "A", "covers 30.00% of the demand more, the most of all bases"),
        (
            "2 min",
            "B",
            "covers 20.00% of the demand more, the most of all bases; 1 soon free counted",
        ),
    ],
)
def test_a_team_that_is_soon_free_counts_where_it_will_be(ahead, base, why):
    """
    Demand 0.6 in A and 0.4 in B, out of reach of each other; q = 0.5. One is freed in A at 10, Two
    is expected to be free there at 12. Alone, One adds 0.30 in A and 0.20 in B; with Two counted,
    0.6 x 0.25 = 0.15 in A.
    """
    rule = f"{{dmexclp: {{within: 10 min, busy_fraction: 0.5, ahead: {ahead}}}}}"
    text = hand_worked(
        "00:00 A job 10", "00:02 A job 30", places="A B", bases="A B", times="A-B 30",
        teams="One: {base: A}\nTwo: {base: A}", rest=f"policies: {{p: {{relocation: {rule}}}}}",
    ).replace("demand:\n", "demand:\n  where: {A: 6, B: 4}\n", 1)  # fmt: skip
    day = answered(text)

    first, *_ = day.decisions("relocation")
    assert first.at == 10 * MINUTE
    assert (day.world.names.bases[first.chosen], first.why) == (base, why)


def test_a_team_is_counted_at_the_hospital_where_it_will_be_free():
    """Two takes somebody from A to N, in B's reach: One, freed in A at 10, stays in A."""
    rule = "{dmexclp: {within: 10 min, busy_fraction: 0.5, ahead: 1 h}}"
    text = hand_worked(
        "00:00 A job 10", "00:02 A ill 30", places="A B N", bases="A B",
        times="A-B 30, A-N 28, B-N 5", teams="One: {base: A}\nTwo: {base: A}",
        kinds="job: {share: 50%}\nill: {share: 50%, to: hospital}",
        rest=f"hospitals: {{North: N}}\npolicies: {{p: {{relocation: {rule}}}}}",
    ).replace("demand:\n", "demand:\n  where: {A: 4, B: 5}\n", 1)  # fmt: skip
    day = answered(text)
    without = answered(text.replace("ahead: 1 h", "ahead: 0 min"))

    # without 5/9 x 0.5 in B; with Two in N, 5/9 x 0.25 in B is less than 4/9 x 0.5 in A
    assert without.decisions("relocation")[0].why.startswith("covers 27.78%")
    first = day.decisions("relocation")[0]
    assert (day.world.names.bases[first.chosen], first.why) == (
        "A", "covers 22.22% of the demand more, the most of all bases; 1 soon free counted",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("policy", "question"),
    [
        (Dmexclp(by_hour=True, ahead=20 * MINUTE), "relocation"),
        (DmexclpDispatch(by_hour=True), "dispatch"),
    ],
)
def test_the_variants_behave(policy, question, monkeypatch):
    """Each reads what it wants, and nothing that comes later changes what it decides."""
    monkeypatch.setattr(
        "sim.experiment.conformance.policy_conformance._serves", lambda policy, question: []
    )
    found = conforms(policy, question, "mine", trial_files())

    assert [f for f in found if f.passed is False] == []
    assert [f.passed for f in found if f.check.startswith("reads every part")] == [True]
