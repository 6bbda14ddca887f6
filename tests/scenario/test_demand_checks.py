"""Errors about surges, clusters, incidents and people: each one message at its line."""

import pytest

from sim.errors import ScenarioError

from ..worlds import file_of

TEXT = """
name: checked
clock: {start: 2025-01-06 06:00, length: 7 days, warm_up: 1 day, timezone: UTC}
map:
  places: {A: {area: North}, B: {weight: 0}}
  roads: {table: {A: {B: 5 min}}}
demand:
  rate: 10 per day
  kinds:
    job: {share: 100%, on_scene: 10 min KIND}
  DEMAND
bases: {A: {}}
teams: {T: {base: A}}
"""


def read(demand="", kind="", **tables):
    return file_of(TEXT.replace("DEMAND", demand).replace("KIND", kind), **tables)


@pytest.mark.parametrize(
    ("demand", "said"),
    [
        ("surges: [{place: A, area: North, factor: 2}]", "at a place or in an area; found both"),
        ("surges: [{area: Nort, factor: 2}]", "did you mean 'North'"),
        ("surges: [{factor: 2, hours: 25:00-06:00}]", "25:00"),
        ("surges: [{name: x, factor: 2}, {name: x, factor: 3}]", "two of the surges are"),
        ("surges: [{factor: 2, from: day 3 00:00, until: day 2 00:00}]", "ends before it begins"),
        ("surges: [{factor: 1001}]", "at most 1000"),
        (
            "surges: [{factor: 1000}]\n  scale: 3000%",
            "adds up to 299,700 callouts a day; 262,144 are the most",
        ),
        ("months: [1, 2]", "expected 12 numbers, found 2"),
        (f"months: {[0] * 12}", "at least one of the numbers must be above 0"),
        (f"months: {[0] * 6 + [1] * 2 + [0] * 4}", "any demand, which are July, August"),
        ("trend: 200%", "a share is at most 100%"),
        ("trend: -95%", "at least -0.9"),
        ("trend: much", "expected a share"),
        ("seasons: [{scale: 110%, from: day 9 00:00}]", "no hour of it is left"),
        ("seasons: [{scale: 110%, until: 2025-01-05 06:00}]", "no hour of it is left"),
        ("seasons: [{scale: 2, from: day 3 00:00, until: day 2 00:00}]", "ends before it begins"),
        ("seasons: [{scale: -1}]", "negative"),
        ("seasons: [{scale: 2, dates: [2025-02-30]}]", "calendar has no 2025-02-30"),
        ("seasons: [{scale: 2, dates: [2025-01-07 06:00]}]", "expected a date"),
        ("seasons: [{scale: 2, dates: []}]", "at least one is needed"),
        ("seasons: [{scale: 2, dates: [2024-12-25]}]", "none of these days is in the run"),
        ("seasons: [{scale: 2, dates: [2025-01-07, 2025-01-07]}]", "this date is there twice"),
        ("seasons: [{scale: 2, dates: [2025-01-07], until: day 2 00:00}]", "found both"),
        (
            "seasons: [{name: R, scale: 2, until: day 3 00:00}, {scale: 1, dates: [2025-01-07]}]",
            "this season overlaps another: R",
        ),
        ("seasons: [{scale: 2, until: day 3 00:01}, {scale: 1, from: day 3 00:00}]", "number 1"),
        ("seasons: [{name: R, scale: 2}, {scale: 1}]", "this season overlaps another: R"),
        ("seasons: [{scale: 2, hours: 06:00-07:00}]", "unknown key 'hours'"),
        ("clusters: {branching_ratio: -0.1, after: 1 h}", "at least 0"),
        ("clusters: {branching_ratio: 0.1}", "after"),
        ("clusters: {branching_ratio: 0.1, after: {file: no.csv, column: h, unit: h}}", "no.csv"),
        ("incidents: [{at: 2025-01-05 05:59, place: A, kind: job}]", "this is before the run"),
        ("incidents: [{at: day 2 00:00, place: A, kind: job, sites: 0}]", "at least 1"),
        ("incidents: [{at: day 2 00:00, place: A, kind: job, team_hours: 0}]", "above 0"),
        (
            "incidents: [{at: day 2 00:00, place: A, kind: job, casualties: {number: 3, kind: x}}]",
            "no kind is called 'x'",
        ),
        ("day_to_day: {dispersion_index: 1}", "above 1"),
        ("day_to_day: {}", "dispersion_index"),
    ],
)
def test_an_error_about_demand_is_told_at_its_line(demand, said):
    with pytest.raises(ScenarioError) as caught:
        read(demand)

    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.line == 11
    assert said in f"{diagnostic.message} | {diagnostic.help}"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (", people: {mean: 501}", "at most 500"),
        (", people: {mean: 2, on_scene: {mean: 5 min}}", "mean alone"),
        (", permission: -5 min", "-5 min"),
        (", scene_hazard: {safe_after: 1 h, share: 120%}", "100%"),
        (", explosive_hazard: {needs: [], clearance: 1 h}", "at least one is needed"),
        (", hours: [1, 2]", "expected 24 numbers, found 2"),
        (f", hours: {[0] * 24}", "at least one of the numbers must be above 0"),
        (", weekdays: [1, 1, 1, 1, 1, 1, -1]", "demand cannot be negative, found -1"),
        (", where: {Bb: 1}", "no place is called 'Bb'"),
        (", where: {A: 0}", "at least one of the numbers must be above 0"),
        (", where: forest", "places written here have no 'forest'; they have a weight"),
        (f", months: {[0] * 6 + [1] + [0] * 5}", "any demand, which are July"),
        (", from: day 9 00:00", "no hour of it is left"),
        (", until: 2025-01-05 00:00", "no hour of it is left"),
        (", from: day 3 00:00, until: day 3 00:00", "ends before it begins"),
        (", seasons: [{scale: 2}, {scale: 3, until: day 2 00:00}]", "overlaps another"),
        (", areas: {Nort: 1}", "did you mean 'North'"),
        (", areas: {North: -1}", "demand cannot be negative"),
        (", areas: {}", "at least one is needed"),
        (", areas: {B: 1}", "no place of 'B' has any weight to share this by"),
        (", where: equal, areas: {North: 1}", "by `where` or by `areas`; found both"),
    ],
)
def test_an_error_about_a_kind_is_told_at_its_line(kind, said):
    with pytest.raises(ScenarioError) as caught:
        read(kind=kind)

    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.line == 10
    assert said in f"{diagnostic.message} | {diagnostic.help}"


def test_a_column_that_weighs_a_kind_is_in_the_table_of_places():
    """At the kind's line, with the nearest column."""
    places = "name,lat,lon,weight,forest\nA,35,35,1,0\nB,35,36,0,0\n"
    text = TEXT.replace("{A: {area: North}, B: {weight: 0}}", "places.csv").replace("DEMAND", "")

    for column, said in [("florest", "no column 'florest'"), ("forest", "any demand of 'job'")]:
        with pytest.raises(ScenarioError) as caught:
            file_of(text.replace("KIND", f", where: {column}"), places=places)

        (diagnostic,) = caught.value.diagnostics
        assert diagnostic.line == 10
        assert said in diagnostic.message


@pytest.mark.parametrize(
    "given",
    ["where: equal", "areas: {North: 1}", f"hours: {[1] * 24}", f"weekdays: {[1] * 7}",
     f"months: {[1] * 12}", "from: day 2 00:00", "seasons: [{scale: 2}]"],
)  # fmt: skip
def test_the_pattern_of_a_kind_is_refused_where_callouts_are_written_down(given):
    """It would be passed over in silence."""
    text = TEXT.replace("rate: 10 per day", "callouts: [{at: day 1 07:00, place: A, kind: job}]")

    with pytest.raises(ScenarioError, match=f"{given.split(':')[0]} of a kind is for a rate"):
        file_of(text.replace("KIND", f", {given}").replace("DEMAND", ""))


@pytest.mark.parametrize(
    "demand", ["clusters", "surges", "day_to_day", "months", "trend", "seasons"]
)
def test_what_is_for_a_rate_is_refused_where_callouts_are_written_down(demand):
    """It would be passed over in silence."""
    lines = {
        "clusters": "{branching_ratio: 0.1, after: 1 h}",
        "surges": "[{factor: 2}]",
        "day_to_day": "{dispersion_index: 2}",
        "months": str([1] * 12),
        "trend": "3%",
        "seasons": "[{scale: 2}]",
    }
    text = TEXT.replace("rate: 10 per day", "callouts: [{at: day 1 07:00, place: A, kind: job}]")

    with pytest.raises(ScenarioError, match=f"{demand} is for a rate"):
        file_of(text.replace("KIND", "").replace("DEMAND", f"{demand}: {lines[demand]}"))


@pytest.mark.parametrize(
    ("demand", "said"),
    [
        ("surges: [{place: B, factor: 2}]", "no callouts come from 'B'"),
        ("surges: [{factor: 2, from: day 9 00:00}]", "after the run and changes nothing"),
        ("surges: [{factor: 2, until: 2025-01-05 06:00}]", "before the run and changes nothing"),
        ("seasons: [{scale: 2, from: 2025-01-01 00:00}]", "it begins before the run"),
        ("seasons: [{scale: 2, until: day 30 00:00}]", "it ends after the run"),
        ("seasons: [{scale: 0, from: day 1 00:00}, {scale: 0%, until: day 1 00:00}]", "no 'job'"),
        (
            "incidents: [{at: 2025-01-13 06:00, place: A, kind: job}]",
            "after the run and changes nothing",
        ),
    ],
)
def test_what_changes_nothing_is_told(demand, said):
    (warning,) = read(demand).warnings

    assert said in warning.message


def test_a_trend_that_comes_to_more_than_can_be_drawn_is_refused():
    """At the rate, which is the first thing to lower."""
    text = TEXT.replace("7 days", "7000 days").replace("10 per day", "300 per day")

    with pytest.raises(ScenarioError, match=r"comes to .* callouts a day in the busiest hour"):
        file_of(text.replace("KIND", "").replace("DEMAND", "trend: 100%"))


def test_a_surge_where_only_one_kind_happens_is_of_that_kind():
    """B has no weight, and a kind of its own there."""
    text = TEXT.replace("share: 100%", "share: 50%").replace("DEMAND", "surges: [SURGE]").replace(
        "KIND}", "}\n    fire: {share: 50%, where: {B: 1}, on_scene: 10 min}"
    )  # fmt: skip

    assert not file_of(text.replace("SURGE", "{place: B, factor: 2}")).warnings
    (warning,) = file_of(text.replace("SURGE", "{place: B, kinds: [job], factor: 2}")).warnings
    assert "no callouts come from 'B'" in warning.message
