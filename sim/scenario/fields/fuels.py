"""Fuel: what vehicles burn, and what bases have."""

from __future__ import annotations

from pydantic import Field

from .distribution import Part
from .quantities import Consumption, Duration, IdleConsumption, Moment, Share, Volume


class TeamFuel(Part):
    """
    The tank of a team's own vehicle.

    A team is sent only where its tank lasts for the way there and home, and leaves the reserve.
    """

    tank: Volume = Field(gt=0, description="How much the tank holds. [l]")
    consumption: Consumption = Field(gt=0, description="Burnt on the road. [l/100 km]")
    idle: IdleConsumption = Field(
        0.0, ge=0, description="Burnt on scene, where the engine runs. [l/h]"
    )
    at_start: Share = Field(1.0, description="How full the tank is at first. [%]")
    reserve: Share = Field(
        0.1, lt=1, description="Share of the tank that is to be left back at its base. [%]"
    )
    refuelling: Duration = Field(
        0, ge=0, description="How long it takes at a base, where anything is missing. [duration]"
    )


class Delivery(Part):
    """Fuel that is brought to a base again and again."""

    every: Duration = Field(gt=0, description="Time from one delivery to the next. [duration]")
    amount: Volume = Field(gt=0, description="How much each brings. [l]")
    begins: Moment | None = Field(
        None, alias="from", description="The first one; after `every` from the start if not given."
    )


class BaseFuel(Part):
    """Fuel at a base: teams that come there fill up."""

    stock: Volume | None = Field(
        None, ge=0, description="How much there is at first; no limit if not given. [l]"
    )
    delivery: Delivery | None = Field(None, description="What is delivered; nothing if not given.")
