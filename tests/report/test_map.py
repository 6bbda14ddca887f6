"""The map: what it names, what it counts, and that nothing on it hides anything else."""

import re
from dataclasses import replace
from itertools import combinations, pairwise

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sim.report import figures
from sim.report.figure_input.figure_basis.recovery_kinds import is_recovery, said_counted
from sim.report.figures.layout.boxes import touches
from sim.report.figures.map_figure import map_signs
from sim.report.figures.map_figure.map_cells import cells_of
from sim.report.figures.map_figure.map_classes import MapClasses, classes_of
from sim.report.figures.map_figure.map_layout import layout_of
from sim.report.figures.map_figure.mapnames import in_order, name_places, rows_of, worst

from . import fake
from .test_figures import HOSTILE, ONE, cut, overlapping, texts_of, words_of

WIDE = 430.0  # of the map [points]
NOTHING = figures.MapData((), (), (), (), (), "minutes")


def place(name="Town", lon=35.0, lat=35.0, often=5.0, minutes=20.0, **more):
    return figures.MapPlace(name, "", lon, lat, often, minutes, **more)


def scattered(number, seed=3, name="place {}"):
    draws = np.random.default_rng(seed)
    return tuple(
        place(name.format(i), 35 + x, 35 + y, float(often), float(minutes))
        for i, (x, y, often, minutes) in enumerate(
            zip(
                draws.random(number), draws.random(number), draws.exponential(1, number),
                10 + draws.exponential(20, number), strict=True,
            )
        )
    )  # fmt: skip


WORLDS = {
    "coast": fake.map_data(),
    "difference": fake.map_difference(),
    "one place": replace(NOTHING, places=(place(),)),
    "500 places": replace(
        NOTHING,
        places=scattered(500),
        bases=tuple(figures.MapBase(p.name, p.lon, p.lat, 2) for p in scattered(500)[:30]),
    ),
    "long names": replace(
        NOTHING, places=scattered(40, name="a place with a very long name, number {}")
    ),
    "hostile names": replace(
        NOTHING,
        places=tuple(
            p._replace(name=HOSTILE[i % len(HOSTILE)], name_ar=HOSTILE[-1 - i % len(HOSTILE)])
            for i, p in enumerate(scattered(40))
        ),
    ),
    "no callouts": replace(
        NOTHING, places=tuple(p._replace(callouts_per_day=0.0) for p in scattered(9))
    ),
    "nothing": NOTHING,
}


@pytest.mark.parametrize("world", WORLDS)
def test_no_label_touches_another_or_a_circle_or_a_sign(world):
    """As placed, and as drawn: a name over a circle would hide what it is about."""
    data = WORLDS[world]
    layout = layout_of(data, WIDE)
    labels = [label.box for label in name_places(layout).labels]

    figure = figures.figure_map(data, ONE)
    texts = texts_of(figure)

    assert not any(touches(a, [b]) for a, b in combinations(labels, 2))
    assert not any(touches(box, layout.taken) for box in labels)
    assert all(b.left >= 0 and b.right <= layout.wide and b.top <= layout.tall for b in labels)
    assert overlapping(texts) == []
    assert cut(texts, figure) == []


def test_a_label_is_as_large_as_it_is_drawn():
    """Otherwise boxes that are clear of each other would prove nothing."""
    data = fake.map_data()
    figure = figures.figure_map(data, ONE)
    figure.draw_without_rendering()

    (label,) = (text for text in figure.findobj(mpl.text.Text) if text.get_text() == "Kasab")
    drawn = label.get_window_extent().width * 72 / figure.dpi
    assert drawn == pytest.approx(mapped_width(label), abs=1.5)


def mapped_width(label):
    from sim.report.figures.layout.labels import measure

    return measure(label.get_text(), label.get_fontsize(), label.get_fontweight())[0]


def test_the_five_worst_places_are_named_in_bold_with_their_minutes():
    figure = figures.figure_map(fake.map_data(), ONE)

    bold = {
        text.get_text()
        for text in figure.findobj(mpl.text.Text)
        if text.get_fontweight() == "bold" and text.get_gid() == "label"
    }
    assert {"Kasab", "Salanfa", "Arwad", "Masyaf", "Qadmous"} <= bold
    assert {"88 min", "71 min", "64 min", "63 min", "58 min"} <= bold
    assert "Bold: the 5 longest" in words_of(figure)


def test_worst_are_the_longest_and_of_differences_those_that_are_settled_losses():
    plain = [p.name for p in worst(fake.map_data().places, compared=False)]
    compared = worst(fake.map_difference().places, compared=True)

    assert plain == ["Kasab", "Salanfa", "Arwad", "Masyaf", "Qadmous"]
    assert all(p.settled and p.minutes > 0 for p in compared)


@pytest.mark.parametrize("number", [3, 60])
def test_minutes_and_teams_of_every_base_are_told_on_the_map_or_in_the_key(number):
    places = scattered(80)
    bases = tuple(figures.MapBase(p.name, p.lon, p.lat, 2) for p in places[:number])
    layout = layout_of(replace(NOTHING, places=places, bases=bases), WIDE)

    names = name_places(layout)

    on_map = {label.rows[0].text.partition("  ")[0] for label in names.labels}
    told = on_map | {named.place.name for named in names.left_out}
    assert {base.name for base in bases} <= told
    based = [named for named in in_order(layout) if named.bases]
    assert all("min" in rows[-1].text for named in based for rows in rows_of(named, layout))
    assert all("2 teams" in rows[-1].text for named in based for rows in rows_of(named, layout))


def test_who_has_no_room_on_the_map_is_listed_in_the_key():
    places = tuple(
        place(f"Town {i}", 35 + 0.001 * (i % 8), 35 + 0.0001 * i * i % 0.007, 5.0, 20.0 + i)
        for i in range(60)
    )
    places += (place("Far", 36.0, 36.0),)  # all others are a heap

    words = words_of(figures.figure_map(replace(NOTHING, places=places), ONE))

    named = [word for word in words if word.startswith("Town 59")]
    assert named
    left_out = name_places(layout_of(replace(NOTHING, places=places), WIDE)).left_out
    for one in left_out:
        assert any(word.startswith(one.place.name) for word in words)


def test_the_cross_of_a_base_hides_no_colour():
    """It covered small circles altogether."""
    layout = layout_of(fake.map_data(), WIDE)

    for site in layout.bases:
        corners = map_signs.cross(site.x, site.y, site.radius)
        far = np.hypot(*(corners - (site.x, site.y)).T).max()
        assert far > site.radius + 3  # its arms are seen
    figure = figures.figure_map(fake.map_data(), ONE)
    (crosses,) = (
        c.get_zorder()
        for c in figure.findobj(mpl.collections.PolyCollection)
        if len(c.get_paths()) == len(layout.bases) and c.get_linewidth() == 0.9
    )
    circles = [c.get_zorder() for c in figure.findobj(mpl.collections.PathCollection)]
    assert crosses < min(circles)


def test_signs_of_bases_stand_where_the_bases_are():
    """On a map of a few kilometres, a tenth of one shows."""
    bases = (figures.MapBase("A", 35.0, 35.0, 1), figures.MapBase("B", 35.04123, 35.02456, 1))
    layout = layout_of(replace(NOTHING, bases=bases), WIDE)

    assert [site[:2] for site in layout.bases] == pytest.approx(
        np.array(sorted(map(tuple, layout.xy([b[1:3] for b in bases])))), abs=1e-6
    )


def test_each_base_of_the_map_has_its_own_teams():
    """A place was given the teams of every base within a kilometre, and those bases none."""
    old, new, hill = (35.79, 35.53), (35.795, 35.53), (36.2, 35.6)
    places = (
        place("Old town", *old, 5.0, 20.0),
        place("New town", *new, 2.0, 30.0),
        place("Hill", *hill, 1.0, 40.0),
    )
    bases = [("Old town", *old, 3), ("New town", *new, 1), ("Fire", *hill, 2), ("Post", *hill, 4)]
    data = replace(NOTHING, places=places, bases=tuple(figures.MapBase(*b) for b in bases))

    assert map_labels(data) == {
        "Old town": ["20 min · 3 teams"],
        "New town": ["30 min · 1 team"],
        "Hill": ["40 min", "Fire: 2 teams", "Post: 4 teams"],
    }
    words = words_of(figures.figure_map(data, ONE))
    assert "20 min · 3 teams" in words
    assert "Post: 4 teams" in words


def test_the_scale_bar_covers_no_base_and_no_place():
    """It stood over a base in the lower left, where as many places were as in the lower right."""
    here = (place("Low", 35.0, 35.0), place("Lower right", 35.2, 35.0), place("High", 35.3, 35.3))
    bases = (figures.MapBase("Low", 35.0, 35.0, 1),)
    layout = layout_of(replace(NOTHING, places=here, bases=bases), WIDE)

    assert not touches(layout.scale_bar.box, layout.taken[:-1])


def test_without_any_callout_the_map_shows_all_places():
    """It was a base of a few hundred metres, and the places around it were cut off."""
    here = tuple(place(f"P{n}", 35 + n / 10, 35 + n / 10, often=0.0) for n in range(4))
    bases = (figures.MapBase("P0", 35.0, 35.0, 1),)

    assert len(layout_of(replace(NOTHING, places=here, bases=bases), WIDE).places) == 4


def map_labels(data):
    layout = layout_of(data, WIDE)
    labels = (rows_of(named, layout)[0] for named in in_order(layout))
    return {rows[0].text: [row.text for row in rows[1:]] for rows in labels}


def test_many_bases_of_one_place_are_counted_and_not_added_to_one():
    bases = tuple(figures.MapBase(f"base {i}", 35.0, 35.0, 1) for i in range(6))
    data = replace(NOTHING, places=(place(),), bases=bases)

    assert map_labels(data) == {
        "Town": [
            "20 min", "base 0: 1 team", "base 1: 1 team", "base 2: 1 team", "3 more bases: 3 teams",
        ]
    }  # fmt: skip


def test_a_base_where_no_callouts_come_from_says_so():
    depot = place("Depot", 35.2, 35.2, 0.0, None)
    base = figures.MapBase("Depot", 35.2, 35.2, 2)
    away = figures.MapBase("Camp", 35.1, 35.3, 1)
    data = replace(NOTHING, places=(place(), depot), bases=(base, away))

    labels = map_labels(data)

    assert labels["Depot"] == ["no callouts · 2 teams"]
    assert labels["Camp"] == ["no callouts · 1 team"]


def test_an_arabic_name_stands_under_the_latin_one():
    figure = figures.figure_map(fake.map_data(), ONE)
    figure.draw_without_rendering()
    at = {t.get_text(): t.get_window_extent() for t in figure.findobj(mpl.text.Text)}

    latin, arabic = at["Lattakia"], at["اللاذقية"]
    assert arabic.y1 <= latin.y0 + 1
    assert arabic.x1 == pytest.approx(latin.x1, abs=3) or arabic.x0 == pytest.approx(
        latin.x0, abs=3
    )


def test_labels_stay_text_in_the_svg(tmp_path):
    """With outlines around them they were drawn as shapes: no search, no screen reader."""
    (svg,) = figures.save(figures.figure_map(fake.map_data(), ONE), tmp_path / "map", ("svg",))

    assert "اللاذقية" in svg.read_text(encoding="utf-8")


def test_a_closure_is_cased_in_white_over_the_roads():
    figure = figures.figure_map(fake.map_data(), ONE)
    lines = figure.findobj(mpl.collections.LineCollection)
    closed = mpl.colors.to_rgba(map_signs.CLOSED["colors"])

    (one,) = (c for c in lines if tuple(c.get_color()[0]) == closed)
    (casing,) = (c for c in lines if c.get_zorder() == map_signs.CASING["zorder"])
    roads = [style["zorder"] for style in map_signs.ROADS.values()]
    assert max(roads) < casing.get_zorder() < one.get_zorder()
    assert casing.get_linewidth()[0] > one.get_linewidth()[0]
    assert tuple(casing.get_color()[0]) == (1, 1, 1, 1)


def brightness(colour):
    red, green, blue = mpl.colors.to_rgb(colour)
    return 0.299 * red + 0.587 * green + 0.114 * blue


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("greys", [False, True])
def test_classes_are_told_apart_in_grey_print(number, greys):
    classes = MapClasses(tuple(10.0 * (i + 1) for i in range(number - 1)), False, greys)

    light = [brightness(classes.shade(i)) for i in range(number)]

    assert all(a - b > 0.1 for a, b in pairwise(light))


@pytest.mark.parametrize("later", [False, True])
def test_differences_are_told_apart_in_grey_print(later):
    classes = MapClasses((1, 5, 10), True)

    light = [brightness(classes.shade(i, later)) for i in range(4)]

    assert all(a - b > 0.1 for a, b in pairwise(light))


@pytest.mark.parametrize(
    ("minutes", "limits"),
    [
        ([], ()),
        ([20], ()),
        ([0, 1], (1,)),
        ([12, 18, 25, 33, 48, 95], (20, 30, 45, 60)),
        ([24.1, 24.9, 25.3], (25,)),
        ([2, 4, 7, 8, 11], (3, 6, 9)),
        ([16, 17, 18, 19, 20, 21, 22, 24], (18, 20, 22, 24)),
        ([20, 25, 30] * 20 + [480], (30, 90)),  # one that is abandoned does not swallow the rest
    ],
)
def test_limits_of_classes_are_round_and_no_class_is_empty(minutes, limits):
    found = classes_of([place(minutes=m) for m in minutes], compared=False)

    assert found.limits == limits
    numbers = {found.number(m) for m in minutes}
    assert numbers == set(range(len(limits) + 1)) if minutes else not numbers


def test_a_place_is_in_the_class_of_the_minutes_written_next_to_it():
    """29.6 min is written as 30 min."""
    classes = MapClasses((15, 30, 60))

    assert [classes.number(m) for m in (14.4, 14.6, 29.4, 29.6, 60.0)] == [0, 1, 1, 2, 3]
    assert classes.words() == ["under 15", "15 to 29", "30 to 59", "60 and more"]


def test_the_living_and_the_dead_are_never_of_one_colour():
    """A recovery that waits for days is no emergency that waits for days."""
    data = fake.map_data()
    figure = figures.figure_map(data, ONE)
    greys = set(map_signs_of(figure, "s"))
    colours = set(map_signs_of(figure, "o"))

    assert greys
    assert all(len({round(c, 3) for c in colour[:3]}) == 1 for colour in greys)
    assert not greys - {(1.0, 1.0, 1.0, 1.0)} & colours
    words = " ".join(words_of(figure))
    assert "Counted: all callouts but" in words
    assert "recoveries of the dead (“recovery”)" in re.sub(r"\s+", " ", words)


def map_signs_of(figure, shape):
    """Return the colours of marks that are squares or circles."""
    for marks in figure.findobj(mpl.collections.PathCollection):
        corners = len(marks.get_paths()[0].vertices)
        if (corners < 7) == (shape == "s"):
            yield from map(tuple, marks.get_facecolor())


@pytest.mark.parametrize(
    ("kind", "dead"),
    [
        ("recovery", True), ("Body recovery", True), ("recovery_of_bodies", True),
        ("the dead", True), ("انتشال", True), ("wounded", False), ("road clearance", False),
        ("vehicle recovery", False), ("somebody trapped", False), ("deadline", False),
    ],
)  # fmt: skip
def test_recoveries_of_the_dead_are_told_by_their_names(kind, dead):
    assert is_recovery(kind) == dead


def test_the_key_says_what_is_counted():
    assert said_counted(["fire", "wounded"]) == ("all callouts", "")
    assert said_counted(["fire", "recovery"]) == (
        "all callouts but recoveries of the dead",
        "recoveries of the dead (“recovery”)",
    )


def test_a_difference_says_by_its_shape_who_is_later_and_hollow_that_it_is_not_settled():
    """Colours of gain and loss are one grey in print."""
    data = replace(
        NOTHING,
        places=(
            place("Later", 35.0, 35.0, minutes=4.0),
            place("Sooner", 35.3, 35.0, minutes=-4.0),
            place("Doubt", 35.0, 35.3, minutes=9.0, settled=False),
            place("Same", 35.3, 35.3, minutes=0.0),
        ),
        compared=True,
        unsettled="few",
    )

    words = words_of(figures.figure_map(data, ONE))

    labels = map_labels(data)
    assert labels == {
        "Later": ["+4.0 min"], "Sooner": ["−4.0 min"], "Doubt": ["not settled"],
        "Same": ["0.0 min"],
    }  # fmt: skip
    assert {"▼ sooner, ▲ later, by [min]", "not settled", "no difference"} <= set(words)
    assert "Not settled: few." in words
    assert "9.0" not in " ".join(words)


GRIDS = {
    "squares": [(x, y) for x in range(5) for y in range(4)],
    "uneven": [(x, y) for x in (0, 1, 3, 6) for y in (0, 2, 3, 5)],
    "honeycomb": [(x + 0.5 * (y % 2), y * 3**0.5 / 2) for x in range(5) for y in range(5)],
    "with a hole": [(x, y) for x in range(5) for y in range(5) if (x, y) != (2, 2)],
    "turned": [(0.8 * x - 0.6 * y, 0.6 * x + 0.8 * y) for x in range(4) for y in range(4)],
}


@pytest.mark.parametrize("grid", GRIDS)
def test_places_of_a_grid_are_filled_cells(grid):
    points = np.array(GRIDS[grid], dtype=float)

    cells = cells_of(points)

    assert cells is not None
    for cell, point in zip(cells, points, strict=True):
        inside = [mpl.path.Path(other).contains_point(point) for other in cells]
        assert sum(inside) == 1
        assert mpl.path.Path(cell).contains_point(point)


def test_places_of_no_grid_are_circles():
    assert cells_of(np.random.default_rng(1).random((60, 2))) is None
    assert cells_of(np.array([[0.0, 0.0], [1, 0], [0, 1], [1, 1]])) is None
    assert not layout_of(fake.map_data(), WIDE).are_cells


def test_cells_that_fill_the_map_are_drawn_and_named_in_the_key():
    places = tuple(
        place(f"Z{x}{y}", 35 + 0.02 * x, 35 + 0.02 * y, 1.0, 10.0 + x * y)
        for x in range(6)
        for y in range(6)
    )
    bases = (figures.MapBase("Z22", 35.04, 35.04, 2),)

    figure = figures.figure_map(replace(NOTHING, places=places, bases=bases), ONE)

    words = words_of(figure)
    assert {"1 Z55 35 min", "6 Z22 14 min · 2 teams", "1", "6"} <= set(words)
    (cells,) = (
        c for c in figure.findobj(mpl.collections.PolyCollection) if len(c.get_paths()) == 36
    )
    assert len(cells.get_facecolor()) == 36


def test_a_road_is_drawn_through_the_points_that_it_passes():
    bend = figures.MapRoad(35.0, 35.0, 35.2, 35.0, "trunk", "", ((35.1, 35.1),))
    data = replace(NOTHING, places=(place(), place("B", 35.2, 35.0)), roads=(bend,))
    layout = layout_of(data, WIDE)

    (line,) = layout.lines(data.roads)

    assert len(line) == 3
    assert line[1] == pytest.approx(layout.xy([(35.1, 35.1)])[0])


def test_a_map_is_drawn_in_axes_of_ones_own():
    figure = Figure(figsize=(10, 7))
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)

    figures.draw_map(left, fake.map_data())
    right.plot([1, 2])
    figure.draw_without_rendering()

    assert "Kasab" in words_of(figure)
    assert left.child_axes
    box = left.child_axes[0].get_window_extent()
    assert box.width / box.height == pytest.approx(
        layout_of(fake.map_data(), box.width, box.height).wide / box.height, rel=0.02
    )


def test_places_over_the_edge_are_told_where_they_are_hospitals():
    data = replace(
        NOTHING,
        places=(place(), place("B", 35.3, 35.2)),
        hospitals=(figures.MapHospital("Far away", 39.0, 39.0),),
    )

    assert "Outside the map: Far away" in words_of(figures.figure_map(data, ONE))
