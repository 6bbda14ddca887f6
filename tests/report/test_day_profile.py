"""The day profile: rates by how often an hour occurs, hours that were simulated, whose lines."""

from dataclasses import replace
from types import SimpleNamespace

import matplotlib as mpl
import numpy as np
import pytest

import sim
from sim.outcomes import unknown
from sim.report.figure_input import dated_data, profile_data
from sim.report.figure_input.figure_basis.captions import caption
from sim.report.figures import Caption, figure_day_profile
from sim.report.figures.dated_profile import figure_dated_profile

from ..worlds import file_of


def study_of(length, start="2025-03-06 06:00", rate="10 per hour", policies=None, replications=2):
    text = f"""\
name: small
clock: {{start: {start}, length: {length}}}
map: {{places: {{A: {{}}}}}}
demand: {{rate: {rate}, kinds: {{job: {{share: 100%, on_scene: 5 min}}}}}}
bases: {{A: {{}}}}
teams:
  Post: {{base: A, count: 2}}
  Night: {{base: A, reserve: {{delay: 1 h}}}}
policies: {policies or "{today: {}}"}
study: {{replications: {replications}}}
"""
    return sim.run_study(sim.design_of([file_of(text)]))


def words_of(figure):
    return [text.get_text() for text in figure.findobj(mpl.text.Text) if text.get_text()]


def test_an_hour_that_occurs_twice_is_no_busier_than_others():
    """In 25 hours from 06:00 the hour from 06:00 occurs twice; callouts were divided by days."""
    study = study_of("25 h", replications=40)

    profile = profile_data.day_profile(study)

    obs = study.observations["today"]
    per_hour = (obs.hour == 6).sum() / (2 * 40)
    assert profile.callouts_per_hour.mean[6] == pytest.approx(per_hour)
    assert profile.callouts_per_hour.mean.sum() == pytest.approx(240, rel=0.05)
    assert profile.callouts_per_hour.mean[6] == pytest.approx(10, rel=0.2)


def test_half_an_hour_counts_as_half_an_hour():
    """Of 90 minutes from 22:30 the hour from 22:00 has the last half only."""
    study = study_of("90 min", start="2025-03-06 22:30", replications=60)

    profile = profile_data.day_profile(study)

    assert profile.callouts_per_hour.mean[22] == pytest.approx(10, rel=0.2)
    assert profile.measured[22:].tolist() == [0.5, 1.0]


def test_one_night_is_not_called_a_day_and_shows_the_hours_that_were_simulated():
    """Hours without simulation looked like hours without callouts, teams or queue."""
    study = study_of("12 h", start="2025-03-06 18:00")
    profile = profile_data.day_profile(study)

    figure = figure_day_profile(profile, caption(study))

    words = words_of(figure)
    assert any(w.startswith("12 h from Thursday 6 March 2025, 18:00") for w in words)
    assert "average day" not in " ".join(words)
    assert figure.axes[2].get_xlim() == (18, 30)
    assert "00:00" in words
    assert "24:00" not in words
    assert "12:00" not in words
    received = sum(len(obs.hour) for obs in study.observations.values()) / 2
    assert f"{received:.1f} in 12 h" in words
    assert any("2 replications of 12 hours" in word for word in words)


@pytest.mark.parametrize("length", ["30 min", "2 h", "23 h 45 min", "25 h", "47 h"])
def test_a_short_run_says_how_long_it_is(length):
    study = study_of(length, start="2025-03-06 22:30", rate="0.001 per day")
    profile = profile_data.day_profile(study)

    words = words_of(figure_day_profile(profile, caption(study)))

    assert "from Thursday 6 March 2025, 22:30" in " ".join(words)
    assert not any("nan" in word for word in words)


def test_an_average_day_is_that_of_two_days_or_more():
    study = study_of("2 days", rate="1 per day")

    assert profile_data.day_profile(study).title.startswith("An average day")


def duty_labels(profile):
    figure = figure_day_profile(profile, Caption("s", ("a", "b"), 2, 28, 1))
    return [word for word in words_of(figure) if "duty" in word]


def test_each_alternative_has_its_own_line_of_teams_on_duty():
    """The baseline's stood next to everyone's committed teams, and nobody said so."""
    called = "{staffing: {mutual_aid: {outside: [Night]}}}"
    study = study_of("3 days", policies=f"{{today: {{}}, help: {called}}}", rate="20 per hour")
    profile = profile_data.day_profile(study)

    lines = dict(profile.on_duty)
    for name, obs in study.observations.items():
        assert lines[name] == pytest.approx(obs.on_duty_by_hour.mean(axis=0))
    assert lines["help"].max() > lines["today"].max() + 0.5
    assert duty_labels(profile) == ["on duty: today", "on duty: help"]


def test_one_line_of_teams_on_duty_is_that_of_all():
    study = study_of("2 days", policies="{today: {}, same: {}}", rate="1 per day")

    assert duty_labels(profile_data.day_profile(study)) == ["teams on duty"]


def test_the_hours_of_a_record_are_divided_by_how_often_they_occur():

    from sim.report import record_report

    study = study_of("25 h", replications=1)
    found = SimpleNamespace(
        samples=tuple(study.samples), clock=study.world.clock, end=study.world.ends, unit="",
        summary=sim.tabulate(study).summary,
    )  # fmt: skip

    hours = record_report.hours(found)

    received = np.bincount(study.observations["today"].hour, minlength=24)
    assert hours.callouts.mean[6] == pytest.approx(received[6] / 2)
    assert hours.callouts.mean[7] == pytest.approx(received[7])


def test_alerts_by_the_hour_are_divided_by_how_often_it_occurs():
    from sim.report.figure_input.staff_data import staff

    text = """\
name: called
clock: {start: 2025-03-06 06:00, length: 25 h}
map: {places: {A: {}}}
demand: {rate: 2 per hour, kinds: {job: {share: 100%, on_scene: 5 min}}}
bases: {A: {}}
teams: {Crew: {base: A, on_call: {volunteers: Town, minimum: 1}}}
volunteers: {Town: {people: 6, acceptance: 50%, travel_to_base: 5 min}}
study: {replications: 2}
"""
    study = sim.run_study(sim.design_of([file_of(text)]))

    alerts = staff(study, study, study.baseline).alerts

    counted = study.observations[study.baseline].alert_replies.sum(axis=(0, 2))
    occurs = np.where(np.arange(24) == 6, 2, 1)
    assert alerts.per_hour.sum(axis=1) == pytest.approx(counted / occurs / 2)


def test_where_an_incident_has_a_date_the_run_is_drawn_by_date():
    """An average day would spread one afternoon over all of them."""
    text = """\
name: dated
clock: {start: 2025-03-06 06:00, length: 4 days}
map: {places: {A: {}}}
demand:
  rate: 1 per hour
  kinds: {job: {share: 100%, on_scene: 50 min}}
  incidents: [{name: collapse, at: day 2 17:00, place: A, kind: job, sites: 30}]
bases: {A: {}}
teams: {Post: {base: A, count: 2}, Late: {base: A, from: day 3 06:00}}
policies: {today: {}}
study: {replications: 3}
"""
    study = sim.run_study(sim.design_of([file_of(text)]))

    data = dated_data.dated_profile(study)

    obs = study.observations["today"]
    lasts = np.diff(data.edges)
    mean = float(np.average(data.pending[0].value, weights=lasts))
    assert mean == pytest.approx(float(obs.pending_by_hour.mean()), rel=1e-6)
    assert 24 * float((data.callouts_per_hour.mean * lasts).sum()) == pytest.approx(
        len(obs.received) / obs.replications
    )
    ((name, begins, _),) = data.events
    assert (name, begins) == ("collapse", pytest.approx(1 + 11 / 24))
    peak = data.edges[int(data.callouts_per_hour.mean.argmax())]
    assert begins - data.hours / 24 < peak <= begins
    (teams,) = data.teams
    assert teams.on_duty == pytest.approx(np.where(data.edges[:-1] < 2, 2, 3))
    busy = float(np.average(teams.committed, weights=lasts))
    assert busy == pytest.approx(float(obs.committed_by_hour.mean()), rel=1e-6)
    assert dated_data.dated_profile(study_of("2 days")) is None


def test_results_from_before_teams_were_kept_by_date_show_callouts_only():
    text = """\
name: dated
clock: {start: 2025-03-06 06:00, length: 4 days}
map: {places: {A: {}}}
demand: {rate: 1 per hour, kinds: {job: {share: 100%, on_scene: 50 min}}}
bases: {A: {}}
teams: {Post: {base: A}, Late: {base: A, from: day 3 06:00}}
policies: {today: {}}
study: {replications: 2}
"""
    study = sim.run_study(sim.design_of([file_of(text)]))
    older = replace(study.observations["today"], teams_by_date=unknown("teams_by_date", 2))

    data = dated_data.dated_profile(replace(study, observations={"today": older}))

    assert data.teams == ()
    assert len(figure_dated_profile(data, caption(study)).axes) == 2
