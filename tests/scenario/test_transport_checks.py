"""Who takes people to hospital is said, or asked; who is to do it can."""

import pytest

from sim.scenario.fields.demand_models import MultiplePeople
from sim.scenario.fields.models import Kind
from sim.scenario.fields.transports import carrier_of, mean_transports

RESCUE = """\
format: 2
name: rescue
clock: {start: 2025-01-06 06:00, timezone: UTC, length: 28 days}
map: {places: {A: {}}, hospitals: {H: A}}
demand:
  rate: 2 per day
  kinds:
    fire: {share: 70%, needs: [pump], on_scene: 1 h}
    fall: {share: 30%, on_scene: 1 h, to: hospital, handover: 30 min}
bases: {A: {}}
capabilities: {ambulance: {carries: 1}}
teams:
  One: {base: A, capabilities: [pump]}
  Two: {base: A, capabilities: [ambulance, pump]}
"""
BY = ("handover: 30 min", "handover: 30 min, transport: {by: ambulance}")


def told(desk, *changes):
    """Return (line, what is underlined, message, help) of the first warning, if there is any."""
    found = desk.read(*changes, text=RESCUE).warnings
    rows = [(w.line, w.text[w.column - 1 :][: w.width], w.message, w.help) for w in found]
    return rows[0] if rows else None


def test_check_asks_who_takes_people_where_no_need_carries_and_others_do(desk):
    assert told(desk) == (
        9, "hospital", "nothing that 'fall' needs carries people, so the first team sent takes "
        "them to hospital: is that meant?", "write transport: {by: ambulance}",
    )  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        [BY],
        [("to: hospital", "needs: [pump, ambulance], to: hospital")],
        [("capabilities: {ambulance: {carries: 1}}\n", ""), ("[ambulance, pump]", "[pump]")],
        [("to: hospital, handover: 30 min", "crew: 2"), ("[ambulance, pump]", "[pump]"),
         ("{ambulance: {carries: 1}}", "{pump: {carries: 1}}")],
    ],
)  # fmt: skip
def test_nothing_is_asked_where_it_is_said_or_nobody_carries(desk, changes):
    """By the kind; by its needs; no capability carries; nobody is taken anywhere."""
    assert told(desk, *changes) is None


@pytest.mark.parametrize(
    ("by", "message", "help"),
    [
        ("ambulanse", "'ambulanse' carries nobody",
         "did you mean 'ambulance'?   those that carry: ambulance"),
        ("pump", "'pump' carries nobody", "write capabilities: {pump: {carries: 1}}"),
    ],
)  # fmt: skip
def test_who_is_to_take_people_carries(desk, by, message, help):
    change = (BY[0], BY[1].replace("ambulance", by))
    (error,) = desk.refused(change, text=RESCUE)

    assert (error.line, error.message, error.help) == (9, message, help)


def test_who_is_to_take_people_is_there(desk):
    (error,) = desk.refused(BY, ("[ambulance, pump]", "[ambulanse, pump]"), text=RESCUE)

    assert error.message == "no team has 'ambulance', so nobody could ever take people to hospital"
    assert error.help == "did you mean 'ambulanse'?   teams have: ambulanse, pump"


def test_transport_is_for_kinds_that_go_to_hospital(desk):
    (error,) = desk.refused(BY, ("to: hospital, ", ""), text=RESCUE)

    assert error.message == "nobody of 'fall' is taken anywhere"
    assert error.help == "write to: hospital, or take transport out"


def test_what_transports_is_needed_so_a_team_that_has_it_is_not_asked_about(desk):
    assert told(desk, BY, ("capabilities: [pump]", "capabilities: [boat]")) == (
        13, "boat", "no kind of callout needs 'boat'", "needed here: ambulance, pump",
    )  # fmt: skip


def test_hours_without_a_team_that_carries_are_told(desk):
    """0.6 callouts a day, half of the day, 30 days: 9 a month."""
    night = "capabilities: [ambulance, pump], shifts: [day]}\nshifts: {day: {hours: 08:00-20:00}}"

    line, _, message, _ = told(desk, BY, ("capabilities: [ambulance, pump]}", night))
    assert line == 9
    assert message == (
        "nobody on duty has 'ambulance' every day from 20:00 to 08:00; about 9 callouts a month of "
        "'fall' wait until 08:00"
    )


def test_more_handovers_than_teams_that_carry_are_told(desk):
    """0.6 a day with 3 people on average, a transport each, 16 h: 1.2 of the one ambulance."""
    long = ("handover: 30 min", "handover: 16 h, people: {mean: 3}, transport: {by: ambulance}")

    found = [w.message for w in desk.read(long, text=RESCUE).warnings]
    assert found[-1] == (
        "handovers at hospital alone would keep 1.2 teams with 'ambulance' busy day and night, and "
        "1.0 are on duty on average; the queue will grow all the time"
    )


def test_the_first_of_the_needs_that_carries_transports(desk):
    two = ("{ambulance: {carries: 1}}", "{pump: {}, ambulance: {carries: 2}, bus: {carries: 9}}")
    needs = ("to: hospital", "needs: [pump, bus, ambulance], to: hospital")
    scenario = desk.read(
        two, needs, ("[ambulance, pump]", "[ambulance, bus]"), text=RESCUE
    ).scenario

    assert carrier_of(scenario, scenario.demand.kinds["fall"]) == ("bus", 9)
    assert carrier_of(scenario, scenario.demand.kinds["fire"]) is None


def test_the_mean_number_of_transports():
    """Of a Poisson number of others, mean 1: P(0) = 0.3679, P(1) = 0.3679, P(2) = 0.1839."""
    kind = Kind.model_construct(people=MultiplePeople(mean=2))

    assert mean_transports(kind, 1) == pytest.approx(2, abs=1e-9)
    assert mean_transports(kind, 1, 1) == pytest.approx(1, abs=1e-9)
    assert mean_transports(kind, 1000) == pytest.approx(1, abs=1e-9)
    assert mean_transports(Kind.model_construct(people=None), 1) == 1
