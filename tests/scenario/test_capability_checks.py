"""Capabilities that no callout needs are mostly misspelt, so they are told."""

import pytest

FIRE = """\
format: 2
name: fire
clock: {start: 2025-01-06 06:00, timezone: UTC, length: 7 days}
map: {places: {A: {}}}
demand:
  rate: 2 per day
  kinds:
    fire: {share: 70%, needs: [pump], on_scene: 1 h}
    collision: {share: 30%, needs: [ambulance, cutting gear], on_scene: 1 h}
bases: {A: {}}
teams:
  One: {base: A, capabilities: [pump, cutting gear]}
  Two: {base: A, capabilities: [ambulance, pump]}
  Three: {base: A, capabilities: [ambulance, pump]}
"""


def told(desk, *changes, text=FIRE):
    """Return (line, what is underlined, message, help) of each warning."""
    found = desk.read(*changes, text=text).warnings
    return [(w.line, w.text[w.column - 1 :][: w.width], w.message, w.help) for w in found]


def test_a_misspelt_capability_is_told_with_the_nearest_name(desk):
    found = told(
        desk, ("Two: {base: A, capabilities: [ambulance", "Two: {base: A, capabilities: [ambulanse")
    )

    assert found == [
        (13, "ambulanse", "no kind of callout needs 'ambulanse'",
         "did you mean 'ambulance'?   needed here: ambulance, cutting gear, pump")
    ]  # fmt: skip


def test_a_forgotten_comma_is_told_with_both_names(desk):
    found = told(desk, ("[ambulance, pump]}\n  Three", "[ambulance, pump cutting gear]}\n  Three"))

    assert found == [
        (13, "pump cutting gear", "no kind of callout needs 'pump cutting gear'",
         "is a comma missing? write [pump, cutting gear]")
    ]  # fmt: skip


def test_where_the_forgotten_comma_leaves_a_need_unmet_the_error_says_so(desk):
    (error,) = desk.refused(("[pump, cutting gear]", "[pump cutting gear]"), text=FIRE)

    assert error.message == "no team has 'cutting gear', so nobody could ever answer"
    assert error.help == (
        "'One' has 'pump cutting gear': is a comma missing? write [pump, cutting gear]"
    )


def test_what_several_teams_have_and_nobody_needs_is_told_once(desk):
    found = told(
        desk, ("Two: {base: A, capabilities: [", "Two: {base: A, capabilities: [boat, "),
        ("Three: {base: A, capabilities: [", "Three: {base: A, capabilities: [boat, "),
    )  # fmt: skip

    assert [(line, message) for line, _, message, _ in found] == [
        (13, "no kind of callout needs 'boat'")
    ]


def test_a_vehicle_is_looked_at_as_a_team_is(desk):
    vehicle = "vehicles: {V: {base: A, capabilities: [pupm]}}\nteams:"

    found = told(desk, ("teams:", vehicle), ("One: {base: A,", "One: {base: A, vehicles: [V],"))

    assert [message for _, _, message, _ in found] == ["no kind of callout needs 'pupm'"]


VOLUNTEERS = """\
volunteers: {V: {people: 9, capabilities: {driver: 3, medic: 2}, acceptance: 50%}}
teams:
  Home: {base: A, capabilities: [pump], on_call: {volunteers: V, capabilities: [driver]}}
"""


def test_what_must_be_among_volunteers_is_needed(desk):
    found = told(desk, ("teams:\n", VOLUNTEERS))

    assert [message for _, _, message, _ in found] == ["no team on call wants 'medic'"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[pump], on_scene", "[pump], explosive_hazard: {needs: [boat], clearance: 1 h}, on_scene"),
        ("bases:", "policies: {a: {}, b: {set: {demand.kinds.fire.needs: [boat]}}}\nbases:"),
        ("bases:", "study: {vary: {demand.kinds.fire.needs: [[pump], [boat]]}}\nbases:"),
        ("collision: {share: 30%, needs: [ambulance, cutting gear]", "collision: {share: 30%"),
    ],
)  # fmt: skip
def test_nothing_is_told_of_what_is_needed_at_times(desk, old, new):
    """By a hazard, by another alternative; and where no kind needs anything needs are not meant."""
    changes = [
        (old, new),
        ("Two: {base: A, capabilities: [", "Two: {base: A, capabilities: [boat, "),
    ]
    text = FIRE
    if "collision" in new:
        changes = [(old, new), ("needs: [pump], ", "")]

    assert told(desk, *changes, text=text) == []


def test_an_overlay_that_takes_kinds_away_is_not_told_what_its_base_has(desk):
    desk.put("base.yaml", FIRE)
    overlay = (
        "extends: base.yaml\nname: over\ndemand: {kinds: {collision: null, fire: {share: 100%}}}\n"
    )

    assert told(desk, text=overlay) == []


def test_a_declared_capability_that_nobody_has_or_needs_is_told_with_the_nearest_name(desk):
    found = told(desk, ("bases:", "capabilities: {ambulanse: {carries: 2}}\nbases:"))

    assert found == [
        (10, "ambulanse", "nobody here has or needs 'ambulanse'",
         "did you mean 'ambulance'?   named here: ambulance, cutting gear, pump")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("bases:", "capabilities: {ambulance: {carries: 2}}\nbases:"),
        ("bases:", "capabilities: {pump: {}}\nbases:"),
        ("teams:\n", "capabilities: {driver: {never_without: yes}}\n" + VOLUNTEERS.replace(
            "medic: 2", "pump: 2").replace("[driver]", "[driver, pump]")),
        ("bases:", "capabilities: {boat: {carries: 2}}\n"
         "policies: {a: {}, b: {set: {teams.One.capabilities: [boat]}}}\nbases:"),
    ],
)  # fmt: skip
def test_nothing_is_told_of_a_declared_capability_that_is_there(desk, old, new):
    """With a team, a volunteer who is never left behind, or a team of another alternative."""
    assert told(desk, (old, new)) == []


def test_capabilities_are_declared_apart_from_who_has_them(desk):
    change = (
        "bases:",
        "capabilities: {ambulance: {carries: 2}, pump: {never_without: yes}}\nbases:",
    )

    found = desk.read(change, text=FIRE).scenario.capabilities

    assert (found["ambulance"].carries, found["ambulance"].never_without) == (2, False)
    assert (found["pump"].carries, found["pump"].never_without) == (None, True)
