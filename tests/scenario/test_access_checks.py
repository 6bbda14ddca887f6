"""Places that closed roads cut off are told, with the hours."""

import pytest

COAST = """\
format: 2
name: coast
clock: {{start: 2025-01-06 06:00, timezone: UTC, length: 10 days}}
map:
  places:
    Port: {{lat: 0, lon: 0}}
    Cape: {{lat: 0, lon: 0.1}}
    Hill: {{lat: 0, lon: 0.2, weight: 2}}
  roads: {{nodes: nodes.csv, edges: edges.csv}}
  closures:
    - {closure}
demand:
  rate: 12 per day
  kinds: {{c: {{share: 100%, on_scene: 30 min}}}}
bases: {{Port: {{}}}}
teams: {{Port: {{base: Port, count: 3}}}}
"""
NODES = "node,lat,lon\np,0,0\nc,0,0.1\nh,0,0.2\n"
EDGES = "from,to,km,kmh,road\np,c,11,50,Coast\nc,h,11,50,Hill road\n"


def warnings(desk, closure, edges=EDGES):
    desk.put("nodes.csv", NODES)
    desk.put("edges.csv", edges)
    return desk.read(text=COAST.format(closure=closure)).warnings


def test_a_place_cut_off_for_a_time_is_told_at_its_closure(desk):
    """Half of 12 a day, for two days."""
    closure = "{road: Hill road, from: 2025-01-08 06:00, until: 2025-01-10 06:00}"

    (warning,) = warnings(desk, closure)

    assert warning.message == (
        "closed roads cut 'Hill' off from every base from 2025-01-08 06:00 to 2025-01-10 06:00; "
        "about 12 callouts then have no access"
    )
    assert (warning.where, warning.line) == ("map.closures.0", 11)


def test_places_cut_off_together_are_told_together(desk):
    (warning,) = warnings(desk, "{road: Coast, hours: 20:00-06:00}")

    assert warning.message.startswith(
        "closed roads cut 'Cape' and 'Hill' off from every base every day from 20:00 to 06:00; "
    )


def test_closures_that_cut_off_only_together_are_told_at_the_first(desk):
    """Two roads lead to the hill; while one is open there is a way."""
    two = f"{EDGES}p,h,30,50,Back road\n"
    closures = "{road: Back road, until: day 4 00:00}\n    - {road: Hill road, from: day 3 00:00}"

    (warning,) = warnings(desk, closures, two)

    assert "from 2025-01-08 00:00 to 2025-01-09 00:00" in warning.message
    assert warning.line == 11


@pytest.mark.parametrize("closure", ["{road: Hill road}", "{road: Coast, hours: 20:00-06:00}"])
def test_nothing_is_told_where_another_way_is_open(desk, closure):
    ring = f"{EDGES}p,h,30,50,Back road\n"

    assert warnings(desk, closure, ring) == ()


def test_a_place_cut_off_anyway_is_told_once(desk):
    found = warnings(desk, "{road: Coast}", "from,to,km,kmh,road\np,c,11,50,Coast\n")

    assert [w.message.split(":")[0] for w in found] == [
        "no team can reach 'Hill'",
        "closed roads cut 'Cape' off from every base at any time; about 30 callouts then have "
        "no access",
    ]


def test_an_area_without_anybody_on_duty_is_told_though_others_are(desk):
    """A base on the cape alone reaches it, by day."""
    desk.put("nodes.csv", NODES)
    desk.put("edges.csv", "from,to,km,kmh,road\nc,h,11,50,Hill road\n")
    text = (
        COAST.format(closure="{road: Hill road, until: day 1 00:00}")
        .replace(
            "bases: {Port: {}}", "bases: {Port: {}, Cape: {}}\nshifts: {day: {hours: 08:00-20:00}}"
        )
        .replace("count: 3}", "count: 3}, Cape: {base: Cape, shifts: [day]}")
    )

    found = [w.message for w in desk.read(text=text).warnings if "changes nothing" not in w.message]

    assert found == [
        "nobody on duty has access to 'Cape' and 'Hill' every day from 20:00 to 08:00; about 45 "
        "callouts of 'c' wait until 08:00"
    ]
