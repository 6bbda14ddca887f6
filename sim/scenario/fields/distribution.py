"""A duration that varies from callout to callout, and the base class of all parts of a scenario."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, model_serializer, model_validator

from sim import units

from .quantities import Timing, refuse

Shape = Literal["fixed", "exponential", "gamma", "lognormal", "empirical"]
TimeUnit: TypeAlias = Literal["s", "min", "h"]

PARAMETERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "fixed": (("value",),),
    "exponential": (("mean",),),
    "gamma": (("mean", "sd"),),
    "lognormal": (("mean", "sd"), ("median", "p90")),
    "empirical": (("file", "column", "unit"),),
}
NAMES = ("value", "mean", "sd", "median", "p90", "file", "column", "unit")


class Part(BaseModel):
    """
    A part of a scenario: unknown keys are refused and nothing changes after reading.

    Where text alone stands for a part, ``short_form`` is the field that it gives.
    """

    short_form: ClassVar[str | None] = None

    @classmethod
    def default_of(cls, name: str) -> Any:
        """Return what a field is where a file is silent."""
        return cls.model_fields[name].get_default(call_default_factory=True, validated_data={})

    # built with the whole scenario, once, and not part by part as they are imported; so defaults
    # that are parts are made by ``model_construct``, which asks for no validator
    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        hide_input_in_errors=True,
        defer_build=True,
    )


class Distribution(Part):
    """
    A duration that varies from callout to callout.

    ``12 min`` is fixed; ``{mean, sd}`` and ``{median, p90}`` are log-normal unless
    ``distribution`` says ``gamma``; ``{distribution: exponential, mean}``;
    ``{file, column, unit}`` draws from recorded values.
    """

    distribution: Shape = Field("lognormal", description="Family of the distribution.")
    value: Timing | None = Field(
        None, description="The duration itself, where it is fixed. [duration]"
    )
    mean: Timing | None = Field(None, description="Mean. [duration]")
    sd: Timing | None = Field(None, description="Standard deviation. [duration]")
    median: Timing | None = Field(None, description="Median: half take longer. [duration]")
    p90: Timing | None = Field(
        None, description="90th percentile: one in ten takes longer. [duration]"
    )
    file: str | None = Field(None, description="CSV of recorded values, next to the scenario.")
    column: str | None = Field(None, description="Column of that CSV.")
    unit: TimeUnit | None = Field(None, description="Unit of that column.")
    values: tuple[int, ...] | None = Field(
        None, exclude=True, description="Filled from the file when read, sorted. [ms]"
    )

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, written: Any, info: ValidationInfo) -> Any:
        """Read ``12 min`` as fixed, and tell the shape from the parameters where it shows."""
        if isinstance(written, Distribution):
            return written
        if not isinstance(written, dict):
            return {"distribution": "fixed", "value": written}
        if (info.context or {}).get("file") and isinstance(written.get("values"), list):
            raise refuse("recorded values are read from a file", "give file, column and unit")
        if "distribution" in written:
            return written
        for telling, shape in (("value", "fixed"), ("file", "empirical")):
            if telling in written:
                return {"distribution": shape, **written}
        return written

    @model_validator(mode="after")
    def _one_set_of_parameters(self) -> Self:
        given = tuple(n for n in NAMES if getattr(self, n) is not None)
        if not (self.distribution == "empirical" and self.values is not None):
            self._check_names(given)
        if self.mean == 0 or self.median == 0:
            name = "mean" if self.mean == 0 else "median"
            raise refuse(f"a {name} of zero leaves nothing to vary", "write '0 min'", (name,))
        if self.sd == 0:
            raise refuse(
                "a standard deviation of zero does not vary",
                f"for a fixed duration write '{units.say_duration(self.mean or 0)}'",
                ("sd",),
            )
        if self.median is not None and self.p90 is not None and self.p90 <= self.median:
            raise refuse(
                f"the 90th percentile ({units.say_duration(self.p90)}) must lie above "
                f"the median ({units.say_duration(self.median)})",
                "",
                ("p90",),
            )
        return self

    def _check_names(self, given: tuple[str, ...]) -> None:
        choices = PARAMETERS[self.distribution]
        if given in choices:
            return
        wanted = " or ".join(" and ".join(c) for c in choices)
        found = ", ".join(given) or "nothing"
        if given == ("mean",):
            raise refuse(
                "a mean alone does not say how the duration varies",
                "add sd, or distribution: exponential, or write the duration alone if it is fixed",
            )
        fix = "in an overlay, remove what the base gives with null, as in {median: null}"
        excess = len(given) > max(len(c) for c in choices)
        raise refuse(
            f"a {self.distribution} duration takes {wanted}, found {found}", fix if excess else ""
        )

    @model_serializer(mode="wrap", when_used="json")
    def _say(self, handler: Any) -> Any:
        """Say a fixed duration in one word, as people write it."""
        return (
            units.say_duration(self.value or 0) if self.distribution == "fixed" else handler(self)
        )
