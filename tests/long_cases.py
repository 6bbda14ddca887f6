"""Cases of a test of which a few are quick, for every run, and the rest long."""

import pytest


def quick_first(cases, quick):
    """Return the cases, those after the first ``quick`` marked as long."""
    return [
        pytest.param(*(case if isinstance(case, tuple) else (case,)),
                     marks=() if number < quick else pytest.mark.long)
        for number, case in enumerate(cases)
    ]  # fmt: skip
