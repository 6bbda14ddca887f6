"""More work than teams is told where a queue grows by it, and nowhere else."""

import pytest

OVER = """\
format: 2
name: over
clock: {start: 2025-01-06 00:00, timezone: UTC, length: 30 days}
map:
  places: {A: {}, B: {}}
  roads: {table: {A: {A: 0 min, B: 0 min}, B: {A: 0 min, B: 0 min}}}
demand:
  rate: 40 per day
  kinds: {c: {share: 100%, on_scene: {distribution: exponential, mean: 1 h}}}
bases: {A: {}}
teams: {T: {base: A, crew: 1}}
policies: {p: {dispatch: closest, queue: first_come}}
"""
GROWS = (
    "the work on scene alone would keep 1.7 teams busy day and night, and 1.0 are on duty on "
    "average; the queue will grow all the time"
)


def messages(desk, *changes):
    return [(w.line, w.message) for w in desk.read(*changes, text=OVER).warnings]


def test_a_queue_that_grows_is_told_at_the_rate(desk):
    """40 hours of work a day for one team."""
    assert messages(desk) == [(8, GROWS)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("queue: first_come", "queue: none"),
        ("queue: first_come", "queue: {none: {}}"),
        ("mean: 1 h}", "mean: 1 h}, abandons_after: 10 min"),
        ("per day", "per day\n  surges: [{place: B, factor: 0}]"),
        ("per day", "per day\n  surges: [{hours: 08:00-20:00, factor: 0}]"),
        ("per day", "per day\n  surges: [{until: day 16 00:00, factor: 0.1}]"),
        ("crew: 1}", "crew: 1, on_scene: 30 min}"),
    ],
)
def test_where_callouts_are_lost_abandoned_or_fewer_no_queue_grows(desk, old, new):
    """A textbook loss system, callers who stop waiting, a place that a surge of zero empties."""
    assert messages(desk, (old, new)) == []


@pytest.mark.parametrize("surge", ["{factor: 1}", "{factor: 3, until: day 2 00:00}"])
def test_a_surge_that_takes_nothing_away_leaves_the_queue_as_it_is(desk, surge):
    assert messages(desk, ("per day", f"per day\n  surges: [{surge}]")) == [(8, GROWS)]


def test_a_surge_that_lasts_adds_to_the_work(desk):
    """15 hours of work a day are enough for one team, 45 are not."""
    changes = ("40 per day", "15 per day\n  surges: [{factor: 3}]")

    ((_, message),) = messages(desk, changes)

    assert "would keep 1.9 teams busy" in message


def test_an_alternative_without_a_queue_is_not_meant(desk):
    ((_, message),) = messages(desk, ("policies: {", "policies: {lost: {queue: none}, "))

    assert message == f"{GROWS} under 'p'"
