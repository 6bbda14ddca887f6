"""Every figure, from made-up results: equal files, nothing overlapping, no name that breaks it."""

import dataclasses
import re
import subprocess
import sys
from functools import lru_cache
from itertools import combinations, cycle

import matplotlib as mpl
import numpy as np
import pytest

from sim.report import figures
from sim.report.figures.dated_profile import figure_dated_profile
from sim.report.figures.frontier import figure_frontier
from sim.report.figures.layout.labels import signed
from sim.report.figures.layout.style import house_style
from sim.report.figures.map_figure.map_signs import ROADS, road_kind

from ..long_cases import quick_first
from . import fake

TWO = dataclasses.replace(fake.CAPTION, alternatives=fake.ALTERNATIVES[:2])
ONE = dataclasses.replace(fake.CAPTION, alternatives=("today",), replications=1)
FIGURES = {
    "shares": lambda: figures.figure_share_curves(fake.share_curves(), fake.CAPTION),
    "map": lambda: figures.figure_map(fake.map_data(), fake.CAPTION),
    "map difference": lambda: figures.figure_map(fake.map_difference(), fake.CAPTION),
    "profile": lambda: figures.figure_day_profile(fake.day_profile(), fake.CAPTION),
    "timeline": lambda: figures.figure_day_timeline(fake.day_timeline(), fake.CAPTION),
    "utilisation": lambda: figures.figure_utilisation(fake.utilisation(), fake.CAPTION),
    "staff": lambda: figures.figure_staff(fake.staff(teams=fake.TEAMS[:9]), fake.CAPTION),
    "forest": lambda: figures.figure_forest(
        [fake.forest(), fake.forest("first come", 4.0)], fake.CAPTION
    ),
    "targets": lambda: figures.figure_share_targets(fake.targets(), fake.CAPTION),
    "frontier": lambda: figure_frontier(fake.frontier(), fake.CAPTION),
    "dates": lambda: figure_dated_profile(fake.dated_profile(), fake.CAPTION),
    "sweep": lambda: figures.figure_sweep(fake.sweep(), fake.CAPTION),
    "settling": lambda: figures.figure_welch(
        (fake.settling(), fake.settling(None, "cover"), fake.settling(0, "x" * 60)), fake.CAPTION
    ),
}
SMALLER = {
    "two shares": lambda: figures.figure_share_curves(fake.share_curves(2), TWO),
    "one share": lambda: figures.figure_share_curves(fake.share_curves(1), ONE),
    "two profiles": lambda: figures.figure_day_profile(fake.day_profile(2), TWO),
    "four teams": lambda: figures.figure_day_timeline(fake.day_timeline(4), ONE),
    "one utilisation": lambda: figures.figure_utilisation(fake.utilisation(1), ONE),
    "staff, one": lambda: figures.figure_staff(fake.staff(1), ONE),
    "crews only": lambda: figures.figure_staff(fake.staff(2, fake.TEAMS[:3], False, ()), TWO),
    "on call only": lambda: figures.figure_staff(fake.staff(2, ()), TWO),
    "volunteers only": lambda: figures.figure_staff(fake.staff(2, (), on_call=()), TWO),
    "sweep of words": lambda: figures.figure_sweep(
        fake.sweep(("ambulance", "ambulance, pump, ladder and boat", "nothing"), 1), ONE
    ),
    "uneven sweep": lambda: figures.figure_sweep(fake.sweep((1, 2, 3, 500)), fake.CAPTION),
    "sweep of many": lambda: figures.figure_sweep(fake.sweep(tuple(range(1, 41))), fake.CAPTION),
    "uneven sweep of many": lambda: figures.figure_sweep(
        fake.sweep((*range(1, 37), 300, 1000, 3000, 10_000)), fake.CAPTION
    ),
    "sweep of words, many": lambda: figures.figure_sweep(
        fake.sweep(tuple(f"{n} min and {n} s" for n in range(14))), fake.CAPTION
    ),
    "six shares": lambda: figures.figure_share_curves(six_shares(), fake.CAPTION),
    "six profiles": lambda: figures.figure_day_profile(six_profiles(), fake.CAPTION),
    "many targets": lambda: figures.figure_share_targets(fake.targets(3, 12), fake.CAPTION),
    "targets, one": lambda: figures.figure_share_targets(fake.targets(1, 3, 2), ONE),
    "targets of six": lambda: figures.figure_share_targets(six_targets(), fake.CAPTION),
    "no target": lambda: figures.figure_share_curves(
        dataclasses.replace(six_shares(), targets=()), fake.CAPTION
    ),
    "frontier of many": lambda: figure_frontier(fake.frontier(40), fake.CAPTION),
    "two years": lambda: figure_dated_profile(fake.dated_profile(1, 730), ONE),
    "one date": lambda: figure_dated_profile(fake.dated_profile(3, 1), ONE),
    "one forest": lambda: figures.figure_forest(fake.forest(), TWO),
}


def six_shares():
    data = fake.share_curves(3)
    curves = tuple(data.curves[i % 3]._replace(name=f"alternative {i}") for i in range(6))
    gaps = tuple(data.differences[i % 2]._replace(name=f"alternative {i}") for i in range(1, 6))
    return dataclasses.replace(data, curves=curves, differences=gaps)


def six_targets():
    """Six alternatives, and two groups of callouts with three targets each."""
    six = six_shares()
    return [dataclasses.replace(six, targets=own.targets) for own in fake.targets(3, 2, 3)]


def six_profiles():
    """Six alternatives, each with teams on duty of its own."""
    data = fake.day_profile(3)
    names = [f"alternative {i}" for i in range(6)]
    return dataclasses.replace(
        data,
        busy=tuple(data.busy[i % 3]._replace(name=name) for i, name in enumerate(names)),
        on_duty=tuple((name, data.on_duty[0][1] - i) for i, name in enumerate(names)),
        waiting=tuple((name, data.waiting[i % 3][1]) for i, name in enumerate(names)),
    )


HOSTILE = (
    "$$", r"$\frac$", "\u202eevil\u202c فريق", "🚑 ambulance", "x" * 5000, "lone \ud800 half",
    "", "\x00\n\t", "<b>&amp;", "日本", "ا" * 300, "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍",
)  # fmt: skip


@lru_cache
def drawn(name):
    """Return a figure, drawn once for the tests that only look at it."""
    return {**FIGURES, **SMALLER}[name]()


def texts_of(figure):
    """Return the boxes of every text that is drawn, shrunk by half a pixel, with the text."""
    with house_style():  # in which files are written
        figure.draw_without_rendering()
        every = [text for text in figure.findobj(mpl.text.Text) if text.get_text().strip()]
        hidden = {label for axes in figure.findobj(mpl.axes.Axes) for label in unseen(axes)}
        boxes = [
            (mpl.text.Text.get_window_extent(text), text.get_text())
            for text in every
            if text.get_visible() and text not in hidden
        ]
    return sorted((b.x0 + 0.5, b.y0 + 0.5, b.x1 - 0.5, b.y1 - 0.5, text) for b, text in boxes)


def unseen(axes):
    """Return the tick labels that matplotlib keeps but does not draw."""
    for axis in (axes.xaxis, axes.yaxis):
        low, high = sorted(axis.get_view_interval())
        for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
            if not (axes.axison and low - 1e-9 <= tick.get_loc() <= high + 1e-9):
                yield from (tick.label1, tick.label2)
        if not axes.axison:
            yield axis.label


def overlapping(texts):
    return [
        (a[4], b[4])
        for a, b in combinations(texts, 2)
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]


def cut(texts, figure):
    width, height = figure.bbox.width, figure.bbox.height
    return [t for t in texts if min(t[:2]) < 0 or t[2] > width or t[3] > height]


@pytest.mark.parametrize("name", quick_first(FIGURES, 3))
def test_equal_figures_are_equal_files(name, tmp_path):
    """Otherwise a study made again could not be compared with the first."""
    first = figures.save(drawn(name), tmp_path / "first")
    second = figures.save(FIGURES[name](), tmp_path / "second")

    assert [file.suffix for file in first] == [".png", ".svg"]
    assert [f.read_bytes() for f in first] == [f.read_bytes() for f in second]
    assert len(list(tmp_path.iterdir())) == 4


@pytest.mark.parametrize("name", [*FIGURES, *SMALLER])
def test_no_text_overlaps_another_or_is_cut_by_the_edge(name):
    figure = drawn(name)
    texts = texts_of(figure)

    assert overlapping(texts) == []
    assert cut(texts, figure) == []


def test_the_check_for_overlaps_finds_one():
    figure = SMALLER["one share"]()
    figure.axes[0].text(60, 50, "here", gid="label")
    figure.axes[0].text(61, 50, "there", gid="label")

    assert overlapping(texts_of(figure)) == [("here", "there")]


def test_the_page_is_eight_inches_wide_at_160_dots_an_inch():
    for name in FIGURES:
        figure = drawn(name)

        assert figure.get_figwidth() == 8, name
        assert figure.get_figheight() < 11, name
        assert figure.dpi == 160, name


def test_settings_of_matplotlib_stay_as_they_were_and_do_not_matter(tmp_path):
    plain = figures.save(FIGURES["utilisation"](), tmp_path / "plain", ("png",))[0].read_bytes()
    with mpl.rc_context({"font.size": 20, "axes.facecolor": "red", "text.parse_math": True}):
        before = dict(mpl.rcParams)
        other = figures.save(FIGURES["utilisation"](), tmp_path / "other", ("png",))[0].read_bytes()

        assert dict(mpl.rcParams) == before
    assert other == plain


def test_pyplot_is_never_imported():
    """It keeps figures alive and may look for a window."""
    code = "import sys, sim.report.figures; sys.exit('matplotlib.pyplot' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_svg_keeps_arabic_names_as_text_in_reading_order(tmp_path):
    """A reader must be able to search for a name, and a screen reader to say it."""
    (svg,) = figures.save(drawn("timeline"), tmp_path / "day", ("svg",))

    assert "Lattakia A اللاذقية أ" in svg.read_text(encoding="utf-8")


def test_a_png_holds_the_pixels_that_were_drawn(tmp_path):
    from PIL import Image

    figure = drawn("two shares")
    (path,) = figures.save(figure, tmp_path / "shares", ["png"])

    with Image.open(path) as image:
        assert image.mode == "RGB"
        assert image.info["dpi"] == pytest.approx((160, 160), abs=0.02)
        assert (np.asarray(image) == np.asarray(figure.canvas.buffer_rgba())[..., :3]).all()


def test_numbers_next_to_an_arabic_name_stay_in_their_order():
    """A line that begins with one ran from right to left: 74 to 100 was read as 100 to 74."""
    from matplotlib.text import Text

    name = "\u0633\u064a\u0627\u0633\u0629"
    curves = renamed(dataclasses.replace(fake.share_curves(), whose="", until="", title=""),
                     cycle([name]))  # fmt: skip
    own = dataclasses.replace(fake.CAPTION, alternatives=(name, name))

    drawn = figures.figure_share_curves(curves, own).findobj(Text)
    mixed = [text.get_text() for text in drawn if re.search(r"\d%|seed", text.get_text())]
    mixed = [text for text in mixed if name in text]

    assert len(mixed) > 2
    for text in mixed:
        assert not re.search(f"^{name}|{name}[^A-Za-z\u200e]*\\d", text), text


def test_matplotlib_shapes_arabic_itself():
    from matplotlib import ft2font

    from sim.report.figures.layout.labels import measure

    apart = sum(measure(letter, 10)[0] for letter in "جبلة")

    assert ft2font.__libraqm_version__
    assert measure("جبلة", 10)[0] < 0.9 * apart


def renamed(thing, names):
    """Return a figure's data with every text replaced by the next of the names."""
    if isinstance(thing, str):
        return next(names)
    if isinstance(thing, tuple):
        parts = [renamed(part, names) for part in thing]
        return type(thing)(*parts) if hasattr(thing, "_fields") else tuple(parts)
    if dataclasses.is_dataclass(thing):
        fields = dataclasses.fields(thing)
        return dataclasses.replace(
            thing, **{f.name: renamed(getattr(thing, f.name), names) for f in fields if f.init}
        )
    return thing


@pytest.mark.parametrize("start", [0, 6])
@pytest.mark.parametrize(
    ("draw", "data"),
    [
        (figures.figure_share_curves, fake.share_curves(2)),
        (figures.figure_share_targets, fake.targets(2, 2, 3)),
        (figure_frontier, fake.frontier(12)),
        (figure_dated_profile, fake.dated_profile()),
        (figures.figure_map, fake.map_data(fake.PLACES[:6])),
        (figures.figure_map, fake.map_difference(fake.PLACES[:6])),
        (figures.figure_day_profile, fake.day_profile(2)),
        (figures.figure_day_timeline, fake.day_timeline(2)),
        (figures.figure_utilisation, fake.utilisation(2)),
        (figures.figure_staff, fake.staff(2)),
        (figures.figure_forest, fake.forest()),
        (figures.figure_sweep, fake.sweep()),
        (figures.figure_welch, (fake.settling(),)),
    ],
    ids=[
        "shares",
        "targets",
        "frontier",
        "dates",
        "map",
        "map difference",
        "profile",
        "timeline",
        "utilisation",
        "staff",
        "forest",
        "sweep",
        "settling",
    ],
)
def test_no_name_breaks_a_figure_or_its_page(draw, data, start):
    names = cycle(HOSTILE[start:] + HOSTILE[:start])

    figure = draw(renamed(data, names), renamed(TWO, names))
    texts = texts_of(figure)

    assert cut(texts, figure) == []
    assert overlapping(texts) == []
    assert figure.get_figheight() < 13


@pytest.mark.parametrize("name", FIGURES)
def test_the_title_of_the_scenario_stands_under_that_of_the_figure(name):
    words = [text.get_text() for text in drawn(name).texts]

    assert any(word.startswith("Six weeks at the coast · ") for word in words[1:3])


def test_a_difference_of_nought_has_no_sign():
    """It would say that there is one."""
    assert [signed(v) for v in (-0.04, 0.0, 0.04, -0.06, 2.0)] == [
        "0.0", "0.0", "0.0", "−0.1", "+2.0",
    ]  # fmt: skip


def test_a_small_difference_keeps_its_digits():
    """0.04 points of people not reached are not nothing."""
    row = figures.ForestRow("all", 0.04, 0.01, 0.07, "inconclusive")

    words = words_of(figures.figure_forest(figures.Forest(((row,),), "Title", "pp"), TWO))

    assert "+0.04  (+0.01 to +0.07)" in words


@pytest.mark.parametrize(
    ("road", "drawn_as"),
    [
        (("trunk", "osm"), "trunk road"),
        (("trunk", "modelled"), "trunk road (modelled)"),
        (("secondary", "osm"), "minor road"),
        (("access", "modelled"), "minor road (modelled)"),
        (("boat", "modelled"), "by boat"),
    ],
)
def test_a_modelled_road_is_not_drawn_as_a_real_one(road, drawn_as):
    assert road_kind(*road) == drawn_as
    assert ("linestyles" in ROADS[drawn_as]) == (road[1] == "modelled")


def test_an_interval_much_wider_than_others_does_not_hide_them():
    """One group of three callouts would leave all others as dots on the zero line."""
    rows = [figures.ForestRow(f"kind {i}", 1.0 + i, 0.5 + i, 1.5 + i, "worse") for i in range(6)]
    wide = figures.ForestRow("rare", 2.0, -300.0, 304.0, "inconclusive")
    figure = figures.figure_forest(figures.Forest(((*rows, wide),), "Title"), TWO)

    (ax,) = figure.axes
    low, high = ax.get_xlim()
    assert high < 20
    assert low > -20
    assert {"<", ">"} <= {line.get_marker() for line in ax.lines}
    assert "+2.0  (−300.0 to +304.0)" in words_of(figure)


def test_one_wide_interval_alone_is_drawn_whole():
    row = figures.ForestRow("all", 0.1, -30.0, 30.2, "inconclusive")
    (ax,) = figures.figure_forest(figures.Forest(((row,),), "Title"), TWO).axes

    assert ax.get_xlim()[0] < -30
    assert ax.get_xlim()[1] > 30.2


def test_a_difference_that_nobody_prefers_is_not_drawn_as_undecided():
    """Lower overtime, where crews are never off duty, is neither better nor worse, and is clear."""
    row = figures.ForestRow("24 on 48 off", 1.0, 0.5, 1.5, "")
    neither = figures.figure_forest(figures.Forest(((row,),), "Title"), TWO)
    worse = figures.figure_forest(figures.Forest(((row._replace(verdict="worse"),),), "Title"), TWO)

    said = [" ".join(text.get_text() for text in each.texts) for each in (neither, worse)]
    markers = {line.get_marker() for line in neither.axes[0].lines}

    assert ["▲ neither is preferred" in words for words in said] == [True, False]
    assert "^" in markers
    assert "s" not in markers


def test_what_was_not_measured_is_left_out_and_not_made_up():
    nothing = np.full(len(fake.TEAMS), np.nan)
    busy = figures.Utilisation(fake.TEAMS, (figures.Band("today", nothing, nothing, nothing),))
    gone = figures.ForestRow("nobody", *[float("nan")] * 3, "inconclusive")
    forest = figures.Forest(((gone,),), "Nothing")

    figures.figure_utilisation(busy, ONE)
    words = [text.get_text() for text in figures.figure_forest(forest, ONE).findobj(mpl.text.Text)]

    assert "no callouts" in words
    assert not any("nan" in word for word in words)


def words_of(figure):
    return [text.get_text() for text in figure.findobj(mpl.text.Text)]


def test_a_difference_without_an_interval_says_so_and_is_hollow():
    """It used to be drawn with an interval of no width, as if nothing were known better."""
    nothing = [float("nan")] * 2
    known = figures.ForestRow("kept", 1.0, 0.5, 1.5, "worse")
    bare = figures.ForestRow("bare", 2.0, *nothing, "inconclusive", "no interval")
    same = figures.ForestRow("same", 0.0, 0.0, 0.0, "identical", "identical")

    figure = figures.figure_forest(figures.Forest(((known, bare, same),), "Title"), TWO)

    assert "+2.0  no interval" in words_of(figure)
    assert "0.0  identical" in words_of(figure)
    faces = {tuple(line.get_xdata()): line.get_markerfacecolor() for line in figure.axes[0].lines
             if len(line.get_xdata()) == 1}  # fmt: skip
    assert faces[2.0,] == "white"
    assert faces[1.0,] != "white"
    assert faces[0.0,] != "white"
    assert "hollow: no interval" in " ".join(word.get_text() for word in figure.texts)


def test_a_gain_behind_a_closed_gate_looks_like_no_gain():
    """It is neither green nor called better, and the panel says first what it costs."""
    gain = figures.ForestRow("injury", -3.0, -4.0, -2.0, "at a price")
    data = figures.Forest(
        ((gain,),), "Title", alternative="starve", judged=("worse", "worse: abandons fire")
    )

    figure = figures.figure_forest(data, TWO)

    said = " ".join(words_of(figure))
    assert "worse: abandons fire" in said
    assert "▼ gained while more are not reached" in said
    assert "better" not in said
    green = figures.layout.style.okabe_ito["green"]
    assert green not in {line.get_color() for line in figure.axes[0].lines}


def test_the_legend_of_differences_explains_the_signs_that_are_drawn():
    worse = figures.ForestRow("all", 1.0, 0.5, 1.5, "worse")

    words = words_of(figures.figure_forest(figures.Forest(((worse,),), "Title"), TWO))

    (legend,) = (word for word in words if "Lines: paired" in word)
    assert legend.endswith("✖ worse")


def test_a_percentile_that_is_never_reached_is_written_and_not_left_out():
    at = np.arange(3.0)
    band = figures.Band("today", np.where(at == 1, np.nan, 40.0), at * 0 + 39, at * 0 + 41)
    panel = figures.Panel("90th\npercentile [min]", (band,), ((False, True, False),))

    figure = figures.figure_sweep(figures.Sweep("crew", (1, 2, 3), (panel,)), ONE)

    assert words_of(figure).count("never") == 1


def test_each_curve_says_what_it_reads_at_its_targets():
    """At the end of the curves stood their values at the target, which contradicted them."""
    (data,) = fake.targets(2, 1, 2)
    figure = figures.figure_share_curves(data, TWO)
    top, bottom = ([text.get_text() for text in ax.texts] for ax in figure.axes)

    gaps = [np.interp(at, data.minutes, 100 * data.differences[0].value) for at in (10, 20)]
    assert top[:4] == ["wounded 0 in 10 min", "wounded 0 in 20 min", "□ 90% in 10 min",
                       "□ 90% in 20 min"]  # fmt: skip
    assert top[4:] == ["today", "16% (15–18)", "42% (39–45)", "cover", "18% (16–20)",
                       "45% (42–48)"]  # fmt: skip
    assert [word[:6] for word in bottom[-2:]] == [f"{gap:+.1f} (" for gap in gaps]


def test_curves_without_a_target_say_what_they_read_at_their_end():
    data = dataclasses.replace(fake.share_curves(2), targets=())
    top, bottom = figures.figure_share_curves(data, TWO).axes

    ends = [text.get_text() for ax in (top, bottom) for text in ax.texts if text.xy[0] == 1]

    gap = 100 * data.differences[0].value[-1]
    assert ends[0] == "today (baseline)"
    assert ends[-1].startswith(f"{gap:+.1f} (")
    assert sum(word.endswith("in 120 min") for word in ends) == 3


@pytest.mark.parametrize(("minutes", "alternatives"), [(0, 3), (3, 1), (120, 3)])
def test_what_curves_read_at_a_target_has_room_wherever_it_lies(minutes, alternatives):
    data = fake.share_curves(alternatives)
    data = dataclasses.replace(data, targets=(data.targets[0]._replace(minutes=minutes),))

    figure = figures.figure_share_curves(data, fake.CAPTION)
    texts = texts_of(figure)

    assert overlapping(texts) == []
    assert cut(texts, figure) == []
    assert any(f"in {minutes} min" in word for *_, word in texts)


def test_an_alternative_that_changes_nothing_is_called_identical():
    data = fake.share_curves(2)
    same = data.differences[0]._replace(value=0 * data.minutes, low=0 * data.minutes,
                                        high=0 * data.minutes)  # fmt: skip
    words = words_of(
        figures.figure_share_curves(dataclasses.replace(data, differences=(same,)), TWO)
    )

    assert "identical" in words


def test_targets_about_the_same_callouts_share_a_panel():
    """The same curve was drawn once for each of them."""
    figure = figures.figure_share_targets(fake.targets(2, 2, 4), TWO)

    panels = [[text.get_text() for text in ax.texts] for ax in figure.axes]

    assert len(panels) == 8  # of two groups, each with three targets and with one, and differences
    assert sum("in 10 min" in word for words in panels for word in words) == 6


def test_a_curve_of_one_kind_names_the_kind_on_its_axis():
    """The axis said that callouts are reached, whose there was no telling."""
    data = dataclasses.replace(fake.share_curves(2), whose="Callouts of kind “fire”")

    figure = figures.figure_share_curves(data, TWO)

    assert figure.axes[0].get_ylabel() == "Callouts of kind “fire” reached [%]"
    assert any("Share of callouts of kind “fire” reached" in word for word in words_of(figure))


def test_curves_of_nothing_say_so():
    nothing = np.full(241, np.nan)
    data = fake.share_curves(2)
    gone = tuple(figures.Band(b.name, nothing, nothing, nothing) for b in data.curves)
    data = dataclasses.replace(data, curves=gone, differences=gone[1:])

    words = words_of(figures.figure_share_curves(data, TWO))

    assert words.count("no callouts") == 3
    assert not any("nan" in word for word in words)


def test_names_that_begin_alike_are_told_apart_by_their_ends():
    words = words_of(
        figures.figure_share_curves(
            dataclasses.replace(
                fake.share_curves(2),
                curves=tuple(
                    band._replace(name=f"relocation to the coast, {end}")
                    for band, end in zip(fake.share_curves(2).curves, ("day", "night"), strict=True)
                ),
            ),
            TWO,
        )
    )

    assert "relocation t…e coast, day" in words
    assert "relocation t…coast, night" in words


def test_teams_without_an_interval_are_hollow_beside_those_that_have_one():
    value = np.linspace(0, 0.4, len(fake.TEAMS))
    low = np.where(value == 0, np.nan, value - 0.02)
    band = figures.Band("today", value, low, np.where(value == 0, np.nan, value + 0.02))
    figure = figures.figure_utilisation(figures.Utilisation(fake.TEAMS, (band,)), TWO)

    filled, hollow = (
        [len(line.get_xdata()) for line in figure.axes[0].lines
         if (line.get_markerfacecolor() == "white") == bare and line.get_marker() == "o"]
        for bare in (False, True)
    )  # fmt: skip
    assert (sum(filled), sum(hollow)) == (len(fake.TEAMS) - 1, 1)


def test_a_map_of_nothing_and_a_day_of_nothing_are_drawn():
    empty = figures.Steps(np.array([]), np.array([]))
    day = figures.DayTimeline("day 1", 0, (), (), (), (), empty, empty, empty, "today", 1)

    figures.figure_day_timeline(day, ONE)
    figures.figure_map(figures.MapData((), (), (), (), (), "minutes"), ONE)


def test_the_caption_says_what_is_needed_to_make_the_figure_again():
    line, care = TWO.lines()

    assert line == (
        "Syrian coast, March 2025 · today, cover · 20 paired replications of 28 days · "
        "seed 20250306"
    )
    assert care == "Illustrative bases, modelled secondary roads, not for operations"
    assert dataclasses.replace(TWO, attribution=("Invented.",)).lines() == [line]
    assert ONE.lines()[0].startswith("Syrian coast, March 2025 · today · 1 replication of 28 days")
    assert ONE.intervals == ""
    assert "OpenStreetMap" in TWO.lines(is_map=True)[1]


def test_values_stand_to_scale_where_there_is_room():
    assert fake.sweep((4, 6, 10)).places.tolist() == [4, 6, 10]
    assert fake.sweep((1, 2, 3, 500)).places.tolist() == [0, 1, 2, 3]
    assert fake.sweep(("few", "many")).places.tolist() == [0, 1]


def test_places_are_bars_and_numbers_are_lines_on_an_axis_from_zero():
    """A line between two places would have a middle; an axis cut short makes a little much."""
    words, numbers = (fake.sweep(v, 2) for v in (("Hill", "Harbour"), (4, 6, 10)))
    bars, lines = (figures.figure_sweep(data, TWO).axes[0] for data in (words, numbers))

    assert len(bars.patches) == 4
    assert not bars.lines
    assert not lines.patches
    assert lines.get_xlim()[0] == 0
    assert bars.get_ylim()[0] == lines.get_ylim()[0] == 0
    figure = figures.figure_sweep(fake.sweep((1, 2, 3, 500)), TWO)
    assert any("values not to scale" in word for word in words_of(figure))


def test_intervals_of_more_than_two_alternatives_stand_next_to_each_other():
    """Six bands were mud, and six bars at one minute hid each other."""
    from matplotlib.collections import FillBetweenPolyCollection as Filled
    from matplotlib.collections import LineCollection

    two, six = (figures.figure_share_curves(d, TWO) for d in (fake.share_curves(2), six_shares()))

    found = [any(isinstance(c, Filled) for c in each.axes[0].collections) for each in (two, six)]
    assert found == [True, False]
    bars = [c for c in six.axes[1].collections if isinstance(c, LineCollection)]
    at = [bar.get_transform().transform(bar.get_segments()[0])[0, 0] for bar in bars]
    apart = np.diff(sorted(at)) * 72 / six.dpi
    assert len(bars) == 5
    assert apart.min() > 3
    assert any("bars around a target: pointwise" in word for word in words_of(six))


def test_targets_that_have_no_room_are_named():
    words = words_of(figures.figure_share_targets(fake.targets(3, 12), fake.CAPTION))

    assert any(word.startswith("Targets not shown: ") for word in words)


def test_a_day_of_sixty_teams_fits_on_a_page():
    assert figures.figure_day_timeline(long_day(60), ONE).get_figheight() < 12.5


def long_day(teams):
    data = fake.day_timeline(16)
    names = tuple(f"Team {n}" for n in range(teams))
    return dataclasses.replace(data, teams=names, teams_ar=(), on_duty=(data.on_duty[0],) * teams)


def test_an_svg_names_a_font_that_every_machine_has(tmp_path):
    """Else text would be set in whatever a reader's program thinks of."""
    (svg,) = figures.save(drawn("utilisation"), tmp_path / "x", ("svg",))

    assert "'DejaVu Sans', sans-serif" in svg.read_text(encoding="utf-8")


def test_a_figure_saved_as_svg_first_is_no_smaller_as_png(tmp_path):
    """An SVG has 72 dots to the inch, and the figure kept them."""
    first = figures.save(drawn("utilisation"), tmp_path / "a", ("svg", "png"))[1].read_bytes()

    assert first == figures.save(drawn("utilisation"), tmp_path / "b", ("png",))[0].read_bytes()


def test_the_frontier_is_who_is_best_of_as_few_teams():
    data = fake.frontier(5)  # teams 10, 11, ...; the third is worse than the second

    assert data.frontier(data.panels[0]) == [0, 1, 3, 4]
