"""
A replication run again with one decision changed, all else being as it was.

Exact, because draws are keyed: each callout keeps its instants, place, times on scene, travel
variation and patience whatever is decided, so the two runs are the same up to the decision, and
everything that differs after it follows from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sim.errors import ResultsError, UsageError
from sim.policies import PolicySet
from sim.policies.forced_choice import Instead, Question, forced_choice
from sim.world import World

from ..running.runner import Runner
from .design_reading import check_replication, design_again
from .folder_layout import RESULTS_VERSION
from .log_reading import Reported
from .manifest_reading import study_manifest

FORCED = "chosen instead, by --instead"


@dataclass(frozen=True)
class WatchedRun:
    """One replication of an alternative, and all that was asked about one of its callouts."""

    alternative: str
    is_baseline: bool
    number: int  # of the callout
    run: Reported
    asked: Sequence[Question]  # whom to send to it, in order
    world: World
    rule: str  # the dispatch rule's own name
    waits: bool  # whether its queue rule lets callouts wait
    _policies: PolicySet
    _runner: Runner
    _replication: int

    @property
    def first_sent(self) -> int | None:
        """The question that was first answered with a team; None: no team was ever sent."""
        return next((n for n, one in enumerate(self.asked) if one.chosen is not None), None)

    def question_for(self, team: int | None) -> int | None:
        """
        Return which question is answered otherwise, to send a team first. None: there is none.

        It is the one that sent the first team. Where the rule had sent nobody before though there
        was somebody, and the team is the very one sent later or could not be sent then any more,
        it is the earliest at which the team could have been sent. ``team`` None is nobody.
        """
        sent = self.first_sent
        if team is None:
            return sent
        if sent is not None and team in self.asked[sent].teams:
            if team != self.asked[sent].chosen:
                return sent
            last = sent + 1
        else:
            last = len(self.asked) if sent is None else sent
        return next((n for n in range(last) if team in self.asked[n].teams), None)

    def changed(self, question: int, team: int | None) -> Reported:
        """
        Return the run again with one answer replaced.

        Raises
        ------
        PolicyError
            When a rule fails in what follows.

        """
        rule = forced_choice(self._policies.dispatch, self.number, Instead(question, team, FORCED))
        policies = replace(self._policies, dispatch=rule)
        log = self._runner.log(self.alternative, self._replication, policies)
        return replace(self.run, log=log)


def watched_run(folder: Path, replication: int, alternative: str | None, number: int) -> WatchedRun:
    """
    Run one replication of an alternative again, watching what is asked about a callout.

    Parameters
    ----------
    folder
        Results: all that is needed is in them.
    replication
        Which, from 0.
    alternative
        Its name; the baseline if None.
    number
        The callout's number within the replication.

    Raises
    ------
    ResultsError
        When the folder is not complete, has no such replication, or was made by a version whose
        runs differ from this one's, or by a policy from Python.
    UsageError
        When there is no such alternative.

    """
    manifest = study_manifest(folder)
    check_replication(folder, manifest, replication)
    if manifest["results_version"] != RESULTS_VERSION:
        raise ResultsError(
            f"{folder} was made by rescuesim {manifest['rescuesim']}, whose runs this version does "
            "not repeat: run the scenario again to change a decision in it"
        )
    design = design_again(folder, manifest)
    own = {a.name: a for a in design.alternatives}
    name = design.names[0] if alternative is None else alternative
    if name not in own:
        raise UsageError(f"--policy: {name!r} is not among {', '.join(own)}")
    runner = Runner([own[name]], design.seed)
    return watch(runner, name, replication, number, is_baseline=name == design.names[0])


def watch(
    runner: Runner, alternative: str, replication: int, number: int, *, is_baseline: bool = True
) -> WatchedRun:
    """Run one replication of an alternative, watching what is asked about a callout."""
    policies, world = runner.alternatives[alternative].policies, runner.worlds[alternative]
    rule = forced_choice(policies.dispatch, number)
    log = runner.log(alternative, replication, replace(policies, dispatch=rule))
    return WatchedRun(
        alternative,
        is_baseline,
        number,
        Reported(log, world.names, world.scenario.clock.start, world),
        tuple(rule.asked),
        world,
        type(policies.dispatch).__name__,
        policies.queue.waits,
        policies,
        runner,
        replication,
    )
