"""How much of a study is logged goes by how many callouts it has."""

import pytest

from sim.api import design_of

from ..worlds import file_of, hand_worked

TEXT = """
name: sized
clock: {start: 2025-01-06 00:00, length: 10 days, warm_up: 5 days, timezone: UTC}
map: {places: {A: {weight: 3}, B: {}}, roads: {table: {A: {B: 5 min}}}}
demand:
  rate: 20 per day
  kinds: {job: {share: 100%, on_scene: 10 min}}
  MORE
bases: {A: {}}
teams: {T: {base: A}}
"""


@pytest.mark.parametrize(
    ("more", "callouts"),
    [
        ("scale: 50%", 150),
        ("clusters: {branching_ratio: 0.5, after: 1 h}", 600),
        ("surges: [{place: B, factor: 5}]", 600),
        ("incidents: [{at: day 2 00:00, place: A, kind: job, sites: 100}]", 450),
    ],
)
def test_the_size_of_a_study_counts_what_surges_and_sets_off(more, callouts):
    """The warm-up is taken to be as the run; so an incident counts for it, too."""
    design = design_of([file_of(TEXT.replace("MORE", more))])

    assert design.callouts == pytest.approx(callouts)


def test_callouts_written_down_are_counted():
    design = design_of([file_of(hand_worked("00:05 A job", "00:09 A job"))])

    assert design.callouts == 2
