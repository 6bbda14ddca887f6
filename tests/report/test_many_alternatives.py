"""Of many alternatives figures show the best and the baseline, and name the others."""

import pytest

import sim
from sim.report import figures
from sim.report.figure_input import sweep_data
from sim.report.figure_input.drawing import figures_of
from sim.report.figure_input.figure_basis.captions import caption
from sim.report.figure_input.figure_basis.figure_kinds import few
from sim.report.figure_input.figure_basis.table_lookup import ranked

from ..worlds import file_of
from .test_figures import cut, overlapping, texts_of

HELP = "{staffing: {mutual_aid: {outside: [Help]}}}"
HOSTILE = ["$x$", "<b>bold</b>", "تغطية", "x" * 90 + " day", "x" * 90 + " night"]


def study_of(names, best="", more="", overrides=None):
    """One team with more work than it can do; only one alternative calls in a second one."""
    policies = "".join(f"  '{name}': {HELP if name == best else '{}'}\n" for name in names)
    text = f"""\
name: crowded
clock: {{start: 2025-03-06 06:00, length: 2 days}}
map: {{places: {{A: {{}}}}}}
demand: {{rate: 2 per hour, kinds: {{job: {{share: 100%, on_scene: 40 min}}}}}}
bases: {{A: {{}}}}
teams:
  Post: {{base: A}}
  Help: {{base: A, reserve: {{delay: 10 min}}}}
policies:
{policies}targets: [{{name: job in 20 min, within: 20 min, kind: job}}]
study: {{replications: 2{more}}}
"""
    study = sim.run_study(sim.design_of([file_of(text, overrides)]))
    return study, sim.tabulate(study)


@pytest.fixture(scope="module")
def crowded():
    names = [*(f"p{n}" for n in range(34)), *HOSTILE, "best"]
    return study_of(names, "best")


def words_of(figure):
    from matplotlib.text import Text

    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def test_the_best_of_forty_is_shown_next_to_the_baseline(crowded):
    """The first six of the file were shown, and the best was cut in silence."""
    study, tables = crowded

    shown = list(few(study, tables).observations)

    assert shown[:2] == ["p0", "best"]
    assert len(shown) == 6


def test_few_alternatives_stay_in_the_order_of_the_file():
    study, tables = study_of(["a", "b", "c", "best"], "best")

    assert list(few(study, tables).observations) == ["a", "b", "c", "best"]
    assert caption(few(study, tables)).missing == ()


def test_every_figure_of_forty_alternatives_says_who_is_missing_and_fits_on_a_page(crowded):
    """Side by side was 4,900 pixels tall."""
    study, tables = crowded

    drawn = dict(figures_of(study, tables))

    several = {
        "share-reached",
        "day-profile",
        "utilisation",
        "differences",
        "side-by-side",
        "staff",
    }
    assert several <= set(drawn)
    for name, figure in drawn.items():
        width, height = figure.get_size_inches() * figure.dpi
        assert width == 1280, name
        assert height < 2000, name
        words = " ".join(words_of(figure))
        best = {"side-by-side": 11}.get(name, 5)
        said = f"the baseline and the {best} best of 39 others" in words
        assert said == (name in several), name
        assert (f"Not shown, {39 - best} of 40: " in words) == (name in several), name
        assert "nan" not in words.split(), name


def test_side_by_side_shows_the_best_first(crowded):
    study, tables = crowded
    figure = dict(figures_of(study, tables, ["side-by-side"]))["side-by-side"]

    rows = [label.get_text() for label in figure.axes[0].get_yticklabels()]

    assert rows[0] == "best"
    assert len(rows) == 11
    assert "The best alternatives side by side" in words_of(figure)


@pytest.mark.parametrize("count", [1, 2, 7])
def test_any_number_of_alternatives_is_drawn(count):
    study, tables = study_of([f"p{n}" for n in range(count)])

    drawn = dict(figures_of(study, tables))

    words = " ".join(words_of(drawn["share-reached"]))
    assert ("Not shown, 1 of 7: p6." in words) == (count == 7)


def test_alternatives_are_ranked_as_in_the_answer(crowded):
    from sim.report.results_text.sentences import Facts

    study, tables = crowded

    assert Facts(study, tables).ranked() == ranked(tables, study.observations)
    assert ranked(tables, study.observations)[0] == "best"


def test_lines_of_a_sweep_that_have_no_room_are_named():
    study, tables = study_of(
        ["a", "b", "c", "best"], "best",
        overrides={("study", "vary", "teams.Post.crew"): "[2, 3]"},
    )  # fmt: skip

    data, missing = sweep_data.sweep(study, tables, 2)

    assert [band.name for band in data.panels[0].bands] == ["a", "best"]
    assert missing == ["b", "c"]


def test_of_many_values_that_are_no_numbers_the_best_are_shown(monkeypatch):
    """Forty places were forty bars with forty names."""
    monkeypatch.setattr(sweep_data, "MOST_WORDS", 2)
    text = """\
name: bases
clock: {start: 2025-03-06 06:00, length: 2 days}
map:
  places: {A: {lat: 35.0, lon: 36.0}, B: {lat: 35.2, lon: 36.0}, C: {lat: 35.1, lon: 36.0}}
  roads: {circuity: 1.3, speed: {day: 40 km/h}}
demand: {rate: 1 per hour, where: equal, kinds: {job: {share: 100%, on_scene: 5 min}}}
bases: {A: {}, B: {}, C: {}}
teams: {Post: {base: A}}
policies: {today: {}}
study: {replications: 2, vary: {teams.Post.base: [A, B, C]}}
"""
    study = sim.run_study(sim.design_of([file_of(text)]))
    tables = sim.tabulate(study)

    data, _ = sweep_data.sweep(study, tables, 6)

    assert (data.values, data.missing) == (("A", "C"), ("B",))
    assert [len(panel.bands[0].value) for panel in data.panels] == [2, 2, 2]
    words = " ".join(words_of(figures.figure_sweep(data, caption(study))))
    assert "the baseline's value and the 1 best of 2 others" in words
    assert "Not shown, 1 of 3 values: B." in words


def test_kinds_and_areas_that_have_no_room_are_counted():
    """They were cut at twelve, and nobody said so."""
    from sim.report.figure_input.difference_data import _left_out

    areas = [f"area:{n}" for n in range(20)]

    said = _left_out([["all"], ["kind:a"], areas], 12, {"area:3", "area:15"})

    assert said == " · areas: 12 of 20, clear differences first; 1 more are clear"
    assert _left_out([["all"], ["kind:a"], areas[:12]], 12, set()) == ""


def test_many_names_that_are_missing_stay_a_few_lines():
    names = tuple(f"{n} {'x' * 60}" for n in range(400))
    under = figures.Caption("s", ("a", "b"), 2, 28, 1, missing=names)

    (said,) = (line for line in under.lines() if "Not shown" in line)

    assert said.endswith(" and 388 more.")
    assert len(said) < 700


@pytest.mark.parametrize("overrides", [{}, {"clock.length": "2 h", "demand.rate": "0.001 per day"}])
def test_hostile_names_break_no_figure_of_a_study(overrides):
    """Neither do two hours in which nobody calls."""
    study, tables = study_of(HOSTILE, HOSTILE[1], overrides=overrides)

    for name, figure in figures_of(study, tables):
        texts = texts_of(figure)

        assert overlapping(texts) == [], name
        assert cut(texts, figure) == [], name
        assert not any("nan" in word.split() for *_, word in texts), name
