"""The words of the two maps: all that the script says is in the table, in both languages."""

import re

from sim.glossary import ENDINGS, EVENTS, OUTCOMES
from sim.page.replay.parts import asset, script
from sim.page.replay.replay_words import REPLAY_WORDS

SAID = re.compile(r"""\b(?:word|say|text)\(\s*["'](\w+)["']""")


def test_what_the_script_says_is_in_the_table():
    said = {f"rp_{key}" for key in SAID.findall(script())}
    marked = set(re.findall(r'data-word(?:-label)?="(rp_\w+)"', asset("replay.html")))

    assert sorted((said | marked) - set(REPLAY_WORDS)) == []
    assert len(said | marked) > 60


def test_every_word_of_the_log_has_its_arabic():
    logged = {*OUTCOMES, *ENDINGS, *EVENTS} - {"exposed"}  # which is not shown

    assert sorted(word for word in logged if f"rp_w_{word}" not in REPLAY_WORDS) == []


def test_both_languages_put_in_the_same_names():
    """Else a sentence loses a team or a number in one of them."""
    holes = re.compile(r"\{\w+\}")
    odd = [
        key
        for key, (english, arabic) in REPLAY_WORDS.items()
        if sorted(holes.findall(english)) != sorted(holes.findall(arabic))
    ]

    assert odd == []


def test_the_script_takes_no_text_for_code_or_markup():
    """So that no name in a scenario can become either."""
    for banned in (
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "document.write",
        "eval(",
        "new Function",
    ):
        assert banned not in script()
