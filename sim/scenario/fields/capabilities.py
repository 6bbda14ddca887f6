"""What a capability means, apart from being needed by a kind of callout."""

from __future__ import annotations

from pydantic import Field

from .distribution import Part
from .quantities import Whole, YesNo


class Capability(Part):
    """What having a capability means; one that is not declared is only needed or not."""

    carries: Whole | None = Field(
        None,
        ge=1,
        le=1000,
        description="How many people a team with it takes to hospital at once; it takes nobody "
        "if not given.",
    )
    never_without: YesNo = Field(
        False,
        description="Whether a crew of volunteers that is to have it never turns out without a "
        "person who does, not even at its time-out.",
    )
