"""Who is reached sooner and who later, by place: paired, and settled only where it is clear."""

import numpy as np
import pytest

import sim
from sim.outcomes import paired_difference
from sim.outcomes.measured.judged import judged_times
from sim.policies.dispatch_rules.dispatch import RunCard
from sim.report.figure_input import place_data, place_differences
from sim.report.figure_input.drawing import figures_of


@pytest.fixture(scope="module")
def found():
    """Ten weeks in which Hill is never served, next to what first-steps does today."""
    card = {"Harbour": ("Harbour", "Hill"), "Bridge": ("Harbour", "Hill"), "Hill": ()}
    return sim.compare(
        sim.load("first-steps", {"clock.length": "7 days"}),
        policies={"today": "today", "no hill": {"dispatch": RunCard(card, "wait")}},
        replications=10,
    )


def test_a_difference_is_that_of_the_two_maps(found):
    study = found.study
    maps = [place_data.map_data(study, name, "") for name in ("today", "no hill")]
    before, after = ({p.name: p.minutes for p in each.places} for each in maps)

    changed = place_differences.place_differences(study, "no hill", recoveries=False)

    for name, (minutes, _) in changed.items():
        assert minutes == pytest.approx(after[name] - before[name])
    assert changed["Hill"][0] > 400
    assert changed["Hill"][1]


def test_differences_are_paired_over_replications(found):
    """Two looks at the same callouts differ by less than two looks at different ones."""
    study = found.study
    sums = {}
    for name in ("today", "no hill"):
        obs, sample = study.observations[name], place_data.sample_of(study, name)
        times = judged_times(sample).restricted
        here = [(obs.place == 0) & (obs.replication == r) for r in range(10)]
        sums[name] = np.array([times[h].sum() for h in here]), np.array([h.sum() for h in here])
    pair = paired_difference(*sums["no hill"], *sums["today"])

    minutes, _ = place_differences.place_differences(study, "no hill", False)[
        study.world.file.places[0].name
    ]

    assert minutes == pytest.approx(pair.difference / 60_000)


def test_a_policy_against_itself_is_the_same_everywhere():
    study = sim.compare(
        sim.load("first-steps", {"clock.length": "7 days"}),
        policies={"today": "today", "again": "today"},
        replications=10,
    ).study

    changed = place_differences.place_differences(study, "again", recoveries=False)

    assert set(changed.values()) == {(0.0, True)}


def test_few_replications_settle_nothing_and_have_no_map_of_differences():
    few = sim.compare(sim.load("first-steps", {"clock.length": "3 days"}), replications=3)

    assert list(figures_of(few.study, few.tables, ["map-difference"])) == []


def test_the_map_of_differences_says_whose_they_are(found):
    ((_, figure),) = figures_of(found.study, found.tables, ["map-difference"])

    words = " ".join(text.get_text() for text in figure.texts)
    assert "Policy “no hill” against “today”" in words
    assert "Benjamini-Hochberg" in words


def test_without_a_name_it_is_the_best_alternative(found):
    study, tables = found.study, found.tables

    assert place_differences.compared_alternative(study, tables, "no hill") == "no hill"
    assert place_differences.compared_alternative(study, tables, "today") == "no hill"


def test_recoveries_are_counted_apart():
    """The mean of both would say how long nobody waited."""
    values = {
        "clock.length": "7 days",
        ("demand", "kinds", "recovery"): {
            "share": "20%", "priority": 5, "on_scene": "1 h",
            "permission": "6 h",
        },
        ("demand", "kinds", "injury", "share"): "50%",
    }  # fmt: skip
    study = sim.compare(sim.load("first-steps", values), policies=["today"], replications=2).study

    data = place_data.map_data(study, "today", "")

    living = [p.minutes for p in data.places if p.minutes is not None]
    dead = [p.minutes for p in data.recoveries if p.minutes is not None]
    assert data.counted == "all callouts but recoveries of the dead"
    assert max(living) < 120
    assert min(dead) > 300
    obs = study.observations["today"]
    every = sum(p.callouts_per_day for p in (*data.places, *data.recoveries))
    assert every == pytest.approx(len(obs.place) / 7 / 2)
