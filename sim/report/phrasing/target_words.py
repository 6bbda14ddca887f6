"""Which callouts a target is for, in words."""

from __future__ import annotations

from datetime import datetime

from sim.scenario import Target
from sim.scenario.fields.quantities import Moment, say_moment
from sim.units import say_hours

from .phrases import ProperName, in_turn, named, phrase
from .saying import listed


def callouts_of(target: Target | None) -> str:
    """
    Return which callouts a target is for, wherever and whenever; all if there is none.

    Examples
    --------
    >>> soon = {"name": "soon", "within": "8 min", "kind": "fire", "hours": "20:00-06:00"}
    >>> callouts_of(Target.model_validate(soon))
    'Callouts of kind “fire”'

    """
    said = "Callouts"
    if target is not None and target.kind is not None:
        said += f" of kind “{target.kind}”"
    if target is not None and target.priority is not None:
        said += f" of priority {target.priority}"
    return said


def cohort_of(target: Target | None) -> str:
    """
    Return what a figure calls the callouts of a target: by its name, where a note says which.

    Examples
    --------
    >>> night = {"name": "night", "within": "8 min", "kind": "fire", "hours": "20:00-06:00"}
    >>> cohort_of(Target.model_validate(night))
    'Callouts of target “night”'
    >>> note_of(Target.model_validate(night))
    'Target “night”: callouts of kind “fire”, 20:00-06:00'

    """
    if target is None or not where_and_when(target):
        return callouts_of(target)
    return f"Callouts of target “{target.name}”"


def note_of(target: Target) -> str:
    """Return a line on a target's callouts; empty if they are anywhere and always."""
    told, whose = where_and_when(target), callouts_of(target)
    return f"Target “{target.name}”: {whose[0].lower()}{whose[1:]}, {told}" if told else ""


def where_and_when(target: Target) -> str:
    """Return where a target's callouts are and when they are received; empty: anywhere, always."""
    places = target.where or target.areas
    parts: list[str] = []
    if places:
        parts.append(phrase("in {places}", places=listed([named(place) for place in places])))
    if target.hours is not None:
        parts.append(say_hours(target.hours))
    parts += [in_turn(days) for days in (target.weekdays, target.months) if days is not None]
    if target.begins is not None:
        parts.append(phrase("from {moment}", moment=_said(target.begins)))
    if target.until is not None:
        parts.append(phrase("until {moment}", moment=_said(target.until)))
    return in_turn(parts) if parts else ""


def with_cohort(target: Target, name: ProperName) -> str:
    """Return a target's name, with where and when its callouts are if not anywhere and always."""
    told = where_and_when(target)
    return phrase("{name} ({cohort})", name=name, cohort=told) if told else name


def _said(moment: Moment) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if isinstance(moment, datetime) else say_moment(moment)
