"""The exceptions this package raises, and the exit code each one ends a command with."""

from __future__ import annotations

from dataclasses import dataclass

from .units import safe

EXIT_CODES = {
    0: "done",
    1: "reproduced results differ, or a bound is exceeded",
    2: "an error in the scenario, a table or a flag",
    3: "the results are partial",
    4: "reading or writing failed",
    5: "a policy failed",
    70: "internal error",
    130: "interrupted",
    143: "terminated",
}


class SimError(Exception):
    """Anything this package refuses; the message is written for the person who meets it."""

    exit_code = 70


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """
    One error in a file, with enough information to fix it without the manual.

    ``where`` is the path inside the scenario (``teams.Jablah.crew``); ``line`` and ``column``
    count from 1 and are 0 where the error has no place in a text; ``text`` is the line as
    written and ``width`` the number of characters to underline.
    """

    message: str
    file: str = ""
    line: int = 0
    column: int = 0
    where: str = ""
    help: str = ""
    text: str = ""
    width: int = 1
    warning: bool = False


def _as_sentence(diagnostic: Diagnostic) -> str:
    """Return an error in a line: where it is, if anywhere, what it is and what would be right."""
    where = f"{diagnostic.file}:{diagnostic.line}:{diagnostic.column}: " if diagnostic.file else ""
    help = f"; {diagnostic.help}" if diagnostic.help else ""
    return safe(f"{where}{diagnostic.message}{help}")  # a name in it may hold a line break


class ScenarioError(SimError):
    """The scenario, or a table it names, cannot be used as written."""

    exit_code = 2

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        self.diagnostics = diagnostics
        super().__init__("\n".join(_as_sentence(diagnostic) for diagnostic in diagnostics))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[list[Diagnostic]]]:
        return ScenarioError, (self.diagnostics,)  # so that a worker process can hand it on


class UsageError(SimError):
    """A flag or an argument is wrong."""

    exit_code = 2


class ResultsError(SimError):
    """A results folder cannot be read or written."""

    exit_code = 4


class PartialError(SimError):
    """The study is not complete; what there is of it is marked as partial."""

    exit_code = 3


class PolicyError(SimError):
    """A policy raised, or decided something that cannot be done."""

    exit_code = 5


class InvalidDecision(Exception):  # noqa: N818 - not an internal error: the policy's
    """What a policy did; the message follows its name in a sentence."""


class OverloadError(SimError):
    """A formula was asked about a system in which the queue never settles."""

    exit_code = 2
