"""What rules that look ahead are told of teams that take people, or stay with them."""

import pytest

from sim.engine import status_board
from sim.engine.sample_paths import SamplePaths

from ..worlds import answered, in_minutes
from .test_transport import world


@pytest.mark.parametrize("rule", ["clairvoyant", "rollout"])
def test_rules_that_look_ahead_know_when_each_team_is_free(rule):
    """
    At 6 the pump stays with a patient until 15, when the ambulance, under way, is there; that is
    free at the hospital at 55. Nothing is drawn, so what is expected is what will be.
    """
    asked = []

    class Asking(SamplePaths):
        def futures(self, now):
            asked.append((now, builder._busy(now, 0)))
            return super().futures(now)

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
