"""The story of a callout says who took people to hospital, who asked and who stayed."""

from sim.experiment import Reported
from sim.report.narratives.narrative import story

from ..worlds import hand_worked, logged, world_of

KIND = "fall: {share: 100%, to: hospital, handover: 30 min, transport: {by: ambulance}}"


def story_of(number, *callouts, policies=""):
    text = hand_worked(
        *callouts, places="A B N", bases="A B", times="A-B 15, A-N 10, B-N 20", kinds=KIND,
        teams="Pump: {base: A}\nAmb: {base: B, capabilities: [ambulance]}",
        rest=f"capabilities: {{ambulance: {{carries: 1}}}}\nhospitals: {{North: N}}\n{policies}",
    )  # fmt: skip
    world = world_of(text)
    return story(Reported(logged(world), world.names, world.scenario.clock.start, world), number)


def test_the_story_says_who_asked_who_stayed_and_who_took_people():
    """Done at 10; the ambulance, 15 away, is asked for at 0."""
    lines = story_of(0, "00:00 A fall")

    assert lines[2:] == [
        "00:00  Pump was on scene, as expected. Response time 0.0 min.",
        "00:00  Pump asked for a team that carries, to take people to hospital.",
        "00:00  Further help. Free teams, expected on scene: Amb in 15.0 min. Amb was sent "
        "(closest: expected on scene first).",
        "00:10  The work was done. People waited on scene for a transport; Pump stayed with them.",
        "00:15  Pump was cleared.",
        "00:15  Amb was on scene, as expected.",
        "00:15  Amb left for North.",
        "00:25  Amb was at the hospital.",
        "00:55  Amb was cleared.",
        "Ended at 00:55, 55.0 min after the call.",
    ]


def test_the_story_says_that_nobody_was_to_take_people():
    lines = story_of(1, "00:00 B fall", "00:01 A fall", policies="policies: {loss: {queue: none}}")

    assert lines[-2:] == [
        "00:11  Pump left: no team was to take the people there to hospital.",
        "Dropped at 00:11: no team took the people who were left to hospital.",
    ]
