"""Exact logs of two small scenarios: no number may move without somebody meaning it."""

import pytest

from .update import SCENARIOS, kept, log_text, moved


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_log_is_the_one_that_was_kept(name):
    """If the change is meant: run ``python tests/golden/update.py`` and explain what it prints."""
    lines, count = moved(kept(name), log_text(name))

    assert count == 0, f"{count} lines moved, the first:\n" + "\n".join(lines)


def test_what_moved_is_shown_line_by_line():
    """The update command must be worth reading."""
    assert moved("a\nb\nc\n", "a\nx\nc\n") == (["-b", "+x"], 2)
    assert moved("a\n", "a\n") == ([], 0)
