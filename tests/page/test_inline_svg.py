"""Figures within the page: small, unlike each other in names, and harmless whoever made them."""

import re

import pytest

from sim.errors import ResultsError
from sim.page.inline_svg import INKS, StyleSheet, inline_svg
from sim.page.short_paths import short_path
from sim.report.figures.layout import style

from .page_results import SVG

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'viewBox="0 0 10 10">'
)


def made(inside, styles=None):
    data = f"{HEAD}{inside}</svg>".encode()
    return str(inline_svg(data, "f", "A figure", styles or StyleSheet()))


def test_styles_become_classes_and_colours_those_of_the_page():
    styles = StyleSheet()

    found = made('<path d="M0 0" style="fill: none; stroke: #1F2933"/>' * 2, styles)

    assert found.count('class="s0"') == 2
    assert "style=" not in found
    assert styles.text == ".s0{fill:none;stroke:var(--ink)}"


def test_names_are_the_figures_own_and_those_that_nobody_uses_go():
    first, second = (
        str(inline_svg(SVG.encode(), prefix, "", StyleSheet())) for prefix in ("f-map", "f-staff")
    )

    assert 'id="f-map-m1"' in first
    assert 'href="#f-map-m1"' in first
    assert not {*re.findall(r'id="([^"]+)', first)} & {*re.findall(r'id="([^"]+)', second)}
    assert "figure_1" not in first


def test_numbers_are_cut_to_a_tenth_of_a_point_and_what_is_no_picture_is_left_out():
    found = made('<metadata>x</metadata><g><g/></g><path d="M 1.25678 -0.01 L 3.000001 4"/>')

    assert 'd="M1.3 0l1.7 4"' in found
    assert "metadata" not in found
    assert "<g" not in found


def test_an_outline_that_is_drawn_twice_is_written_once():
    """Letters with a halo are: without this a map would be twice as large."""
    letters = " ".join(f"L {n} {n * n}" for n in range(100))
    path = f'<path d="M 0 0 {letters}" style="fill: %s"/>'

    found = made(path % "none" + path % "red")

    assert found.count("1 197") == 1  # its last step
    assert re.findall(r'<use href="#f--0" class="(\w+)"/>', found) == ["s0", "s1"]


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<foreignObject><b>x</b></foreignObject>",
        '<g onclick="alert(1)"><path d="M0 0"/></g>',
        '<a href="javascript:alert(1)"><path d="M0 0"/></a>',
        '<use xlink:href="https://example.org/x.svg#a"/>',
        '<image xlink:href="https://example.org/x.png" width="1" height="1"/>',
        '<image href="data:image/svg+xml;base64,AAAA" width="1" height="1"/>',
        '<path style="fill: url(https://example.org/)" d="M0 0"/>',
        '<path fill="url(https://example.org/)" d="M0 0"/>',
        '<path style="fill: red}*{background: url(//example.org)" d="M0 0"/>',
        "<style>@import url(//example.org)</style>",
        '<animate attributeName="href" values="javascript:alert(1)"/>',
        "<text>&lt;script&gt;alert(1)&lt;/script&gt;</text>",
    ],
)
def test_a_picture_of_a_stranger_can_do_nothing(inside):
    styles = StyleSheet()

    found = made(inside, styles)

    for sign in (
        "<script",
        "foreignObject",
        "onclick",
        "javascript",
        "example",
        "svg+xml",
        "<style",
    ):
        assert sign not in found
        assert sign not in styles.text
    assert "}" not in styles.text.replace("}\n", "").removesuffix("}")


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
        b"<svg",
        b"<html/>",
        b"\xff\xfe",
    ],
)
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(ResultsError, match="figure"):
        inline_svg(data, "f-map", "", StyleSheet())


def test_the_inks_are_those_that_figures_are_drawn_with():
    drawn = {style.INK, style.SOFT, style.LINE, style.GRID, style.PALE, style.SEA, style.LAND}
    series = {style.look(i).colour for i in range(6)}

    assert drawn | series <= set(INKS)


@pytest.mark.parametrize(
    ("long", "short"),
    [
        ("M 1.04 2 L 3 4 L 2.5 4.5 z", "M1 2l2 2-.5.5z"),
        ("M 0 0 L 1 0 L 2 0 L 2 5 L 2 4", "M0 0h2v5-1"),  # one direction, then back
        ("M 5 5 L 5 5", "M5 5h0"),  # a dot with round ends
        ("M 0 0 L 1 1 L 1 1 L 3 1", "M0 0l1 1h2"),
        ("M 0 0 1 1 2 1", "M0 0l1 1h1"),
        ("M 1 1 C 1 2 3.5 4 5 6 Q 1 1 .5 0 H 4 V 2", "M1 1c0 1 2.5 3 4 5q-4-5-4.5-6h3.5v2"),
        ("M 9 9 L 8 8 Z M 1 1 L 2 3", "M9 9l-1-1zM1 1l1 2"),
        ("M 1e1 -1.25e-1 L 0 0", "M10-.1l-10 .1"),
    ],
)
def test_outlines_are_written_in_steps(long, short):
    """Curves of a figure are thousands of points, and a step is half as long as a place."""
    assert short_path(long) == short


def test_steps_do_not_add_up_their_rounding():
    """A curve of hundreds of points would end beside its label."""
    points = [(n, (n * n * 7919 % 1009) / 37) for n in range(500)]
    short = short_path("M 0 0 " + " ".join(f"L {x} {y}" for x, y in points))

    ends, x, y = [], 0, 0
    for command, numbers in re.findall(r"([Mlhv])([^Mlhv]*)", short):
        values = [float(n) for n in re.findall(r"-?(?:\d+\.\d|\.\d|\d+)", numbers)]
        while values:
            x += values.pop(0) if command != "v" else 0
            y += values.pop(0) if command != "h" else 0
            ends.append((x, y))

    assert len(ends) > 450
    assert ends[-1] == pytest.approx(points[-1], abs=0.051)


@pytest.mark.parametrize(
    "strange", ["M 0 0 A 1 1 0 0 1 2 2", "M 0", "L", "5 5", "M 0 0 & 1", "Z 3"]
)
def test_outlines_that_figures_do_not_have_stay_as_they_are(strange):
    assert short_path(strange) is None
