"""How many transports a callout takes, and how long each handover is."""

import pytest

from ..worlds import MINUTE, hand_worked, world_of

PEOPLE = (
    "fall: {share: 100%, to: hospital, handover: 30 min, transport: {by: ambulance}, "
    "people: {mean: 3, handover: 4 min}}"
)


def drawn(carries, kinds=PEOPLE):
    """Return of 100 callouts the handover of each transport. [ms]"""
    text = hand_worked(
        *[f"00:{n % 60:02} A fall" for n in range(100)],
        kinds=kinds,
        teams="T: {base: A, capabilities: [ambulance]}",
        rest=f"capabilities: {{ambulance: {{carries: {carries}}}}}\nhospitals: {{H: A}}",
    )
    found = []
    for _, marks in world_of(text).demand.callouts(1, 0):
        further = marks.complications.handovers if marks.complications else ()
        found.append((marks.handover, *further))
    return found


@pytest.mark.parametrize("carries", [1, 2, 3])
def test_people_are_shared_out_among_as_few_transports_as_can_be(carries):
    """30 min for the first of each, 4 for each other, as many as there are in all."""
    for (alone,), several in zip(drawn(1000), drawn(carries), strict=True):
        people = (alone // MINUTE - 30) // 4 + 1
        each = [min(carries, people - taken) for taken in range(0, people, carries)]
        assert several == tuple((30 + 4 * (n - 1)) * MINUTE for n in each)


def test_how_many_people_a_team_carries_changes_no_other_draw():
    varied = PEOPLE.replace("30 min", "{distribution: exponential, mean: 30 min}")

    for one, two in zip(drawn(1, varied), drawn(2, varied), strict=True):
        assert len(two) == -(-len(one) // 2)
        assert len(set(one)) == len(one)  # each transport has a draw of its own
        if len(one) == 1:
            assert one == two
        # the first of the second transport for two is the third of those for one
        elif len(one) == 3:
            assert one[2] == two[1]
