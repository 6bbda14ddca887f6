"""Small logs worked by hand; times are written in minutes."""

from sim.log import MS_PER_MINUTE, CalloutRow, Ending, MissionRow, Outcome
from sim.outcomes import Sample, Standards
from sim.scenario import Target


def ms(minutes):
    return None if minutes is None else round(minutes * MS_PER_MINUTE)


def callout(number, received, *, ready=None, sent=None, reached=None, ended=None, **more):
    """A callout; without an outcome it is served if it ended, else unfinished."""
    row = {"kind": 0, "priority": 1, "place": 0, "outcome": None, "attended": None} | more
    outcome = row["outcome"] or (Outcome.UNFINISHED if ended is None else Outcome.SERVED)
    return CalloutRow(
        callout=number,
        key=1000 + number,
        kind=row["kind"],
        priority=row["priority"],
        place=row["place"],
        received=ms(received),
        ready=ms(received if ready is None else ready),
        dispatched=ms(sent),
        en_route=ms(sent),
        on_scene=ms(reached),
        cleared=ms(ended) if outcome == Outcome.SERVED else None,
        ended=ms(ended),
        outcome=outcome,
        teams=0 if sent is None else 1,
        attended=ms(row["attended"]),
    )


def mission(number, team, sent, cleared):
    ending = Ending.UNFINISHED if cleared is None else Ending.COMPLETED
    sent, cleared = ms(sent), ms(cleared)
    return MissionRow(number, team, sent, sent, None, None, None, None, cleared, ending)


def target(name, minutes, *, share=0.9, **about):
    """A target; ``about`` says which callouts it is for, as the scenario's fields do."""
    return Target.model_construct(name=name, within=ms(minutes), share=share, **about)


def sample(
    obs, names, targets, end, *, name="a", survival=None, numbers=None, margins=None, horizon=60,
    primary=(),
):  # fmt: skip
    """
    A sample of observations: margins are a minute and two points, the horizon is an hour.

    Without primary measures named, they are the default ones.
    """
    time, shares = margins or (MS_PER_MINUTE, 0.02)
    standards = Standards(
        tuple(targets), survival or {}, time, shares, ms(horizon), 0.005, primary=tuple(primary)
    )
    own = tuple(range(obs.replications)) if numbers is None else numbers
    return Sample(name, obs, names, standards, end, own)
