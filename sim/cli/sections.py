"""The list of commands in ``--help``: in groups, by what people come for."""

from __future__ import annotations

import click

from sim.errors import EXIT_CODES, UsageError

SECTIONS = {
    "Plan": ("new", "fit", "check", "upgrade", "schema", "policies", "definitions", "glossary"),
    "Study": ("run", "compare", "select", "warm-up", "explain"),
    "Check": ("record", "measure", "validate", "reproduce", "effects", "coverage"),
    "Share": ("report", "view", "describe", "plot"),
}
RENAMED = {"rerun": "reproduce"}  # commands of earlier versions


class Sections(click.Group):
    """A group that lists its commands by section, and the exit codes as a table."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, section by section."""
        limit = formatter.width - 6 - max(map(len, self.commands))
        for section, names in SECTIONS.items():
            rows = [
                (name, command.get_short_help_str(limit))
                for name in names
                if (command := self.commands.get(name)) is not None and not command.hidden
            ]
            if rows:
                with formatter.section(section):
                    formatter.write_dl(rows)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the exit codes."""
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(code), meaning) for code, meaning in EXIT_CODES.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command asked for; if it was renamed, print the new name."""
        new = RENAMED.get(args[0]) if args else None
        if new is not None:
            raise UsageError(f"{args[0]} is now {new}: rescuesim {' '.join([new, *args[1:]])}")
        return super().resolve_command(ctx, args)
