"""The log as text comes back as it was, names that are hard on tables included."""

import pytest

from sim.experiment.rows import decisions_text, read_decisions

from ..worlds import hand_worked, logged, world_of

HARD = hand_worked(
    *(f"0{n}:{7 * n:02d} {'B' if n % 3 else 'A'} job" for n in range(8)),
    "08:00 C job",
    places="A B C",
    times="A-B 20",
    bases="A B",
    teams='"=T": {base: A, has: [x]}\nفريق: {base: B, has: [x]}',
    kinds="job: {share: 100%, to: hospital, needs: [x]}",
    rest="hospitals: {+H: A, I: C}\n"
    'policies: {"=cover": {relocation: {dmexclp: {within: 15 min}}}, "home": {}}',
)


@pytest.mark.parametrize("alternative", ["=cover", "home"])
def test_decisions_come_back_as_they_were_noted(alternative):
    """All three questions, a team without candidates, and a hospital to which there is no way."""
    world = world_of(HARD)
    log = logged(world, alternative)
    text = decisions_text(log, world.names, alternative, 3)

    found = list(read_decisions(text.splitlines(keepends=True), {alternative: world.names}, 3))

    assert {(name, r) for name, r, _ in found} == {(alternative, 3)}
    whole = [
        d._replace(candidates=list(d.candidates), arrivals=list(d.arrivals)) for d in log.decisions
    ]
    assert [d for _, _, d in found] == whole
    questions = {d.question for d in whole}
    assert questions == {"dispatch", "destination", "relocation"} - (
        {"relocation"} if alternative == "home" else set()
    )
    assert any(d.chosen is None for d in whole)
    assert any(arrival >= 1 << 60 for d in whole for arrival in d.arrivals)
