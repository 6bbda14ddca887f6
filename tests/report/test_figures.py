"""Figures are files that people print: they must be the same each time and hide nothing."""

import numpy as np
import pytest
from matplotlib import ft2font

import sim
from sim.report.drawing import draw_all
from sim.report.figures.curve import Goal, Line, share_figure
from sim.report.figures.labels import place_labels
from sim.report.figures.map import MapData, Road, Spot, map_figure, sea_polygon
from sim.report.figures.style import clean, house_style, new_figure, save, spread

NAMES = (
    "$$", r"$\frac$", r"\LaTeX_{x}", "اللاذقية", "Team (ب) 12 فريق", "🚑", "a\nb", "x" * 5000,
    "lone \ud800 surrogate", "", "‮abc",
)  # fmt: skip


def curves(names, points=61):
    minutes = np.linspace(0, 60, points)
    value = 1 - np.exp(-minutes / 20)
    return minutes, [Line(n, value, value * 0.97, np.minimum(1, value * 1.03)) for n in names]


def drawn(names):
    minutes, lines = curves(names)
    differences = [Line(n, line.value - 0.5, line.low - 0.5, line.high - 0.5)
                   for n, line in zip(names[1:], lines[1:], strict=True)]  # fmt: skip
    with house_style():
        return share_figure(
            minutes, lines, differences, [Goal("t", 15, 0.9)], "Title", "sub", "caption"
        )


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_equal_figures_are_equal_files(tmp_path, kind):
    """Otherwise a result could not be compared byte by byte."""
    with house_style():
        first = save(drawn(["today", "cover"]), tmp_path / "a", [kind])[0].read_bytes()
        second = save(drawn(["today", "cover"]), tmp_path / "b", [kind])[0].read_bytes()

    assert first == second


@pytest.mark.filterwarnings("ignore:Glyph")
@pytest.mark.parametrize("name", NAMES)
def test_no_name_breaks_a_figure(tmp_path, name):
    """A place may be called anything; matplotlib would take dollars for mathematics."""
    with house_style():
        written = save(drawn(["today", name]), tmp_path / "figure", ["png", "svg"])

    assert all(path.stat().st_size > 1000 for path in written)


def test_a_long_name_is_cut_and_a_line_break_is_a_space():
    assert clean("x" * 50, 10) == "x" * 9 + "…"
    assert clean("a\nb\t c") == "a b c"


def test_arabic_is_shaped_by_matplotlib_itself():
    """Reshaping libraries would turn it round once more."""
    assert ft2font.__libraqm_version__


def test_spread_labels_keep_their_distance_and_their_middle():
    placed = spread([10, 10, 10], 4)

    assert sorted(placed) == pytest.approx([6, 10, 14])
    assert spread([0, 50, 100], 4) == [0, 50, 100]


def test_figures_leave_no_settings_behind():
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    drawn(["today"])

    assert dict(mpl.rcParams) == before


def a_map(places):
    return MapData(
        coast=(((35.7, 34.0), (35.8, 35.0), (35.75, 36.0)),),
        roads=(Road((35.9, 36.0), (34.9, 35.2), modelled=True),),
        places=tuple(places),
        bases=(("A", 35.9, 35.0, 2),),
        hospitals=(("H", 35.9, 35.0),),
        measure="minutes",
    )


def crowd(n):
    rng = np.random.default_rng(4)
    where = rng.random((n, 3))
    return [
        Spot(f"Place {i}", "مكان", 35.9 + 0.5 * x, 34.6 + y, 1 + often, 20.0 + i)
        for i, (x, y, often) in enumerate(where)
    ]


def test_the_sea_is_the_side_without_places():
    sea = sea_polygon(a_map(crowd(5)), (35.6, 36.5, 34.5, 35.7))

    assert min(lon for lon, _ in sea) < 35.0


def test_no_sea_is_filled_where_the_coast_does_not_cross_the_map():
    short = a_map(crowd(5))

    assert sea_polygon(short, (35.6, 36.5, 33.0, 37.0)) is None


def test_names_on_the_map_cover_neither_each_other_nor_a_mark():
    """A name that hides another is worse than none."""
    with house_style():
        figure = new_figure(5, 5, "t", "c")
        ax = figure.subplots()
        points = [(p.lon, p.lat, 6.0, (p.name,), 8) for p in crowd(40)]
        ax.set_xlim(35.8, 36.5)
        ax.set_ylim(34.5, 35.7)
        labels = place_labels(figure, ax, points, most=40)
        boxes = [label.get_window_extent() for label in labels]

    assert len(labels) > 10
    pairs = [(a, b) for i, a in enumerate(boxes) for b in boxes[:i] if a.overlaps(b)]
    assert pairs == []


def test_a_place_that_nobody_reached_is_on_the_map():
    spots = [*crowd(3), Spot("Cut off", "", 36.2, 35.1, 0.4, None)]
    with house_style():
        figure = map_figure(a_map(spots), "t", "s", "c")
        figure.draw_without_rendering()
        texts = [text.get_text() for text in figure.axes[0].texts]

    assert any("not reached" in text for text in texts)


@pytest.fixture(scope="module")
def study():
    file = sim.read_scenario(
        sim.find_scenario("first-steps"), {"study.replications": 2, "clock.run": "3 days"}
    )
    return sim.run_study(file)


def test_every_figure_of_a_study_is_drawn_with_its_caption(study, tmp_path):
    """Scenario, policies, replications and seed stand on each, so that a print is not an orphan."""
    written = draw_all(study, sim.tabulate(study), tmp_path, formats=("svg",))

    names = {path.stem for path in written}
    assert names == {
        "share-reached", "map", "day-profile", "busy-fraction", "timeline", "differences",
    }  # fmt: skip
    seed = f"seed {study.world.scenario.study.seed}"
    for path in written:
        text = path.read_text(encoding="utf-8")
        assert seed in text, path.name
        assert "first-steps" in text, path.name


def test_a_study_of_one_alternative_has_no_differences(tmp_path):
    file = sim.read_scenario(
        sim.find_scenario("textbook-mmc"), {"study.replications": 1, "clock.run": "2 days"}
    )
    study = sim.run_study(file)

    names = {p.stem for p in draw_all(study, sim.tabulate(study), tmp_path, formats=("svg",))}
    assert "differences" not in names
    assert "map" not in names
