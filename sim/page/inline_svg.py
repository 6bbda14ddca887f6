"""
A figure's SVG made fit to stand within a page: small, without styles of its own, and harmless.

A results folder may come from a stranger, so only elements and attributes of pictures are kept.
Styles become classes of the page's one style sheet, because its content policy allows no style at
an element; the colours of the house become the page's, which says what they are on paper.
Names within a picture begin with the figure's own, so that several stand on one page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from markupsafe import Markup, escape

from sim.errors import ResultsError

from .short_paths import short_path

WORTH_A_NAME = 200  # characters of an outline
MOST_BYTES = 30_000_000  # of one figure as it is read
_SVG = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_ELEMENTS = {
    "svg", "g", "path", "use", "defs", "clipPath", "rect", "text", "tspan", "circle", "ellipse",
    "line", "polygon", "polyline", "linearGradient", "radialGradient", "stop", "pattern", "image",
}  # fmt: skip
_NUMBERS = {
    "d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "width", "height",
    "points", "dx", "dy",
}  # fmt: skip
_ATTRIBUTES = _NUMBERS | {
    "viewBox", "transform", "clip-path", "fill", "stroke", "stroke-width", "opacity", "offset",
    "fill-opacity", "stroke-opacity", "stroke-linejoin", "stroke-linecap", "stroke-dasharray",
    "text-anchor", "direction", "patternUnits", "patternContentUnits", "clipPathUnits",
    "gradientUnits", "gradientTransform", "preserveAspectRatio", "fill-rule", "clip-rule",
}  # fmt: skip
_LOCAL = re.compile(r"url\(\s*[\"']?#([^\"')]+)[\"']?\s*\)")
_STYLE = re.compile(r"[\w\s#.,%:;'\"()+-]*")
_PICTURE = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=\s]+")
_LONG = re.compile(r"-?\d+\.\d{2,}(?:e-?\d+)?")
_SPACES = re.compile(r"\s+")
_COMMANDS = re.compile(r" ?([A-Za-z]) ?")
# What the house style draws its figures with, and what it is called on the page.
INKS = {
    "#1f2933": "--ink", "#52606d": "--muted", "#9aa5b1": "--faint", "#e4e7eb": "--line",
    "#f3f5f7": "--pale", "#ffffff": "--paper", "#dfeaf0": "--sea", "#fbfaf6": "--land",
    "#000000": "--ink", "#0072b2": "--first", "#d55e00": "--second", "#009e73": "--third",
    "#a3497c": "--fourth", "#9a6a00": "--fifth",
}  # fmt: skip


@dataclass
class StyleSheet:
    """The styles of all figures of a page, each once, as classes."""

    names: dict[str, str] = field(default_factory=dict)

    def name_of(self, style: str) -> str:
        """Return the class of a style."""
        return self.names.setdefault(style, f"s{len(self.names)}")

    @property
    def text(self) -> str:
        """The rules of the style sheet."""
        return "\n".join(f".{name}{{{style}}}" for style, name in self.names.items())


def inline_svg(data: bytes, prefix: str, label: str, styles: StyleSheet) -> Markup:
    """
    Return an SVG as an element of a page.

    Parameters
    ----------
    data
        The file.
    prefix
        What names within it begin with, unique on the page.
    label
        What it shows, for those who do not see it.
    styles
        Those of the page, to which its own are added.

    Raises
    ------
    ResultsError
        When it is no SVG, or declares entities.

    """
    if len(data) > MOST_BYTES or b"<!ENTITY" in data:
        raise ResultsError(f"the figure {prefix} is no picture of a results folder")
    try:
        root = ET.fromstring(data)  # noqa: S314 - see above
    except (ET.ParseError, ValueError, RecursionError) as error:
        raise ResultsError(f"the figure {prefix} is damaged: {error}") from None
    if root.tag != f"{_SVG}svg":
        raise ResultsError(f"the figure {prefix} is damaged: it is no SVG")
    often = Counter(element.get("d", "") for element in root.iter(f"{_SVG}path"))
    again = {d for d, times in often.items() if times > 1 and len(d) > WORTH_A_NAME}
    writer = _Writer(prefix, styles, _references(root), again)
    body = "".join(writer.children(root))
    box = escape(root.get("viewBox", ""))
    wide = _LONG.sub(_rounded, root.get("viewBox", "0 0 576 0")).split()
    return Markup(  # noqa: S704 - all that is put in was escaped when written
        f'<svg role="img" aria-label="{escape(label)}" lang="en" dir="ltr" viewBox="{box}" '
        f'width="{escape(wide[2] if len(wide) > 2 else "576")}" '
        f'stroke-linejoin="round" stroke-linecap="butt">{body}</svg>'
    )


def _references(root: ET.Element) -> set[str]:
    """Return the names within a picture that something in it refers to."""
    found = set()
    for element in root.iter():
        link = element.get(_LINK) or element.get("href") or ""
        if link.startswith("#"):
            found.add(link[1:])
        for name in ("clip-path", "style", "fill", "stroke"):
            found.update(_LOCAL.findall(element.get(name, "")))
    return found


@dataclass
class _Writer:
    prefix: str
    styles: StyleSheet
    wanted: set[str]
    again: set[str]  # outlines that are drawn more than once, as letters with a halo are
    outlines: dict[str, str] = field(default_factory=dict)

    def children(self, element: ET.Element) -> Iterator[str]:
        """Yield what is within an element; what is no part of a picture is left out."""
        for child in element:
            tag = str(child.tag).removeprefix(_SVG)
            if tag in _ELEMENTS and tag != "svg":
                yield self._element(tag, child)

    def _element(self, tag: str, element: ET.Element) -> str:
        if (
            tag == "path"
            and element.get("d") in self.again
            and element.get("id") not in self.wanted
        ):
            return self._outline(element)
        attributes = "".join(self._attributes(element))
        text = str(escape(element.text)) if tag in ("text", "tspan") and element.text else ""
        inside = text + "".join(self.children(element))
        if tag == "g" and not inside:
            return ""
        if tag == "g" and not attributes:
            return inside
        return f"<{tag}{attributes}>{inside}</{tag}>" if inside else f"<{tag}{attributes}/>"

    def _outline(self, element: ET.Element) -> str:
        """Return an outline by its name; where it is drawn first it is also written."""
        d = element.attrib.pop("d")
        written = ""
        if d not in self.outlines:
            self.outlines[d] = f"{self.prefix}--{len(self.outlines)}"
            path = self._value("d", d)
            written = f'<defs><path id="{self.outlines[d]}" d="{escape(path)}"/></defs>'
        attributes = "".join(self._attributes(element))
        return f'{written}<use href="#{self.outlines[d]}"{attributes}/>'

    def _attributes(self, element: ET.Element) -> Iterator[str]:
        own = element.get("id")
        if own in self.wanted:
            yield f' id="{self._name(str(own))}"'
        style = element.get("style")
        if style and _STYLE.fullmatch(style):
            yield f' class="{self.styles.name_of(self._style(style))}"'
        link = element.get(_LINK) or element.get("href") or ""
        if link.startswith("#"):
            yield f' href="#{self._name(link[1:])}"'
        elif _PICTURE.fullmatch(link):
            yield f' href="{"".join(link.split())}"'
        for name, value in element.items():
            if name in _ATTRIBUTES and ("(" not in value or name == "transform" or self._ok(value)):
                yield f' {name}="{escape(self._value(name, value))}"'

    def _ok(self, value: str) -> bool:
        return _LOCAL.fullmatch(value) is not None

    def _value(self, name: str, value: str) -> str:
        if name in _NUMBERS:
            if name == "d" and (short := short_path(value)) is not None:
                return short
            value = _SPACES.sub(" ", _LONG.sub(_rounded, value)).strip()
            return _COMMANDS.sub(r"\1", value) if name == "d" else value
        return self._local(value)

    def _style(self, style: str) -> str:
        kept = []
        for rule in style.split(";"):
            name, _, value = (part.strip() for part in rule.partition(":"))
            if not value or ("(" in value and not self._ok(value)):
                continue
            if name == "font-family" and "sans-serif" not in value:
                value += ",sans-serif"
            inked = INKS.get(value.lower())
            kept.append(f"{name}:{f'var({inked})' if inked else self._local(value)}")
        return ";".join(kept)

    def _local(self, value: str) -> str:
        return _LOCAL.sub(lambda found: f"url(#{self._name(found[1])})", value)

    def _name(self, own: str) -> str:
        return f"{self.prefix}-{re.sub(r'[^A-Za-z0-9_-]', '', own)}"


def _rounded(found: re.Match[str]) -> str:
    """Return a number to a tenth of a point, which no eye tells from the whole."""
    shown = f"{float(found[0]):.1f}".removesuffix(".0")
    return "0" if shown == "-0" else shown
