"""The command ``glossary``: apart from the others, as it tells of them, too."""

from __future__ import annotations

from pathlib import Path

import click

from sim.errors import UsageError

from .commands import out_flag, write_page


@click.command(short_help="Tell what a word means, in which unit, and where it is used.")
@click.argument("term", nargs=-1)
@out_flag("File to write the whole glossary to.")
def glossary(term: tuple[str, ...], out: Path | None) -> None:
    """
    Tell what TERM means: its unit, its source, and the names it is part of.

    A term of the field, or a field, measure, column, event, rule, command or option. Without a
    TERM the whole glossary is printed as a page.
    """
    from .glossary_page import glossary_page, look_up

    if term and out is not None:
        raise UsageError("--out writes the whole glossary; leave out the term")
    if term:
        click.echo(look_up(" ".join(term)), nl=False)
    else:
        write_page(glossary_page(), out)
