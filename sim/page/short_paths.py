"""Outlines of figures written shorter: steps from point to point, to a tenth of a point."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

_LETTER = re.compile(r"([A-DF-Za-df-z])")  # e is of a number
_NUMBERS_OF = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Q": 4, "Z": 0}
_TENTHS = 10

Point = tuple[int, int]  # in tenths of a point


def short_path(d: str) -> str | None:
    """
    Return an outline in steps, each from a rounded point to a rounded point, so none adds up.

    Steps in one direction become one. None where it has commands that figures are not drawn with.
    """
    writer = _Steps()
    try:
        for command, numbers in _commands(d):
            writer.go(command, numbers)
    except (KeyError, IndexError, ValueError, OverflowError):
        return None
    writer.end_line()
    return "".join(writer.written)


def _commands(d: str) -> Iterator[tuple[str, list[int]]]:
    """Yield each command with its numbers [tenths], one group of them at a time."""
    before, *found = _LETTER.split(d)
    if before.strip():
        raise ValueError(before)
    for letter, text in zip(found[::2], found[1::2], strict=True):
        name = letter.upper() if letter == "z" else letter
        size = _NUMBERS_OF[name]
        tenths = [round(float(number) * _TENTHS) for number in text.replace(",", " ").split()]
        if (size == 0 and tenths) or (size and (not tenths or len(tenths) % size)):
            raise ValueError(name)
        for start in range(0, len(tenths), size) if size else (0,):
            # what follows the first point of a move is a line
            yield "L" if name == "M" and start else name, tenths[start : start + size]


@dataclass
class _Steps:
    """The outline as it is written; a straight line is kept back until it ends."""

    written: list[str] = field(default_factory=list)
    at: Point = (0, 0)
    began: Point = (0, 0)
    line: Point | None = None
    lines: int = 0  # since the last move
    last: str = ""

    def go(self, command: str, numbers: Sequence[int]) -> None:
        """Write one command."""
        if command in "LHV":
            x, y = self.at
            x, y = {"L": tuple(numbers), "H": (*numbers, y), "V": (x, *numbers)}[command]
            self._line_to((x, y))
            return
        self.end_line()
        if command == "Z":
            self._write("z", ())
            self.at = self.began
        elif command == "M":
            self._write("M", numbers)
            self.at = self.began = (numbers[0], numbers[1])
            self.lines = 0
        else:
            x, y = self.at
            steps = [n - (y if i % 2 else x) for i, n in enumerate(numbers)]
            self._write(command.lower(), steps)
            self.at = (numbers[-2], numbers[-1])
            self.lines += 1

    def _line_to(self, end: Point) -> None:
        dx, dy = end[0] - self.at[0], end[1] - self.at[1]
        self.at = end
        if self.line is None:
            self.line = (dx, dy)
            return
        x, y = self.line
        if x * dy == y * dx and x * dx + y * dy >= 0:
            self.line = (x + dx, y + dy)
            return
        self.end_line()
        self.line = (dx, dy)

    def end_line(self) -> None:
        """Write the line that was kept back; one of no length only where nothing else is."""
        if self.line is None:
            return
        (x, y), self.line = self.line, None
        if (x, y) == (0, 0) and self.lines:
            return
        self.lines += 1
        if y == 0:
            self._write("h", (x,))
        elif x == 0:
            self._write("v", (y,))
        else:
            self._write("l", (x, y))

    def _write(self, command: str, numbers: Sequence[int]) -> None:
        text = "" if command == self.last and command not in "Mz" else command
        self.last = command
        for number in numbers:
            said = _number(number)
            text += said if not text.strip() or _splits(text, said) else f" {said}"
        follows = bool(self.written) and bool(text) and (text[0].isdigit() or text[0] == ".")
        if follows and not _splits(self.written[-1], text):
            text = f" {text}"
        self.written.append(text)


def _number(tenths: int) -> str:
    whole, part = divmod(abs(tenths), _TENTHS)
    sign = "-" if tenths < 0 else ""
    return f"{sign}{whole or ''}.{part}" if part else f"{sign}{whole}"


def _splits(before: str, number: str) -> bool:
    """Return whether a number may follow without a space."""
    if before[-1].isalpha() or number[0] == "-":
        return True
    return number[0] == "." and "." in re.split(r"[A-Za-z \-]", before)[-1]
