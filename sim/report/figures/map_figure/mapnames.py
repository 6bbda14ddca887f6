"""Names on the map: the places that matter most, where nothing else is."""

from __future__ import annotations

from typing import Any

from matplotlib.patheffects import withStroke

from ..layout.labels import Box, around, fit, measure, touches
from ..layout.style import INK, LAND, bilingual, clean
from .map_data import MapBase, MapData, MapPlace, MapPlane, lon_lat
from .map_signs import circle_area

MOST_NAMES = 18
MOST_BASES = 3  # of one place, with a line of their own
NAME, DETAIL = 8.0, 7.2  # type sizes [points]


def name_places(ax: Any, data: MapData, plane: MapPlane, taken: list[Box]) -> int:
    """
    Write names next to places, the busiest first, and return how many found room.

    A name goes to the first of twelve spots around its circle, close by or a little further out,
    that is clear of circles, signs, names and the frame; a place with none stays a dot without a
    name. ``taken`` lists what is covered. [points from the frame's bottom left]
    """
    scale = plane.scale(ax)
    wide, tall = plane.wide * scale, plane.tall * scale
    most = data.busiest
    named = 0
    for place, bases in _in_order(data, plane):
        if named == MOST_NAMES:
            break
        x, y = plane.xy(lon_lat(place))[0]
        px, py = (x + plane.wide / 2) * scale, (y + plane.tall / 2) * scale
        radius = max((circle_area(place.callouts_per_day, most) / 3.1416) ** 0.5, 5.0 * bool(bases))
        for rows in _rows(place, bases):
            width = max(measure(text, size)[0] for text, size in rows)
            height = sum(1.22 * size for _, size in rows)
            spots = [s for far in (0, 4) for s in around(px, py, radius + far, width, height)]
            box = next((s for s in spots if _free(s, taken, (wide, tall))), None)
            if box:
                _write(ax, rows, box, box.right <= px, (wide, tall))
                taken.append(_wider(box, 1.5))
                named += 1
                break
    return named


def _free(box: Box, taken: list[Box], size: tuple[float, float]) -> bool:
    wide, tall = size
    inside = min(box.left, box.bottom) > 3 and box.right < wide - 3 and box.top < tall - 3
    return inside and not touches(_wider(box, 1.0), taken)


def _wider(box: Box, by: float) -> Box:
    return Box(box.left - by, box.bottom - by, box.right + by, box.top + by)


def _in_order(data: MapData, plane: MapPlane) -> list[tuple[MapPlace, list[MapBase]]]:
    """Return places within the frame with the bases there: those with teams, then by demand."""
    found: list[tuple[MapPlace, list[MapBase]]] = []
    left = [base for base in data.bases if base.teams]
    for place in data.places:
        its = [base for base in left if lon_lat(base) == lon_lat(place)]
        left = [base for base in left if base not in its]
        found.append((place, its))
    found += [  # away from every place
        (MapPlace(base.name, "", base.lon, base.lat, 0.0, None), [base]) for base in left
    ]
    here = [
        (place, bases)
        for place, bases in found
        if plane.holds(*plane.xy(lon_lat(place))[0]) and (place.callouts_per_day > 0 or bases)
    ]
    return sorted(here, key=lambda item: (not item[1], -item[0].callouts_per_day, item[0].name))


def _rows(place: MapPlace, bases: list[MapBase]) -> list[list[tuple[str, float]]]:
    """Return a label's lines and type sizes, names, minutes and teams; for bases shorter too."""
    facts = (
        [f"{place.minutes:.0f} min"]
        if place.minutes is not None and place.callouts_per_day > 0
        else []
    )
    facts += [_teams(base.teams) for base in bases if len(bases) == 1]
    below = [(" · ".join(facts), DETAIL)] if facts else []
    if len(bases) > 1:
        below += [(f"{clean(base.name, 24)}: {_teams(base.teams)}", DETAIL) for base in
                  bases[:MOST_BASES]]  # fmt: skip
        more = bases[MOST_BASES:]
        teams = sum(base.teams for base in more)
        below += [(f"{len(more)} more bases: {_teams(teams)}", DETAIL)] if more else []
    name = clean(place.name, 24)
    long = [[(fit(bilingual(name, place.name_ar), 130, NAME), NAME), *below]]
    return [*long, [(name, NAME), *below], [(name, DETAIL)]] if bases else long


def _teams(count: int) -> str:
    return f"{count} team{'s' * (count != 1)}"


def _write(
    ax: Any, rows: list[tuple[str, float]], box: Box, to_left: bool, size: tuple[float, float]
) -> None:
    """Write a label's lines in its box, against the side nearer its circle."""
    wide, tall = size
    top = box.top
    for text, points in rows:
        ax.text(
            (box.right if to_left else box.left) / wide, (top - 0.61 * points) / tall, text,
            transform=ax.transAxes, fontsize=points, color=INK, ha="right" if to_left else "left",
            va="center", zorder=6, gid="label", parse_math=False,
            path_effects=[withStroke(linewidth=2.2, foreground=LAND, alpha=0.9)],
        )  # fmt: skip
        top -= 1.22 * points
