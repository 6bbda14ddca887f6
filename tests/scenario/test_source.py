"""YAML is read as 1.2 with core types only, within bounds, and every value knows its place."""

from __future__ import annotations

import pytest
import yaml

from sim.scenario.text import source
from sim.scenario.text.source import Source, UnreadableError, read_tree


def tree(text: str):
    return read_tree(Source("a.yaml", text))


def refused(text: str) -> list[str]:
    with pytest.raises(UnreadableError) as caught:
        tree(text)
    return [f"{m.line}:{m.column} {m.message}" for m in caught.value.diagnostics]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("on", "on"),
        ("22:30", "22:30"),
        ("08:00", "08:00"),
        ("012", 12),
        ("1e3", 1000.0),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("2025-03-06", "2025-03-06"),
        ("true", True),
        ("null", None),
        ("~", None),
        ("٤", 4),
        ("'12'", "12"),
        ('"null"', "null"),
        ("", None),
    ],
)
def test_a_word_means_what_a_person_thinks(written, meant):
    assert tree(f"a: {written}").plain() == {"a": meant}


@pytest.mark.parametrize("loader", [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)])
def test_both_parsers_of_yaml_give_the_same_values_and_places(monkeypatch, loader):
    """PyYAML may have been built without libyaml."""
    text = "قرية: {a: [1, 'x', {b: 2.5}]}\nb: >\n  folded\n  text\nc:\n- 1\n-  two: 3\n"
    monkeypatch.setattr(source, "_LOADER", loader)

    nodes = [
        (path, n.spot.line, n.spot.column, n.key and n.key.column) for path, n in tree(text).walk()
    ]

    assert (("قرية", "a", 2, "b"), 0, 23, 20) in nodes
    assert (("c", 1, "two"), 6, 8, 3) in nodes
    assert tree(text).plain() == {
        "قرية": {"a": [1, "x", {"b": 2.5}]}, "b": "folded text\n", "c": [1, {"two": 3}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x 1", "1:4 anchors (&) are not read"),
        ("a: *x", "1:4 aliases (*) are not read"),
        ("a: !!int 5", "1:4 tags (!) are not read"),
        ("a: !!python/object:os.system 5", "1:4 tags (!) are not read"),
        ("<<: {b: 1}", "1:1 merge keys (<<) are not read"),
        ("a: 1\nb: 2\na: 3", "3:1 'a' is given twice"),
        ("a: .nan", "1:4 expected a number, found .nan"),
        ("a: 1e400", "1:4 a number too large or too long"),
        ("a: " + "9" * 5000, "1:4 a number of 5000 digits; 18 are read"),
        ("a: " + "x" * 20_000, "1:4 a text of more than 10,000 characters"),
        ("[a]: 1", "1:1 a key must be a word, found a mapping or list"),
        ("a: 1\n---\nb: 1", "2:1 a second document begins here"),
        ("", "1:1 there is nothing in it"),
        ("a: [1", "1:6 not readable as YAML: "),
        ("a:\n\tb: 1", "2:1 not readable as YAML: "),
        ("a: b: c", "1:5 not readable as YAML: "),
    ],
)
def test_what_is_not_read_is_refused_at_its_place(text, said):
    assert any(m.startswith(said) for m in refused(text)), refused(text)


def test_several_refusals_are_told_together():
    assert len(refused("a: &x 1\nb: *x\nb: !t 2")) == 4


@pytest.mark.parametrize(
    "bomb",
    [
        "a: " + "[" * 100_000,
        "a: " + "{a: " * 50_000,
        "a:\n " + "- " * 100_000,
        "a: &a [x]\n" + "".join(f"b{i}: &b{i} [*a, *a]\n" for i in range(99)),
        "a: &a [*a]",
        "a: 1\n" * 100_000,
        "a: [" + "1," * 300_000 + "]",
        "".join(f"k{i}: {i}\n" for i in range(100_001)),
        'a: "' + "x" * 1_500_000 + '"',
    ],
    ids=["lists", "mappings", "dashes", "laughs", "self", "twice", "nodes", "keys", "scalar"],
)
def test_a_bomb_is_refused_and_does_not_go_off(bomb):
    assert len(refused(bomb)) <= 20


def test_thirty_two_levels_are_read_and_no_more():
    deep = "[" * 31 + "]" * 31

    assert tree(f"a: {deep}").plain()
    assert "nested more than 32 deep" in refused(f"a: [{deep}]")[0]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a: \xff", "1:4 this file is not UTF-8 text: byte 0xFF is not"),
        (b"\xff\xfea\x00", "1:1 this file is not UTF-8 text: it is UTF-16"),
        (b"a: 1\nb: \x1b", "2:4 the character U+001B is not text"),
        (b"a: \x00", "1:4 the character U+0000 is not text"),
        ("a: \u062a \x1b\ufeff \x85".encode(), "1:6 the character U+001B is not text"),
        ("a: \U0001f691 \uffff".encode(), "1:6 the character U+FFFF is not text"),
    ],
)
def test_bytes_that_are_no_text_are_refused_at_their_place(data, said):
    with pytest.raises(UnreadableError) as caught:
        source.decode(data, "a.yaml")

    (m,) = caught.value.diagnostics
    assert f"{m.line}:{m.column} {m.message}" == said


def test_a_byte_order_mark_is_passed_over():
    assert source.decode(b"\xef\xbb\xbfa: 1", "a.yaml") == "a: 1"
