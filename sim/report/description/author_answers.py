"""What an author answers where the tool cannot know: a small file, and its template."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from sim.errors import Diagnostic, ScenarioError
from sim.scenario.diagnostics.diagnostic import nearest
from sim.scenario.diagnostics.findings import Findings
from sim.scenario.text import files
from sim.scenario.text.source import Node, Source, UnreadableError, decode, read_tree
from sim.units import safe

from .report_items import QUESTIONS

MOST_BYTES = 1_000_000
HEAD = """\
# What rescuesim cannot know of a study. Write each answer between its quotes, or after a
# name and "|" on lines of their own; leave out what you cannot answer: it is told as missing.
# To fill it in:  rescuesim describe SCENARIO --answers FILE
"""


def read_answers(path: Path) -> dict[str, str]:
    """
    Return the answers of a file by the names of their questions; empty ones are left out.

    Raises
    ------
    ScenarioError
        With every error, each at its place: an unknown name, or what is no text.

    """
    try:
        source = Source(str(path), decode(files.read_named(path, MOST_BYTES), str(path)))
        tree = read_tree(source)
    except files.FileProblemError as problem:
        raise ScenarioError([Diagnostic(str(problem), help=problem.help)]) from None
    except UnreadableError as error:
        raise ScenarioError(list(error.diagnostics)) from None
    findings = Findings(tree)
    found = _checked(tree, findings)
    if findings.diagnostics:
        raise ScenarioError(findings.in_order())
    return found


def _checked(tree: Node, findings: Findings) -> dict[str, str]:
    if tree.value is None:
        return {}
    if not isinstance(tree.value, dict):
        findings.error((), "expected a name and an answer on each line, as purpose: ...")
        return {}
    found = {}
    for name, node in tree.value.items():
        if name not in QUESTIONS:
            findings.unknown_key((name,), nearest(name, QUESTIONS, "questions"))
        elif isinstance(node.value, (dict, list)):
            findings.error((name,), "an answer is text", 'write it in quotes: "..."')
        elif node.value is not None and str(node.value).strip():
            found[name] = str(node.value).strip()
    return found


def template(wanted: Iterable[str], given: Mapping[str, str]) -> str:
    """Return a file with the questions that are open or answered, and the answers given."""
    parts = [HEAD]
    for name in dict.fromkeys(wanted):
        answer = json.dumps(safe(" ".join(given.get(name, "").split())), ensure_ascii=False)
        parts.append(f"\n# {QUESTIONS[name]}\n{name}: {answer}\n")
    return "".join(parts)
