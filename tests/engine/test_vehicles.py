"""Vehicles apart from teams; minutes on paper."""

from sim.log import Event

from ..worlds import MINUTE, answered, hand_worked, logged, world_of

KINDS = (
    "fire: {share: 50%, crew: 1, needs: [pump]}\nwound: {share: 50%, crew: 1, needs: [ambulance]}"
)

WOUND = "wound: {share: 100%, crew: 1, needs: [ambulance]}"


def world(*callouts, vehicles, teams, **kwargs):
    return hand_worked(
        *callouts,
        teams=teams,
        rest=f"vehicles: {{{vehicles}}}\n" + kwargs.pop("rest", ""),
        **kwargs,
    )


def test_one_crew_takes_the_vehicle_that_the_callout_needs():
    text = world(
        "00:00 A fire",
        "01:00 A wound",
        vehicles="pump: {base: A, capabilities: [pump]}, car: {base: A, capabilities: [ambulance]}",
        teams="One: {base: A, vehicles: [pump, car]}",
        kinds=KINDS,
    )
    day = answered(text)

    assert day.minutes(0, "on_scene", "attended") == (0, 0)
    assert day.minutes(1, "on_scene", "attended") == (60, 60)


def test_of_two_crews_with_one_vehicle_only_one_can_go():
    """Two waits for the car until One is back in A: 10 + 10 + 10 min away, so at 30."""
    text = world(
        "00:00 B wound",
        "00:05 B wound",
        vehicles="car: {base: A, capabilities: [ambulance]}",
        teams="One: {base: A, vehicles: [car]}\nTwo: {base: A, vehicles: [car]}",
        kinds=WOUND,
        places="A B",
        times="A-B 10",
        rest="dispatch_centre: {dispatch_while_returning: false}",
    )
    day = answered(text)

    assert day.mission(0) == (0, 0, 10, 20, "completed")
    assert day.minutes(1, "dispatched") == 30
    words = (Event.VEHICLE_TAKEN, Event.VEHICLE_AT_BASE)
    assert [(e.at / 60_000, e.what, e.team) for e in day.log.events if e.what in words] == [
        (0, Event.VEHICLE_TAKEN, 0),
        (30, Event.VEHICLE_AT_BASE, 0),
        (30, Event.VEHICLE_TAKEN, 1),
        (60, Event.VEHICLE_AT_BASE, 1),
    ]


def test_a_team_on_its_way_home_is_sent_on_with_the_vehicle_it_has():
    """One, done at 20 in B, is called at 25 on its way: five minutes back."""
    text = world(
        "00:00 B wound",
        "00:25 B wound",
        vehicles="car: {base: A, capabilities: [ambulance]}",
        teams="One: {base: A, vehicles: [car]}",
        kinds=WOUND,
        places="A B",
        times="A-B 10",
    )

    assert answered(text).minutes(1, "dispatched", "on_scene") == (25, 30)


def test_a_team_on_its_way_home_with_the_wrong_vehicle_is_not_sent():
    """A fire at 25: One is on its way with the ambulance; it is home at 30 and takes the pump."""
    text = world(
        "00:00 B wound",
        "00:25 B fire",
        vehicles="car: {base: A, capabilities: [ambulance]}, pump: {base: A, capabilities: [pump]}",
        teams="One: {base: A, vehicles: [car, pump]}",
        kinds=KINDS,
        places="A B",
        times="A-B 10",
    )

    assert answered(text).minutes(1, "dispatched", "on_scene") == (30, 40)


def test_no_more_people_go_than_there_are_seats():
    """Two seats for a crew of four: work of four people's ten minutes takes twenty."""
    text = world(
        "00:00 A job",
        vehicles="car: {base: A, seats: 2}",
        teams="One: {base: A, crew: 4, vehicles: [car]}",
        kinds="job: {share: 100%, crew: 4}",
    )

    assert answered(text).minutes(0, "on_scene", "cleared") == (0, 20)


def test_a_vehicle_is_out_of_service_for_as_long_as_it_should_be():
    """Available 75 % with repairs of 6 h: over 400 days out for a quarter, within 3 points."""
    text = world(
        vehicles="car: {base: A, available: 75%, time_to_repair: 6 h}",
        teams="One: {base: A, vehicles: [car]}",
        run="400 days",
    )
    log = logged(world_of(text))
    out = sum(
        min(e.until, 400 * 86_400_000) - e.at for e in log.events if e.what == "out of service"
    )

    assert abs(out / (400 * 86_400_000) - 0.25) < 0.03


def test_nobody_is_sent_with_a_vehicle_that_is_out_of_service():
    """Every mission begins while the car is in service, and callouts wait for its repair."""
    lines = [f"{d}/{h:02d}:00 A job" for d in range(1, 30) for h in range(0, 24, 3)]
    text = world(
        *lines,
        vehicles="car: {base: A, available: 60%, time_to_repair: {mean: 5 h, sd: 2 h}}",
        teams="One: {base: A, vehicles: [car]}",
        run="30 days",
    )
    log = logged(world_of(text))
    out = [(e.at, e.until) for e in log.events if e.what == "out of service"]

    assert len(out) > 20
    assert len(log.missions) > 100
    for mission in log.missions:
        assert not any(begins <= mission.dispatched < ends for begins, ends in out)


def test_a_breakdown_on_the_way_hands_the_callout_to_another_team():
    """A drive of two hours each way, over and over: some break down, all are served."""
    lines = [f"{d}/{h:02d}:00 B job" for d in range(1, 25) for h in (0, 8, 16)]
    text = world(
        *lines,
        vehicles="car: {base: A, available: 50%, time_to_repair: 4 h}",
        teams="One: {base: A, vehicles: [car]}\nTwo: {base: B}",
        places="A B",
        bases="A B",
        times="A-B 120",
        run="25 days",
        rest="policies: {p: {dispatch: {run_card: {order: {B: [One, Two]}}}}}",
    )
    log = logged(world_of(text))
    endings = {m.ending for m in log.missions}

    assert "broke down" in endings
    assert {c.outcome for c in log.callouts} <= {"served", "unfinished"}
    stranded = {m.callout for m in log.missions if m.ending == "broke down"}
    assert all(len([m for m in log.missions if m.callout == n]) > 1 for n in stranded)


def test_a_team_whose_vehicle_fails_is_noted_as_returning_until_it_is_home():
    """
    Two hours each way. A team that set out from home and breaks down on the way drives back for as
    long as it had driven; one whose car fails on scene is done there first and then two hours from
    home. Others may be sent from the road, and are never noted.
    """
    lines = [f"{d}/{h:02d}:00 B job 60" for d in range(1, 60) for h in (0, 8, 16)]
    text = world(
        *lines,
        vehicles="car: {base: A, available: 50%, time_to_repair: 4 h}",
        teams="One: {base: A, vehicles: [car]}",
        places="A B",
        times="A-B 120",
        run="60 days",
    )
    log = logged(world_of(text))
    back = {e.at: e.until - e.at for e in log.events if e.what == "returning"}
    out = [(e.at, e.until) for e in log.events if e.what == "out of service"]

    broke_down = [m for m in log.missions if m.ending == "broke down"]
    failed = [
        m
        for m in log.missions
        if m.ending == "completed" and any(a < m.cleared < b for a, b in out)
    ]

    from_home = 0
    for m in broke_down:
        before = max(
            (b.cleared for b in log.missions if b.cleared < m.dispatched), default=-(10**9)
        )
        drives = back.pop(m.cleared)
        if before + 120 * MINUTE <= m.dispatched:
            assert drives == m.cleared - m.en_route
            from_home += 1
    for m in failed:
        assert back.pop(m.cleared) == 120 * MINUTE
    assert back == {}
    assert from_home > 3
    assert len(failed) > 3
