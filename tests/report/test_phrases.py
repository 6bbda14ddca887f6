"""A sentence keeps how it was put together: names in it are never taken for words."""

import pytest

import sim
from sim.report.phrasing.phrases import Phrase, ProperName
from sim.report.results_text.sentences import Facts, sentences


def pieces(text):
    """Yield a text and all that it was put together from."""
    yield text
    for part in getattr(text, "parts", {}).values():
        yield from pieces(part)


@pytest.fixture(scope="module")
def told():
    name = "better {gains} than"
    scenario = sim.load("first-steps", {"clock.length": "2 days"})
    found = sim.compare(scenario, policies={"today": "today", name: "today"}, replications=10)
    return name, sentences(Facts(found.study, found.tables))


def test_a_sentence_is_its_template_with_its_parts(told):
    for sentence in told[1]:
        for piece in pieces(sentence):
            if isinstance(piece, Phrase):
                assert piece == piece.template.format(**piece.parts)


def test_a_name_in_a_sentence_is_marked_as_one(told):
    name, said = told
    named = [p for sentence in said for p in pieces(sentence) if isinstance(p, ProperName)]

    assert name in named
    assert all(name not in p.template for s in said for p in pieces(s) if isinstance(p, Phrase))
