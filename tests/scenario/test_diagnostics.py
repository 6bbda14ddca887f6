"""A message shows the place, the line and what would be right, whatever the file holds."""

from __future__ import annotations

from sim.errors import Diagnostic, ScenarioError
from sim.scenario import render


def test_an_error_is_shown_with_its_line_and_a_caret_under_the_word():
    text = "  Jablah: {base: Jabla}"
    diagnostic = Diagnostic(
        "no base is called 'Jabla'", "coast.yaml", 41, 18, "teams.Jablah.base",
        "did you mean 'Jablah'?", text, 5,
    )  # fmt: skip

    assert render(diagnostic).split("\n") == [
        "coast.yaml:41:18: error: teams.Jablah.base: no base is called 'Jabla'",
        "    41 |   Jablah: {base: Jabla}",
        "       |                  ^^^^^",
        "  help: did you mean 'Jablah'?",
    ]


def test_the_caret_counts_what_a_terminal_shows_not_characters():
    """Wide characters take two columns, vowel signs none."""
    text = "東京: مَدينة x"

    lines = render(Diagnostic("m", "a.yaml", 1, text.index("x") + 1, text=text)).split("\n")

    assert lines[2] == "       | " + " " * (4 + 2 + 6) + "^"


def test_characters_that_turn_or_hide_text_are_written_out():
    text = "a: \u202egnp\u2066\x1b[31m"

    shown = render(Diagnostic(f"found '{text}'", "a\u202e.yaml", 1, 4, text=text, help=text))

    assert not set("\u202e\u2066\x1b") & set(shown)
    assert "\\u202e" in shown
    assert "\\x1b" in shown


def test_a_long_line_is_cut_around_the_caret():
    text = "x" * 5000 + "HERE" + "y" * 5000

    _, line, caret = render(Diagnostic("m", "a.yaml", 1, 5001, text=text, width=4)).split("\n")

    assert len(line) < 120
    assert line[caret.index("^") :].startswith("HERE")
    assert caret.count("^") == 4


def test_an_error_without_a_place_is_one_line():
    assert render(Diagnostic("there is no file 'x'")) == "error: there is no file 'x'"


def test_a_warning_says_so():
    assert render(Diagnostic("m", "a.yaml", 1, 1, warning=True)).startswith(
        "a.yaml:1:1: warning: m"
    )


def test_an_error_as_the_text_of_an_exception_is_one_line():
    error = ScenarioError([Diagnostic("no base is called 'a\nb'", "file.yaml", 3, 4)])

    assert str(error) == r"file.yaml:3:4: no base is called 'a\x0ab'"
