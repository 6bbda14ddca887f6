"""Rosters and breaks, worked by hand; instants in hours from the start of the run."""

import pytest

from ..worlds import HOUR, MINUTE, hand_worked, world_of

SHIFTS = """shifts:
  day: {hours: 08:00-20:00}
  night: {hours: 20:00-08:00}
  early: {hours: 06:00-14:00}
  late: {hours: 14:00-22:00}
  dark: {hours: 22:00-06:00}
  week: {hours: 09:00-17:00, days: [Mon, Tue, Wed, Thu, Fri]}
"""


def fleet(team, *, days=3, start="2025-01-06 00:00", warm_up="0 min"):
    """Return the fleet of ``T``, in a run that begins on Monday at midnight if not told else."""
    text = hand_worked(run=f"{days} days", teams=f"T: {{base: A, {team}}}", rest=SHIFTS)
    text = text.replace("start: 2025-01-06 00:00", f"start: {start}")
    text = text.replace(" days, timezone", f" days, warm_up: {warm_up}, timezone")
    return world_of(text).fleet


def duty(team, **kwargs):
    """Return for each copy of ``T`` when it is on duty."""
    crews = fleet(team, **kwargs).crews
    return [[(a / HOUR, b / HOUR) for a, b in crew.duty] for crew in crews]


def breaks(team, **kwargs):
    """Return when the breaks of ``T`` may begin, and how long they last in minutes."""
    (crew,) = fleet(team, **kwargs).crews
    return [(a / HOUR, b / HOUR, lasts / MINUTE) for a, b, lasts in crew.breaks]


# -- hours on and off --------------------------------------------------------------------------


def test_24_on_48_off_is_every_third_day():
    assert duty("roster: 24 on 48 off", days=7) == [[(0, 24), (72, 96), (144, 168)]]


def test_a_roster_begins_when_it_is_told_to_and_ran_before():
    """From day 2, 08:00, which is hour 32; the turn before that began at 32 - 72 and is over."""
    assert duty("roster: 24 on 48 off, starts: day 2 08:00", days=5) == [[(32, 56), (104, 120)]]


def test_copies_staggered_by_a_day_cover_each_other():
    """Three teams, 24 on and 48 off, each a day after the one before: one is always on duty."""
    found = duty("count: 3, roster: 24 on 48 off, stagger: 1 day", days=6)

    assert found == [[(0, 24), (72, 96)], [(24, 48), (96, 120)], [(48, 72), (120, 144)]]


def test_a_stagger_reaches_back_before_the_start():
    """A third of a day on and off in turns: the second, 4 h later, is on until 4 h by its past."""
    found = duty("count: 2, roster: 8 on 8 off, stagger: 12 h", days=1)

    assert found == [[(0, 8), (16, 24)], [(0, 4), (12, 20)]]


def test_the_warm_up_is_worked_too():
    """Turns of 24 h begin at -72, 0: of the first the warm-up of 60 h holds the last 12 h."""
    assert duty("roster: 24 on 48 off", days=1, warm_up="60 h") == [[(-60, -48), (0, 24)]]


def test_a_start_before_the_run_is_as_good_as_one_in_it():
    """From Friday 3 January, 08:00, that is -64: turns at -64, 8, 80."""
    found = duty("roster: 24 on 48 off, starts: 2025-01-03 08:00", days=4)

    assert found == [[(8, 32), (80, 96)]]


def test_the_first_turn_is_by_the_clock_on_the_wall_where_the_run_begins_later():
    """The run begins on Monday 06:00; `day 1 08:00` is two hours into it. 12 on, 12 off."""
    found = duty("roster: 12 on 12 off, starts: day 1 08:00", days=1, start="2025-01-06 06:00")

    assert found == [[(2, 14)]]


def test_hours_need_not_be_whole_nor_fit_the_week():
    """12.5 on and 11.75 off: every 24.25 h."""
    assert duty("roster: 12.5 on 11.75 off", days=2) == [[(0, 12.5), (24.25, 36.75)]]


# -- a shift for each day ----------------------------------------------------------------------


def test_two_shifts_in_turns():
    """Day, night, off, off: 8-20, then 20 to 8 of the next day, and again from the fifth day."""
    found = duty("roster: [day, night, off, off]", days=6)

    assert found == [[(8, 20), (44, 56), (104, 116), (140, 144)]]


def test_three_shifts_and_four_crews_a_day_apart_leave_no_hour_without_anybody():
    """
    Early, late, dark, off. Of four crews a day apart, each day one is early, one late, one dark
    and one off, so the day is covered; the dark shift of the day before is worked until 6:00.
    """
    crews = duty("count: 4, roster: [early, late, dark, off], stagger: 1 day", days=8)
    hours = [sum(a <= h < b for crew in crews for a, b in crew) for h in range(8 * 24)]

    assert hours == [1] * len(hours)
    assert crews[0] == [(6, 14), (38, 46), (70, 78), (102, 110), (134, 142), (166, 174)]


def test_a_weekday_pattern_is_a_list_of_seven_from_a_monday():
    """From Wednesday 8 January; the list begins on the Monday before: Wednesday is its third."""
    found = duty(
        "roster: [day, day, night, off, off, off, off], starts: 2025-01-06 00:00",
        days=7,
        start="2025-01-08 00:00",
    )

    assert found == [[(20, 32), (128, 140), (152, 164)]]


def test_a_shift_keeps_its_own_days_in_a_roster():
    """`week` is worked from Monday to Friday: its turns on Saturday and Sunday are days off."""
    found = duty("roster: [week]", days=7)

    assert found == [[(9 + 24 * d, 17 + 24 * d) for d in range(5)]]


def test_a_night_shift_begun_before_the_start_is_worked_to_its_end():
    assert duty("roster: [night]", days=1) == [[(0, 8), (20, 24)]]


def test_the_list_begins_on_the_day_of_the_first_turn_whatever_its_hour():
    """`day 2 15:00` is a moment of the second day, so its day shift has begun at 8:00."""
    assert duty("roster: [day, off], starts: day 2 15:00", days=3) == [[(32, 44)]]


# -- in reserve --------------------------------------------------------------------------------


def test_a_team_in_reserve_has_no_duty_of_its_own():
    team = fleet(
        "reserve: {delay: {distribution: exponential, mean: 30 min}, duration: 6 h}"
    ).crews[0]

    assert team.duty == ()
    assert team.reserve.expected == 30 * MINUTE
    assert (team.reserve.duration, team.reserve.minimum_rest) == (6 * HOUR, 12 * HOUR)


# -- breaks ------------------------------------------------------------------------------------

LUNCH = "breaks: [{duration: 45 min, between: 12:00-14:00}]"


def test_a_team_always_on_duty_has_its_break_every_day():
    assert breaks(LUNCH) == [(12, 14, 45), (36, 38, 45), (60, 62, 45)]


def test_a_break_is_only_in_the_duty():
    """Day, off, night: only the first of three days has hours from 12 to 14 on duty."""
    assert breaks(f"roster: [day, off, night], {LUNCH}") == [(12, 14, 45)]


@pytest.mark.parametrize(
    ("hours", "found"),
    [
        ("13:00-20:00", [(13, 14, 45)]),
        ("06:00-12:30", [(12, 12.5, 45)]),
        ("06:00-12:00", []),
        ("14:00-20:00", []),
    ],
)
def test_a_window_that_the_duty_cuts_is_as_long_as_is_left(hours, found):
    team = f"shifts: [s], {LUNCH}"
    text = hand_worked(run="1 day", teams=f"T: {{base: A, {team}}}")
    (crew,) = world_of(text + f"shifts: {{s: {{hours: {hours}}}}}\n").fleet.crews

    assert [(a / HOUR, b / HOUR, c / MINUTE) for a, b, c in crew.breaks] == found


def test_a_window_over_two_stretches_of_duty_gives_one_break():
    """Early until 12:30 and again from 13:30: one break, from 12:00 to 12:30."""
    text = hand_worked(run="1 day", teams=f"T: {{base: A, shifts: [a, b], {LUNCH}}}")
    shifts = "shifts: {a: {hours: 06:00-12:30}, b: {hours: 13:30-18:00}}\n"
    (crew,) = world_of(text + shifts).fleet.crews

    assert [(a / HOUR, b / HOUR) for a, b, _ in crew.breaks] == [(12, 12.5)]


def test_breaks_come_in_the_order_of_the_clock_and_may_pass_midnight():
    """A night from 20 to 8: a break from 23 to 1 and one at 4, written the other way round."""
    found = breaks(
        "shifts: [night], breaks: [{duration: 20 min, between: 04:00-05:00}, "
        "{duration: 30 min, between: 23:00-01:00}]",
        days=2,
    )

    assert found == [
        (0, 1, 30),  # begun in the evening before the run
        (4, 5, 20),
        (23, 25, 30),
        (28, 29, 20),
        (47, 48, 30),  # the run ends at 48
    ]


def test_the_breaks_of_the_warm_up_are_taken_too():
    assert breaks(LUNCH, days=1, warm_up="1 day") == [(-12, -10, 45), (12, 14, 45)]


# -- dates -------------------------------------------------------------------------------------


def test_a_team_that_joins_and_leaves_is_on_duty_between():
    """From noon of day 2 until 06:00 of day 3."""
    dates = "from: day 2 12:00, until: 2025-01-08 06:00"

    assert duty(dates) == [[(36, 54)]]
    assert duty(f"shifts: [day], {dates}") == [[(36, 44)]]
    assert duty(f"count: 2, roster: 8 on 8 off, stagger: 8 h, {dates}") == [
        [(36, 40), (48, 54)],
        [(40, 48)],
    ]


def test_a_shift_of_some_dates_is_worked_between():
    """Ramadan nights from day 2, on top of the days; a shift in hand is cut where it ends."""
    nights = SHIFTS.replace("night: {hours: 20:00-08:00}", "night: {hours: 20:00-08:00, DATES}")

    def worked(dates, team="shifts: [day, night]"):
        text = hand_worked(
            run="3 days", teams=f"T: {{base: A, {team}}}", rest=nights.replace("DATES", dates)
        )
        (crew,) = world_of(text).fleet.crews
        return [(a / HOUR, b / HOUR) for a, b in crew.duty]

    assert worked("from: day 2 00:00") == [(8, 20), (24, 72)]
    assert worked("until: day 2 02:00") == [(0, 26), (32, 44), (56, 68)]
    assert worked("from: day 3 00:00", "roster: [night, night, off]") == [(48, 56)]


def test_a_break_is_where_the_team_is_there():
    found = breaks("from: day 2 13:00, breaks: [{duration: 30 min, between: 12:00-14:00}]")

    assert found == [(37, 38, 30), (60, 62, 30)]
