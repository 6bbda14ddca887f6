"""The demand of the hour in place of that of all hours, for rules that weigh places by demand."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.scenario import ScenarioFile

from .board import Forecast
from .caching import cached_on_map
from .common import MILLION
from .views import Atlas

ByHour = Annotated[
    bool,
    Field(
        description="Whether places count by the callouts that are forecast for this hour; if not, "
        "by their share of all demand."
    ),
]


def weights_in_hour(atlas: Atlas, forecast: Forecast) -> tuple[int, ...] | None:
    """
    Return the share of each place in the callouts of this hour. [per million]

    None where no callout is expected in it: then places count as they do in all hours.
    """
    return shares_of(atlas, tuple(forecast.places))


@cached_on_map
def shares_of(atlas: Atlas, expected: tuple[int, ...]) -> tuple[int, ...] | None:
    """Return numbers as shares of their sum [per million]; None if it is 0."""
    total = sum(expected)
    if not total:
        return None
    return tuple([(MILLION * number + total // 2) // total for number in expected])


def told_without_rate(file: ScenarioFile) -> str:
    """Return what is wrong where a rule goes by a forecast that there cannot be."""
    if file.scenario.demand.rate:
        return ""
    return "by_hour needs a rate of callouts: where they are listed, none are forecast"
