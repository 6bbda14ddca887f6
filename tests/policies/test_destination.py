"""Where people are taken: by view, and in worlds worked by hand. Times in minutes."""

from dataclasses import replace

import pytest
from pydantic import TypeAdapter, ValidationError

from sim.engine import simulate
from sim.errors import ScenarioError
from sim.log import NO_ACCESS, KeptLog
from sim.policies import Atlas, HospitalView, PolicySet, policy_sets
from sim.policies.dispatch_rules.dispatch import Closest
from sim.policies.travel_rules.destination import (
    LeastExpected,
    NearestHospital,
    NearestWithService,
    Referral,
)

from ..worlds import MINUTE, file_of, hand_worked, in_minutes, world_of

ATLAS = Atlas(
    places=("A",), weights=(1,), times=((0,),), bases=(), base_places=(), teams=(),
    team_bases=(), delay=0, kinds=("fall", "burn"), hospitals=("North", "South", "Far"),
    hospital_places=(0, 0, 0),
)  # fmt: skip


THREE = {
    "places": "A N S",
    "times": "A-N 10, A-S 25, N-S 30",
    "teams": "T: {base: A, count: 3}",
    "kinds": "job: {share: 100%, to: hospital, handover: 30 min}",
    "rest": "hospitals: {North: N, South: S}",
}


class Callout:
    """A callout as far as hospitals are concerned."""

    number = place = received = ready = 0

    def __init__(self, kind=0, priority=1):
        self.kind, self.priority = kind, priority


def chosen(rule, drives, bound=(0, 0, 0), *, atlas=ATLAS, offered=range(3), waits=(), **callout):
    """Return the hospital that a rule chooses; a drive of None is no way."""
    drives = [NO_ACCESS if d is None else d * MINUTE for d in drives]
    waits = [wait * MINUTE for wait in waits]
    view = HospitalView(0, offered, drives, bound, 0, atlas, waits)
    number, why = rule(Callout(**callout), view)
    assert why
    return None if number is None else ATLAS.hospitals[number]


# -- least expected ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("drives", "bound", "expected"),
    [
        ((10, 25, 40), (0, 0, 0), "North"),
        ((10, 25, 40), (1, 0, 0), "North"),  # 10 + 10 against 25
        ((10, 25, 40), (2, 0, 0), "South"),  # 10 + 20 against 25
        ((10, 25, 40), (4, 2, 0), "Far"),  # 50, 45 and 40
        ((10, 20, 40), (1, 0, 0), "North"),  # 20 and 20: the first
        ((None, 25, 40), (0, 2, 0), "Far"),  # 25 + 20 against 40, and none to North
        ((None, None, None), (0, 0, 0), None),
    ],
)
def test_least_expected_weighs_the_drive_and_ten_minutes_for_each_team(drives, bound, expected):
    """A queue at the door is a reason to drive further, up to what it costs."""
    assert chosen(LeastExpected(each=10 * MINUTE), drives, bound) == expected


@pytest.mark.parametrize(
    ("drives", "waits", "expected"),
    [
        ((10, 25, 40), (0, 0, 0), "North"),
        ((10, 25, 40), (14, 0, 0), "North"),  # 24 against 25
        ((10, 25, 40), (16, 0, 0), "South"),
        ((10, 25, 40), (40, 20, 0), "Far"),
        ((10, 25, 40), (15, 0, 0), "North"),  # 25 and 25: the first
        ((None, 25, 40), (0, 14, 0), "South"),
        ((None, None, None), (0, 0, 0), None),
    ],
)
def test_least_expected_weighs_the_drive_and_the_wait_that_the_desk_expects(
    drives, waits, expected
):
    """Where there are doors, the queue is known and nothing has to be assumed for each team."""
    rule = LeastExpected(each=60 * MINUTE)

    assert chosen(rule, drives, (9, 0, 0), waits=waits) == expected


# -- the nearest, those outside last ------------------------------------------------------------

MARKED = replace(ATLAS, referrals=(2,))


@pytest.mark.parametrize(
    ("offered", "drives", "expected"),
    [
        ((0, 1, 2), (20, 10, 5), "South"),
        ((0, 2), (20, 5), "North"),
        ((2,), (5,), "Far"),  # the near ones are closed or full
        ((0, 1, 2), (None, None, 90), "Far"),
        ((0, 1), (None, None), None),
    ],
)
def test_the_nearest_is_a_near_one_as_long_as_any_is_offered(offered, drives, expected):
    bound = (0,) * len(offered)

    found = chosen(NearestHospital(), drives, bound, atlas=MARKED, offered=offered)

    assert found == expected


# -- with the service needed -------------------------------------------------------------------

BURNS_FAR = NearestWithService(kinds={"burn": ("South", "Far")}, priorities={2: ("Far",)})


@pytest.mark.parametrize(
    ("callout", "drives", "expected"),
    [
        ({"kind": 0, "priority": 1}, (10, 20, 30), "North"),  # nothing is said of it
        ({"kind": 1, "priority": 1}, (10, 20, 30), "South"),
        ({"kind": 1, "priority": 1}, (10, 40, 30), "Far"),
        ({"kind": 0, "priority": 2}, (10, 20, 30), "Far"),
        ({"kind": 1, "priority": 2}, (10, 20, 30), "South"),  # the kind goes before
        ({"kind": 0, "priority": 2}, (10, 20, None), "North"),  # no way to where it should go
        ({"kind": 1, "priority": 1}, (None, None, None), None),
    ],
)
def test_the_nearest_of_those_with_the_service_needed(callout, drives, expected):
    """By kind, else by priority, else any."""
    assert chosen(BURNS_FAR, drives, **callout) == expected


def test_what_it_names_is_told_with_its_path_so_that_it_can_be_looked_up():
    """A hospital that is misspelt would otherwise be met in the middle of a run."""
    assert list(BURNS_FAR.names()) == [
        (("kinds", "burn"), "kind", "burn"),
        (("kinds", "burn", 0), "hospital", "South"),
        (("kinds", "burn", 1), "hospital", "Far"),
        (("priorities", 2, 0), "hospital", "Far"),
    ]
    assert list(Referral(outside=("Far",), closed=("North",)).names()) == [
        (("outside", 0), "hospital", "Far"),
        (("closed", 0), "hospital", "North"),
    ]


@pytest.mark.parametrize("written", [{}, {"kinds": {"burn": []}}, {"priorities": {0: ["Far"]}}])
def test_a_service_that_no_hospital_has_is_refused(written):
    """Nothing named would be the nearest hospital under another name."""
    with pytest.raises(ValidationError):
        TypeAdapter(NearestWithService).validate_python(written)


# -- referral ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("drives", "bound", "closed", "expected"),
    [
        ((10, 20, 90), (1, 0, 0), (), "North"),
        ((10, 20, 90), (2, 1, 0), (), "South"),  # two fill it
        ((10, 20, 90), (2, 2, 9), (), "Far"),  # both near ones full: outside, full or not
        ((10, 20, 5), (1, 0, 0), (), "North"),  # outside is the last resort, however near
        ((10, 20, 90), (0, 0, 0), ("North",), "South"),
        ((10, 20, 90), (0, 2, 0), ("North",), "Far"),
        ((10, 20, None), (2, 3, 0), (), "North"),  # full, but there is no access outside
        ((10, None, None), (0, 0, 0), ("North",), None),
        ((10, 20, 90), (2, 2, 0), ("Far",), "North"),  # outside closed as well
    ],
)
def test_referral_goes_outside_only_where_the_near_ones_take_nobody(
    drives, bound, closed, expected
):
    """Full at two; North and South are near, Far is outside."""
    assert chosen(Referral(outside=("Far",), limit=2, closed=closed), drives, bound) == expected


@pytest.mark.parametrize(
    ("rule", "bound", "expected"),
    [
        (Referral(), (9, 0, 0), "North"),  # full is what the scenario calls full
        (Referral(limit=2), (2, 2, 0), "Far"),
        (Referral(outside=("South",), limit=2), (2, 0, 0), "Far"),  # named goes before marked
        (Referral(closed=("North", "South")), (0, 0, 0), "Far"),
    ],
)
def test_referral_knows_from_the_scenario_who_is_outside_and_who_is_full(rule, bound, expected):
    """North, South and Far are 10, 20 and 30 away; Far is marked."""
    assert chosen(rule, (10, 20, 30), bound, atlas=MARKED) == expected


@pytest.mark.parametrize(
    ("hospitals", "rule", "refused"),
    [
        ("{North: N, South: S}", "referral", True),
        ("{North: N, South: S}", "{referral: {limit: 2}}", True),
        ("{North: N, South: S}", "{referral: {outside: [South]}}", False),
        ("{North: N, South: {place: S, referral: true}}", "referral", False),
    ],
)
def test_referral_needs_somebody_outside(hospitals, rule, refused):
    """Without anybody it would be the nearest hospital under another name."""
    rest = f"hospitals: {hospitals}\npolicies: {{today: {{destination: {rule}}}}}"
    file = file_of(hand_worked("00:00 A job", **{**THREE, "rest": rest}))
    if not refused:
        assert policy_sets(file)
        return

    with pytest.raises(ScenarioError, match="no hospital is outside"):
        policy_sets(file)


# -- in a run ----------------------------------------------------------------------------------


def taken(rule, *callouts):
    """Return hospital and arrival there [min] of each callout, in the order received."""
    world = world_of(hand_worked(*callouts, **THREE))
    log = KeptLog()
    simulate(world, PolicySet("own", Closest(), destination=rule), log, 1, 0)
    rows = sorted(log.missions)
    return [(world.names.hospitals[m.hospital], in_minutes(m.at_hospital)) for m in rows]


def test_the_desk_counts_those_on_the_way_until_they_are_clear():
    """
    Work ends at 10, 12 and 51. The first is bound for North until 10 + 10 + 30 = 50: the second
    has 10 + 20 to expect there against 25, and goes South. At 51 North is empty again.
    """
    rule = LeastExpected(each=20 * MINUTE)
    met = taken(rule, "00:00 A job", "00:02 A job", "00:41 A job")

    assert met == [("North", 20), ("South", 37), ("North", 61)]


def test_a_full_hospital_refers_to_the_one_outside():
    """One team fills North from 10 to 50."""
    met = taken(Referral(outside=("South",), limit=1), "00:00 A job", "00:02 A job", "00:41 A job")

    assert met == [("North", 20), ("South", 37), ("North", 61)]
