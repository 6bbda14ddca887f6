"""Callouts that nobody on duty can serve are told, with the hours and how many wait."""

import pytest

ALPS = """\
format: 2
name: alps
clock: {start: 2025-01-06 06:00, timezone: UTC, length: 30 days}
map:
  places: {Valley: {area: South}, Peak: {area: North}}
  roads: {table: {Valley: {Valley: 0 min, Peak: 30 min}, Peak: {Valley: 30 min, Peak: 0 min}}}
demand:
  rate: 10 per day
  kinds:
    injury: {share: 80%, needs: [ambulance], on_scene: 30 min}
    mountain rescue: {share: 20%, needs: [rope], on_scene: 2 h}
bases: {Valley: {}, Peak: {}}
shifts:
  day: {hours: 08:00-20:00}
  night: {hours: 20:00-08:00}
teams:
  Valley: {base: Valley, capabilities: [ambulance], count: 2}
  Peak: {base: Peak, capabilities: [ambulance, rope], shifts: [day]}
"""
ROPE = "capabilities: [ambulance, rope], shifts: [day]"


def warnings(desk, *changes, text=ALPS):
    """Return the warnings but those of shifts that nobody works, which are not meant here."""
    found = desk.read(*changes, text=text).warnings
    return [w for w in found if not w.message.startswith("no team works the shift")]


def test_a_capability_missing_at_night_is_told_where_it_is_needed(desk):
    """10 a day, a fifth of them, half the day, 30 days: 30 of them."""
    (warning,) = warnings(desk)

    assert warning.message == (
        "nobody on duty has 'rope' every day from 20:00 to 08:00; about 30 callouts a month of "
        "'mountain rescue' wait until 08:00"
    )
    assert warning.where == "demand.kinds.mountain rescue.needs.0"
    assert (warning.line, warning.text[warning.column - 1 :][: warning.width]) == (11, "rope")
    assert warning.help == "give 'rope' to a team that is on duty then"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("shifts: [day]}", "shifts: [day, night]}"),
        ("shifts: [day]}", "}"),
        ("[ambulance], count: 2", "[ambulance, rope], count: 2, shifts: [night]"),
        ("rate: 10", "hours: [0,0,0,0,0,0,0,0,1,1,1,1,1,1,1,1,1,1,1,1,0,0,0,0]\n  rate: 10"),
        ("rate: 10", "surges: [{factor: 0, kinds: [mountain rescue]}]\n  rate: 10"),
        ("Valley, capabilities: [ambulance]", "Valley, vehicles: [truck]"),
        (
            "shifts: [day]}",
            "count: 2, roster: 24 on 24 off, stagger: 24 h}",
        ),
        (
            "shifts: [day]}",
            "shifts: [day]}\n"
            "  Home: {base: Peak, capabilities: [rope], reserve: {delay: 1 h}}\n"
            "policies: {p: {staffing: call_in}}",
        ),
    ],
)
def test_nothing_is_told_where_somebody_has_it_or_nobody_calls(desk, old, new):
    extra = "vehicles: {truck: {base: Valley, capabilities: [ambulance, rope], count: 2}}\nteams:"
    changes = [(old, new)]
    if "vehicles" in new:
        changes.append(("teams:", extra))
    if "ambulance, rope], count: 2, shifts" in new:
        changes.append(("teams:", "teams:\n  More: {base: Valley, capabilities: [ambulance]}"))

    assert [w.message for w in warnings(desk, *changes)] == []


def test_two_teams_that_are_needed_together_are_counted(desk):
    found = warnings(desk, ("needs: [ambulance]", "needs: [ambulance, ambulance, ambulance]"))

    assert found[0].message.startswith(
        "fewer than 3 teams on duty have 'ambulance' every day from 20:00 to 08:00; about 120"
    )


def test_a_capability_missing_on_some_days_is_told_with_the_days(desk):
    weekdays = "day: {hours: 08:00-20:00, days: [Mon, Tue, Wed, Thu, Fri]}"

    (warning,) = warnings(
        desk, ("day: {hours: 08:00-20:00}", weekdays), ("shifts: [day]", "shifts: [day, night]")
    )

    assert warning.message.startswith(
        "nobody on duty has 'rope' each week Sat 08:00 to Sat 20:00 and Sun 08:00 to Sun 20:00; "
    )


def test_a_roster_that_leaves_gaps_is_told_with_its_first_dates(desk):
    """On duty from 08:00 on the first day, and every fourth day from then on: nine gaps."""
    (warning,) = warnings(desk, ("shifts: [day]", "roster: 24 on 72 off, starts: day 1 08:00"))

    assert warning.message.startswith(
        "nobody on duty has 'rope' from 2025-01-06 06:00 to 2025-01-06 08:00, from 2025-01-07 "
        "08:00 to 2025-01-10 08:00 and from 2025-01-11 08:00 to 2025-01-14 08:00, and 6 times more"
    )
    assert warning.message.endswith(" wait")


def test_rosters_that_leave_nobody_on_duty_are_told_once(desk):
    text = ALPS.replace("[ambulance], count: 2", "[ambulance], shifts: [day]").replace(
        ROPE, "capabilities: [ambulance, rope], roster: [day]"
    )

    found = [w.message for w in warnings(desk, text=text)]

    assert found == ["nobody is on duty every day from 20:00 to 08:00"]


def test_hours_in_which_nobody_is_on_duty_are_not_told_for_each_capability(desk):
    text = ALPS.replace("[ambulance], count: 2", "[ambulance], shifts: [day]")

    found = [w.message for w in warnings(desk, text=text)]

    assert len(found) == 1
    assert found[0].startswith("nobody is on duty Mon 00:00 to Mon 08:00")


def test_an_area_that_those_with_a_capability_have_no_access_to_is_told(desk):
    """The only rope is on the other side."""
    one_way = "Valley: 30 min, Peak: 0 min", "Valley: null, Peak: 0 min"

    (warning,) = warnings(desk, one_way, (", shifts: [day]", ""))

    assert warning.message == (
        "nobody on duty has 'rope' and access to 'Valley' at any time; about 30 callouts a month "
        "of 'mountain rescue' wait"
    )


def test_listed_callouts_that_find_nobody_are_counted(desk):
    """Two of the three come at night."""
    listed = (
        "callouts:\n    - {at: day 1 09:00, place: Peak, kind: mountain rescue}\n"
        "    - {at: day 1 23:00, place: Peak, kind: mountain rescue}\n"
        "    - {at: day 2 23:00, place: Valley, kind: mountain rescue}"
    )

    (warning,) = warnings(desk, ("rate: 10 per day", listed), ("length: 30", "length: 3"))

    assert warning.message.endswith("; about 2 callouts of 'mountain rescue' wait until 08:00")


def test_where_nobody_queues_they_find_nobody(desk):
    (warning,) = warnings(desk, ("bases:", "policies: {p: {queue: none}}\nbases:"))

    assert warning.message.endswith(" of 'mountain rescue' find nobody")


def test_callers_who_stop_waiting_abandon(desk):
    (warning,) = warnings(desk, ("on_scene: 2 h", "on_scene: 2 h, abandons_after: 1 h"))

    assert warning.message.endswith(" wait until 08:00 or are abandoned")


def test_an_explosive_hazard_that_nobody_on_duty_clears_is_told(desk):
    """A tenth of the injuries of half the day: 12 a month."""
    hazard = "explosive_hazard: {share: 10%, needs: [ambulance, rope], clearance: 1 h}"

    found = warnings(desk, ("on_scene: 30 min", f"on_scene: 30 min, {hazard}"))

    assert "has 'ambulance' and 'rope' every day from 20:00 to 08:00; about 12" in found[0].message
