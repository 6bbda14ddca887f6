"""What rules that look ahead are told of teams that take people, or stay with them."""

import pytest

from sim.engine import status_board
from sim.engine.foundation.sample_paths import SamplePaths
from sim.engine.foundation.transport_forecast import committed

from ..worlds import MINUTE, answered, in_minutes, world_of
from .test_transport import FALL, world


@pytest.mark.parametrize(
    ("change", "minutes"),
    [
        (("", ""), 30 + 0.5 * 2 * 10),
        (("to: h", "transported: 40%, to: h"), 0.4 * (30 + 0.5 * 2 * 10)),
        (("to: h", "needs: [ambulance], to: h"), 30),
        (("to: h", "needs: [ambulance], people: {mean: 3}, to: h"), 3 * 30 + 2 * 2 * 10),
    ],
)
def test_a_forecast_of_load_has_the_time_of_teams_that_carry(change, minutes):
    """Drives of 10 min; half of the teams carry, one at a time; a handover takes 30."""
    found = world_of(world(kinds=FALL.replace(*change)))
    (kind,) = found.scenario.demand.kinds.values()

    assert committed(found, kind, 10 * MINUTE) == pytest.approx(minutes * MINUTE)


@pytest.mark.parametrize("rule", ["clairvoyant", "rollout"])
def test_rules_that_look_ahead_know_when_each_team_is_free(rule):
    """
    At 6 the pump stays with a patient until 15, when the ambulance, under way, is there; that is
    free at the hospital at 55. Nothing is drawn, so what is expected is what will be.
    """
    asked = []

    class Asking(SamplePaths):
        def futures(self, now, period):
            asked.append((now, builder._busy(now, period)))
            return super().futures(now, period)

    text = world("00:00 A fall 5", "00:06 A fall 5", rest=f"policies: {{it: {{dispatch: {rule}}}}}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(status_board, "SamplePaths", Asking)
        made = status_board.BoardBuilder.__init__

        def keep(self, *args):
            nonlocal builder
            builder = self
            made(self, *args)

        builder = None
        patch.setattr(status_board.BoardBuilder, "__init__", keep)
        day = answered(text)
    at_six = next(busy for now, busy in asked if in_minutes(now) == 6)
    places = day.world.names.places

    assert [(in_minutes(at), places[place]) for _, at, place in at_six] == [(15, "A"), (55, "N")]
