"""Areas may be compared by the worst of them, where there are several."""

from __future__ import annotations

import pytest

STUDY = "targets:\n"


def with_primary(*names):
    return (STUDY, f"study: {{primary: [{', '.join(names)}]}}\n{STUDY}")


def test_the_worst_area_may_be_primary(desk):
    found = desk.read(with_primary("response_restricted_mean", "worst_area"))

    assert found.scenario.study.primary == ("response_restricted_mean", "worst_area")


@pytest.mark.parametrize("name", ["worst_kind", "ede_area", "gini_area", "worst_area_not_reached"])
def test_nothing_else_that_compares_groups_may_be(desk, name):
    (diagnostic,) = desk.refused(with_primary(name))

    assert diagnostic.where == "study.primary.0"
    assert diagnostic.message == (
        f"{name} is exploratory; of what compares groups, only worst_area is not"
    )
    assert "worst_area" in diagnostic.help
    assert name + "," not in diagnostic.help


def test_of_one_area_none_is_the_worst(desk):
    areas = [
        (f"{place}: {{lat", f"{place}: {{area: Coast, lat") for place in ("Jablah", "Lattakia")
    ]

    (diagnostic,) = desk.refused(*areas, with_primary("response_restricted_mean", "worst_area"))

    assert diagnostic.where == "study.primary.1"
    assert "all places here are in 'Coast'" in diagnostic.message
