"""What is put together from results, in each language: whole sentences, names left alone."""

import re
from string import Formatter

import pytest

from sim.page.languages import said, said_in
from sim.page.page_words import LANGUAGES, SENTENCES, WORDS
from sim.page.replay.replay_words import REPLAY_WORDS
from sim.report.phrasing.phrases import named, phrase

ARABIC = re.compile(r"[\u0600-\u06ff]")
SAME = re.compile(r"[^A-Za-z]*")  # what is the same in every language has no letters


def fields(text):
    return sorted(field for _, field, _, _ in Formatter().parse(text) if field is not None)


@pytest.mark.parametrize("table", [WORDS, SENTENCES, REPLAY_WORDS])
def test_every_word_has_all_languages(table):
    for row in table.values():
        assert len(row) == len(LANGUAGES)
        assert all(text.strip() for text in row)


@pytest.mark.parametrize("table", [WORDS, SENTENCES])
def test_every_sentence_has_the_same_parts_in_all_languages(table):
    """A part that is lost would be a number or a name that is not said."""
    for row in table.values():
        assert all(fields(text) == fields(row[0]) for text in row), row[0]


@pytest.mark.parametrize("table", [WORDS, SENTENCES])
def test_what_has_letters_in_english_is_in_arabic_letters(table):
    for english, arabic in table.values():
        if not SAME.fullmatch(re.sub(r"\{\w+\}", "", english)):
            assert ARABIC.search(arabic), english


def test_a_name_that_looks_like_a_word_is_not_translated():
    told = phrase("{name} stays the best: the shortest restricted mean response time.",
                  name=named("worse"))  # fmt: skip

    assert "<bdi>worse</bdi>" in said_in(told, "ar")
    assert "الأفضل" in said_in(told, "ar")


def test_a_verdict_is_translated_and_a_number_isolated():
    assert said_in("no material difference", "ar") == "لا فرق يُعتد به"
    assert said_in("-0.5 [-1.0, +0.3]", "ar") == '<bdi dir="ltr">-0.5 [-1.0, +0.3]</bdi>'
    assert said_in("-0.5 [-1.0, +0.3]", "en") == "-0.5 [-1.0, +0.3]"
    assert said_in("1 h 30 min", "ar") == "<bdi>1</bdi> ساعة <bdi>30</bdi> دقيقة"


def test_what_has_no_translation_is_marked_as_english():
    assert (
        said_in("nobody wrote this", "ar") == '<span lang="en" dir="ltr">nobody wrote this</span>'
    )
    told = phrase("nobody wrote {this}", this=named("<i>"))
    assert said_in(told, "ar") == (
        '<span lang="en" dir="ltr">nobody wrote <bdi>&lt;i&gt;</bdi></span>'
    )


def test_both_languages_are_there_and_one_is_hidden():
    told = said("better")

    assert told == (
        '<span data-language="en" lang="en" dir="ltr">better</span>'
        '<span data-language="ar" lang="ar" dir="rtl" hidden>أفضل</span>'
    )
    assert said("<&>") == '<span data-language="en" lang="en" dir="ltr">&lt;&amp;&gt;</span>' + (
        '<span data-language="ar" lang="ar" dir="rtl" hidden><bdi dir="ltr">&lt;&amp;&gt;</bdi>'
        "</span>"
    )
