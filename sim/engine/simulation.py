"""A run: the engine's parts put together, and the only place that names optional features."""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType

from sim.cycle_collector import no_collector
from sim.log import Log
from sim.policies import PolicySet
from sim.policies.travel_rules.routing import Fastest
from sim.world import Callout, Marks, World

from .dispatch_queue import DispatchQueue
from .dispatcher import Dispatcher
from .duty import Duty, changes_of
from .features import (
    base_dates,
    capability_wait,
    closures,
    deferral,
    drive_log,
    explosive_hazards,
    exposure,
    permission,
    preempting,
    reassigning,
    reserve_staffing,
    staging,
    transport,
    vehicles,
    volunteers,
)
from .features.crew_rest import breaks, crew_limits, relief
from .features.fuel import refuelling
from .foundation.atlases import Atlases
from .foundation.clock import READY, Alarm, Process, RunEnvironment
from .foundation.consult import Consultation, rules_of
from .foundation.hooks import Operations, Run
from .foundation.recorder import Recorder
from .foundation.state import OpenCallout
from .hospitals import Hospitals
from .relocating import Relocator
from .response import Response
from .status_board import boards_of

FEATURES: tuple[ModuleType, ...] = (
    vehicles,  # first, as its breakdowns come before shifts that change at the same instant
    volunteers,
    permission,
    reassigning,
    preempting,
    capability_wait,  # of these three the first that it concerns sees to a shift that ends
    transport,
    relief,
    exposure,  # before closures, which change drives
    explosive_hazards,
    drive_log,  # before closures, which note what becomes of a drive
    closures,
    staging,  # after closures: a scene is safe or not when the team is there
    deferral,
    breaks,
    crew_limits,
    refuelling,  # after breaks: a crew that rests fills up later
    base_dates,
    reserve_staffing,
)
"""The optional features, in the order in which they act at the same step."""


def simulate(
    world: World,
    policies: PolicySet,
    log: Log,
    seed: int,
    replication: int,
    atlases: Atlases | None = None,
    callouts: Iterable[tuple[Callout, Marks]] | None = None,
) -> None:
    """
    Run one replication and note in ``log`` what happened.

    A pure function of its arguments: the same world, policies, seed and replication give the
    same log, no matter what ran before. To save work, ``atlases`` may be handed from run to run,
    and the replication's ``callouts`` from policy to policy.
    """
    if not isinstance(policies.routing, Fastest) and world.routing != policies.routing:
        raise RuntimeError("this world's routes are not those of the routing rule: see rerouted")
    atlases = Atlases(world) if atlases is None else atlases
    if callouts is None:
        callouts = world.demand.callouts(seed, replication)
    parts = Parts(world, policies, atlases, log, seed, replication)
    run = parts.run
    not_ready: list[OpenCallout] = []
    parts.start()
    Alarm(run.env, READY).begin(_callout_source(parts, callouts, not_ready))
    with no_collector():  # a run leaves no cycles behind
        run.env.run_until(world.ends)
    for end in run.hooks.over:
        end()
    run.recorder.cut_off([*run.pending, *not_ready], run.teams)
    for own in run.asking.atlases.values():
        own.forget()  # a run's objects refer to each other, and the cycle collector is off
    atlases.trim()


class Parts:
    """The parts of one replication, each knowing those it needs."""

    def __init__(
        self,
        world: World,
        policies: PolicySet,
        atlases: Atlases,
        log: Log,
        seed: int,
        replication: int,
    ) -> None:
        env = RunEnvironment(initial_time=world.begins)
        recorder = Recorder(log, env, world.ends, rules_of(policies))
        asking = Consultation(world, policies, atlases, recorder, env)
        self.run = run = Run(env, world, policies, recorder, asking, seed, replication)
        self.hospitals = Hospitals(run)
        run.boards = boards_of(run, self.hospitals)
        self.relocation = Relocator(run)
        for feature in FEATURES:
            if feature.is_in(run):
                feature.install(run)
        self.queue = DispatchQueue(run)
        self.dispatcher = Dispatcher(run, self.queue)
        self.response = Response(run, self.dispatcher, self.hospitals, self.relocation)
        self.duty = Duty(run, self.dispatcher, self.response)
        run.act = self._operations()

    def _operations(self) -> Operations:
        """Return what features may ask for, and who does it."""
        return Operations(
            serve=self.dispatcher.serve,
            serve_again=self.dispatcher.serve_again,
            serve_queue=self.dispatcher.serve_queue,
            serve_queue_at=self.dispatcher.serve_queue_at,
            serve_left_behind=self.dispatcher.serve_left_behind,
            enqueue=self.queue.add,
            dequeue=self.queue.remove,
            goes_before=self.queue.goes_before,
            settle_drive=self.dispatcher.settle_drive,
            reschedule=self.response.reschedule,
            stop_under_way=self.response.stop_under_way,
            stand_down_others=self.response.stand_down_others,
            end_mission=self.response.end_mission,
            finish=self.response.finish,
            take_away=self.response.take_away,
            interrupt=self.response.interrupt,
            clear_at=self.response.clear_at,
            become_available=self.response.become_available,
            restart=self.response.restart,
            rest=self.response.rest,
            drive_to_base=self.relocation.drive_to_base,
            begin_shift=self.duty.begin_shift,
            end_shift=self.duty.end_shift,
            choose_hospital_again=self.hospitals.choose_again,
        )

    def start(self) -> None:
        """Start the processes, and bring on duty whoever is so from the beginning."""
        run, changes = self.run, list(changes_of(self.run.world))
        for team in run.teams:
            team.alarm.begin(self.response.life(team))
        if changes and changes[0].at == run.world.begins:
            self.duty.apply(changes.pop(0))
        run.env.process(self.duty.roster(changes))
        for start in run.hooks.starts:
            start()


def _callout_source(
    parts: Parts, callouts: Iterable[tuple[Callout, Marks]], not_ready: list[OpenCallout]
) -> Process:
    """Let callouts come in, one after the other, as they become ready."""
    run = parts.run
    ends, on_callout = run.world.ends, parts.dispatcher.on_callout
    for callout, marks in callouts:
        ready = callout.ready
        if ready >= ends:
            not_ready.append(OpenCallout(callout, marks, run.needs[callout.kind]))
            continue
        yield ready - run.clock.now
        on_callout(callout, marks)
