"""
The command line: reads flags, calls the stages, prints; knows no model.

Results go to standard output, everything else to standard error. Heavy modules are imported
inside the commands that need them, so that ``--help`` and ``check`` stay quick.
"""

from __future__ import annotations

import io
import os
import sys
from traceback import walk_tb

import click

from sim.errors import PolicyError, ScenarioError, SimError
from sim.library_threads import one_thread

from .commands import main
from .glossary_command import glossary
from .terminal.stopping import Terminated, listening

main.add_command(glossary)

# extensions of pydantic that are installed: none is ours, and looking for them takes time
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
one_thread()
INTERRUPTED, TERMINATED = 130, 143
OUTSIDE, INTERNAL = 4, 70  # outside: the disk or the memory failed us


def run(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    try:
        with listening():
            _prepare_streams()
            return _run(arguments)
    except (click.exceptions.Abort, KeyboardInterrupt) as error:
        return _say(f"interrupted; {_kept(error)}", INTERRUPTED)
    except Terminated as error:
        return _say(f"terminated; {_kept(error)}", TERMINATED)


def _run(arguments: list[str] | None) -> int:
    try:
        code = main.main(arguments, prog_name="rescuesim", standalone_mode=False)
    except click.exceptions.Abort:
        raise
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except ScenarioError as error:
        return _show_diagnostics(error)
    except SimError as error:
        return _say(str(error), error.exit_code)
    except SystemExit as error:
        if _is_a_reader_gone(error):
            return 0
        return _say("a policy tried to end the program", PolicyError.exit_code)
    except OSError as error:
        told = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
        return _say(f"reading or writing failed: {told}", OUTSIDE)
    except MemoryError as error:
        told = f"there is not enough memory for this; {_kept(error)}"
        return _say(f"{told}. Fewer --jobs, replications, alternatives or days need less", OUTSIDE)
    except Exception as error:
        stop = _stop_behind(error)
        if stop is None:
            return _internal_error(error)
        raise stop from None
    return int(code or 0)


def _stop_behind(error: BaseException) -> BaseException | None:
    """
    Return what was raised by a signal, where another error came of it; None where none was.

    A file that is left half-way may refuse to be closed, as that of ``zipfile`` does.
    """
    notes, cause = getattr(error, "__notes__", []), error.__context__
    while cause is not None and not isinstance(cause, (KeyboardInterrupt, Terminated)):
        notes, cause = [*notes, *getattr(cause, "__notes__", [])], cause.__context__
    for note in notes if cause is not None else ():
        if cause is not None and note not in getattr(cause, "__notes__", []):
            cause.add_note(note)
    return cause


def _is_a_reader_gone(error: SystemExit) -> bool:
    """Return whether click or rich ended the command because nobody reads on: no error."""
    *_, (frame, _) = walk_tb(error.__traceback__)
    return str(frame.f_globals.get("__name__")).partition(".")[0] in ("click", "rich")


def _prepare_streams() -> None:
    """Let neither a closed stream nor a character it cannot show stop a command."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _kept(error: BaseException) -> str:
    """Return what is left of the work, as the study recorded it when it stopped."""
    cause = error.__context__ if isinstance(error, click.exceptions.Abort) else error
    notes = getattr(cause, "__notes__", [])
    return "; ".join(notes) or "no half-written result is left"


def _say(message: str, code: int) -> int:
    click.echo(f"rescuesim: {message}", err=True)
    return code


def _show_diagnostics(error: ScenarioError) -> int:
    from .terminal.messages import show_diagnostics

    show_diagnostics(error.diagnostics)
    return error.exit_code


def _internal_error(error: Exception) -> int:
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile(
        "w", prefix="rescuesim-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        traceback.print_exception(error, file=file)
    click.echo(
        f"rescuesim: internal error: {type(error).__name__}: {error}\n"
        f"  the details are in {file.name}; please send them with your scenario",
        err=True,
    )
    return INTERNAL


__all__ = ["main", "run"]
