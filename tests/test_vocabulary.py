"""
The words that users meet are the field's, and one word stands for one thing.

An identifier is made of words of the glossary and of the general words in
``general_words.txt``: a new synonym is in neither, and fails. A term that the glossary replaces by
another does not occur at all.
"""

import ast
import csv
import re
from dataclasses import fields
from functools import cache
from pathlib import Path

import click
import pytest

import sim
from sim.cli import main, run
from sim.cli.glossary_page import glossary_page, look_up
from sim.cli.vocabulary import Word, constants, vocabulary
from sim.definitions import MEASURES
from sim.errors import UsageError
from sim.experiment.running import log_text
from sim.glossary import COLUMNS, ENDINGS, EVENTS, FILES, OUTCOMES, PLAIN, TERMS, bare
from sim.log import Ending, Event, Outcome
from sim.outcomes import Observations

ROOT = Path(__file__).parent.parent
PACKAGE = Path(sim.__file__).parent
REFERENCE = ROOT / "results" / "coast-march-2025-reference"
GENERAL = Path(__file__).parent / "general_words.txt"
# Names kept though the glossary has another word: q of the MEXCLP family, by its own name there.
KEPT = {"busy_fraction"}
# Pages that have to quote what is not said: (file, phrase).
QUOTED: set[tuple[str, str]] = set()


# What is read


def names():
    """Return every identifier that users write or read: (name, where it stands)."""
    words = vocabulary()
    found = [(w.name, f"{w.sort} {w.where}".strip()) for w in words]
    found += [(choice, f"{w.where}.{w.name}") for w in words for choice in w.choices]
    found += [(f.name, "observations.npz") for f in fields(Observations)]
    for path in [*REFERENCE.rglob("*.csv"), *(ROOT / "scenarios").rglob("*.csv")]:
        if path.stem.endswith("_times"):  # its columns are places
            continue
        with path.open(encoding="utf-8-sig", newline="") as file:
            found += [(name, path.name) for name in next(csv.reader(file))]
    found += [(path.name, "results") for path in REFERENCE.rglob("*") if path.is_file()]
    return found


def titles():
    """Return what measures are called in tables and figures: (title, measure)."""
    return [
        (said.replace("{horizon}", ""), f"title of {found.name}")
        for found in MEASURES.values()
        for said in (found.title, found.short)
    ]


@cache
def texts():
    """Return every text that users may read: (text, where, first line)."""
    found = [(w.meaning, f"{w.sort} {w.where} {w.name}", 1) for w in vocabulary()]
    for name, command in main.commands.items():
        about = [
            command.help,
            command.short_help,
            *(getattr(o, "help", "") for o in command.params),
        ]
        found += [(text or "", f"rescuesim {name} --help", 1) for text in about]
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "scenarios").glob("*.md")]
    pages += [ROOT / "results" / "README.md", *(ROOT / "scenarios").glob("*.yaml")]
    for path in pages:
        if path.name not in ("CHANGELOG.md", "glossary.md"):
            text = path.read_text(encoding="utf-8")
            found.append((text, path.relative_to(ROOT).as_posix(), 1))
    for path in PACKAGE.rglob("*.py"):
        if path.parent.name != "glossary" and path.name != "format1.py":
            where = path.relative_to(PACKAGE.parent).as_posix()
            found += [(text, where, line) for text, line in sentences(path)]
    return found


def sentences(path):
    """Yield the texts in a module that are no docstrings: (text, line)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    passed = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):  # a docstring
            passed.add(id(node.value))
        elif isinstance(node, ast.JoinedStr) and id(node) not in passed:
            passed |= {id(part) for part in node.values}
            parts = [getattr(part, "value", "") for part in node.values]
            yield "".join(p if isinstance(p, str) else "..." for p in parts), node.lineno
        elif isinstance(node, ast.Constant) and id(node) not in passed and _is_said(node.value):
            yield node.value, node.lineno


def _is_said(value):
    return isinstance(value, str) and " " in value.strip()


# What is asked of it


def general_words():
    return GENERAL.read_text(encoding="utf-8").split()


@cache
def known_words():
    return {word for own in TERMS for form in own.forms for word in form}


def unknown(found):
    """Return the words that neither the glossary nor the general words have, with a name each."""
    known = known_words() | {word for general in general_words() for word in bare(general)}
    return {
        word: f"{name} ({where})"
        for name, where in found
        for word in bare(name)
        if word not in known and not word.isdigit()
    }


@cache
def phrases():
    """Return what is not said: (pattern, phrase, what is said in its place)."""
    instead = {phrase: own.name for own in TERMS for phrase in own.not_said} | PLAIN
    return [(_pattern(phrase), phrase, said) for phrase, said in instead.items()]


def _pattern(phrase):
    words = r"\s+".join(map(re.escape, phrase.split()))
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


def ruled_out(found):
    """Return where a text says what the glossary has another word for."""
    return [
        f"{where}:{line + text.count(chr(10), 0, hit.start())}: {hit[0]!r}, say {said!r}"
        for text, where, line in found
        for pattern, phrase, said in phrases()
        if (where, phrase) not in QUOTED
        for hit in pattern.finditer(text)
    ]


def misnamed(found):
    """Return the names for which, or for a part of which, the glossary has another word."""
    instead = {name: own.name for own in TERMS for name in own.not_named}
    wrong = []
    for name, where in found:
        plain = name.replace("_", " ").replace("-", " ")
        said = instead.get(name) or next(
            (said for pattern, _, said in phrases() if pattern.search(plain)), None
        )
        if said is not None and name not in KEPT:
            wrong.append(f"{name} ({where}): say {said!r}")
    return wrong


# The claims


def test_names_are_made_of_words_of_the_glossary_and_general_words():
    """A new synonym would be a second word for one thing."""
    assert unknown([*names(), *titles()]) == {}, (
        "use a word of docs/glossary.md; if the thing has none yet, add a term to sim/glossary/, "
        "or a general English word to tests/general_words.txt"
    )


def test_the_general_words_are_sorted_each_used_and_no_terms():
    """A list that only grows would in the end let everything pass."""
    words = general_words()
    used = {word for name, _ in [*names(), *titles()] for word in bare(name)}

    assert words == sorted(set(words)), "sort tests/general_words.txt, each word once"
    assert [word for word in words if not set(bare(word)) <= used] == [], (
        "no name uses these any more: take them out of tests/general_words.txt"
    )
    assert [word for word in words if set(bare(word)) <= known_words()] == [], (
        "these are in the glossary: take them out of tests/general_words.txt"
    )


def test_no_name_has_a_word_that_the_glossary_replaces():
    assert misnamed(names()) == []


def test_no_text_has_a_phrase_that_the_glossary_replaces():
    assert ruled_out(texts()) == []


@pytest.mark.parametrize("name", ["luck", "door_wait", "tires", "hindrance_hours", "lets go"])
def test_a_synonym_in_the_log_or_in_a_table_is_found(name, monkeypatch):
    """Without this the test above could pass because it reads nothing."""
    monkeypatch.setattr(Event, "PLANTED", name, raising=False)
    monkeypatch.setattr(log_text, "CALLOUT_COLUMNS", (*log_text.CALLOUT_COLUMNS, name))

    planted = [(found, where) for found, where in names() if found == name]
    assert {"event events.csv.gz", "column callouts.csv.gz"} <= {where for _, where in planted}
    assert set(unknown(planted)) & set(bare(name))


def test_a_synonym_among_measures_and_options_is_found(monkeypatch):
    planted = click.Option(["--muster-time"], help="How long they muster.")
    monkeypatch.setattr(main.commands["run"], "params", [*main.commands["run"].params, planted])
    monkeypatch.setitem(MEASURES, "at_doors", MEASURES["utilisation"].__class__(
        "at_doors", "min", "wait at doors", "less", "judged", "Mean wait at doors."))  # fmt: skip

    assert {"muster", "door"} <= set(unknown(names()))
    told = [where for text, where, _ in _fresh_texts() if ruled_out([(text, where, 1)])]
    assert "measure  at_doors" in told
    assert "rescuesim run --help" in told


def _fresh_texts():
    texts.cache_clear()
    found = texts()
    texts.cache_clear()
    return found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Each callout keeps its luck.", "luck"),
        ("The caller\n    gives  up.", "gives"),
        ("Nought is shown.", "Nought"),
        ("Nine teams stand-off.", "stand-off"),
    ],
)
def test_a_phrase_that_is_not_said_is_found_in_a_text(text, said):
    assert said in " ".join(ruled_out([(text, "a page", 1)]))


def test_a_phrase_is_found_as_a_word_and_not_within_one():
    assert ruled_out([("Luckily a bedside table holds weekdays.", "a page", 1)]) == []


def test_quotations_are_no_more_than_needed():
    pages = {where: text for text, where, _ in texts()}
    assert all(phrase in pages.get(where, "") for where, phrase in QUOTED)


def test_each_thing_has_one_word_and_each_word_one_meaning():
    heads = [bare(name) for own in TERMS for name in (own.name, *own.also)]
    meanings = [own.meaning for own in TERMS]
    avoided = [bare(phrase) for own in TERMS for phrase in own.avoided]

    assert len(set(heads)) == len(heads)
    assert len(set(meanings)) == len(meanings)
    assert not set(heads) & set(avoided)
    assert len(set(avoided)) == len(avoided), "one phrase is replaced by two terms"


def test_each_term_has_a_short_meaning():
    for own in TERMS:
        assert own.meaning[0].isupper(), own.name
        assert own.meaning.endswith("."), own.name
        assert len(own.meaning) < 140, own.name
        assert ruled_out([(own.meaning, own.name, 1)]) == []


def test_every_field_and_every_other_name_has_a_meaning():
    """A field that nothing describes is one to guess at."""
    silent = [f"{w.sort} {w.where}.{w.name}" for w in vocabulary() if not w.meaning]

    assert silent == [], (
        "say what each is: a field or a parameter in its Field(description=...), an option in its "
        "help, a figure where it is declared, all else in sim/glossary/result_words.py"
    )


@pytest.mark.parametrize(
    ("described", "there"),
    [
        (OUTCOMES, lambda: constants(Outcome)),
        (ENDINGS, lambda: constants(Ending)),
        (EVENTS, lambda: constants(Event)),
        (COLUMNS, lambda: [w.name for w in vocabulary() if w.sort == "column"]),
    ],
    ids=["outcomes", "endings", "events", "columns"],
)
def test_what_is_described_is_what_there_is(described, there):
    assert sorted(described) == sorted(set(there())), (
        "sim/glossary/result_words.py describes each of them in a sentence, and no others"
    )


def test_the_files_of_the_reference_result_are_described():
    present = {p.name for p in REFERENCE.iterdir() if p.is_file()}

    assert present <= set(FILES), "describe it in FILES of sim/glossary/result_words.py"


def test_the_page_is_what_the_command_writes(tmp_path):
    """A page written by hand would go its own way."""
    assert run(["glossary", "--out", str(tmp_path / "glossary.md")]) == 0

    written = (tmp_path / "glossary.md").read_text(encoding="utf-8")
    present = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8") == written
    assert present, "write it again: rescuesim glossary --out docs/glossary.md"
    assert written == glossary_page()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("utilisation", "Time committed over time on duty"),
        ("Queue Time", "From ready to dispatched."),
        ("response_p90", "90 %"),
        ("--seed", "Seed of all random numbers."),
        ("callouts", "One request for help"),
        ("busy fraction", "the word is 'utilisation'"),
        ("nought", "write 'zero'"),
    ],
)
def test_a_word_is_looked_up_however_it_is_written(asked, told, capsys):
    assert run(["glossary", *asked.split()] if not asked.startswith("-") else
               ["glossary", "--", asked]) == 0  # fmt: skip

    assert told in capsys.readouterr().out


def test_a_word_that_is_not_there_is_told_with_the_nearest(capsys):
    assert run(["glossary", "utilization"]) == 2
    assert "did you mean 'utilisation'?" in capsys.readouterr().err
    with pytest.raises(UsageError, match=r"no word 'zzz'$"):
        look_up("zzz")
    assert run(["glossary", "team", "--out", "x.md"]) == 2


def test_a_word_has_its_unit_and_the_names_it_is_part_of():
    told = look_up("queue time")

    assert "queue time  [min]" in told
    assert "queue_time_p90" in told
    assert isinstance(vocabulary()[0], Word)
