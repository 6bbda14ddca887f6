"""Figures within the page: small, unlike each other in names, and harmless whoever made them."""

import re

import pytest

from sim.errors import ResultsError
from sim.page.inline_svg import INKS, StyleSheet, inline_svg
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

    assert 'd="M1.3 0L3 4"' in found
    assert "metadata" not in found
    assert "<g" not in found


def test_an_outline_that_is_drawn_twice_is_written_once():
    """Letters with a halo are: without this a map would be twice as large."""
    letters = " ".join(f"L {n} {n}" for n in range(100))
    path = f'<path d="M 0 0 {letters}" style="fill: %s"/>'

    found = made(path % "none" + path % "red")

    assert found.count("L99 99") == 1
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
