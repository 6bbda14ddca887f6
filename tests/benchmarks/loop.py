"""The reference workload as a loop over the next event: ``loop.c``, compiled and called."""

import ctypes
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

SOURCE = Path(__file__).with_name("loop.c")
COLUMNS = (
    "ready", "received", "priority", "place", "turnout", "on_scene", "transported", "handover",
)  # fmt: skip
NOT_REACHED = -1


def compiler():
    """Return where a C compiler is, None if there is none."""
    return shutil.which("cc") or shutil.which("gcc")


class _Callouts(ctypes.Structure):
    _fields_ = (
        ("count", ctypes.c_int64),
        *((name, ctypes.POINTER(ctypes.c_int64)) for name in COLUMNS),
    )


def _column(values):
    return np.array(values, dtype=np.int64)


def _pointer(column):
    return column.ctypes.data_as(ctypes.POINTER(ctypes.c_int64))


class Loop:
    """One run over callouts that are handed to it; ``run`` returns the responses."""

    def __init__(self, world, given):
        self.columns = {name: _column([_value(name, *row) for row in given]) for name in COLUMNS}
        self.numbers = _column([callout.number for callout, _ in given])
        self.drive = _column(world.travel.times[0])
        self.bases = _column([crew.place for crew in world.fleet.crews])
        self.hospitals = _column(world.hospitals)
        self.turnout, self.ends = world.fleet.crews[0].expected_turnout, world.ends
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder) / "loop.so"
            build = [compiler(), "-O2", "-shared", "-fPIC", "-o", made, SOURCE]
            subprocess.run(build, check=True)
            self.simulate = ctypes.CDLL(str(made)).simulate

    def run(self):
        responses = np.full(len(self.numbers), NOT_REACHED, dtype=np.int64)
        queue = np.empty(len(self.numbers), dtype=np.int64)
        given = _Callouts(len(self.numbers), *(_pointer(self.columns[name]) for name in COLUMNS))
        self.simulate(
            ctypes.byref(given), _pointer(self.drive), ctypes.c_int64(len(self.drive)),
            _pointer(self.bases), ctypes.c_int64(len(self.bases)),
            _pointer(self.hospitals), ctypes.c_int64(len(self.hospitals)),
            ctypes.c_int64(self.turnout), ctypes.c_int64(self.ends),
            _pointer(queue), _pointer(responses),
        )  # fmt: skip
        return responses

    def by_number(self):
        """Return the response of each callout that was reached, by its number. [ms]"""
        pairs = zip(self.numbers.tolist(), self.run().tolist(), strict=True)
        return {number: response for number, response in pairs if response != NOT_REACHED}


def _value(name, callout, marks):
    if name in ("turnout", "on_scene"):
        return getattr(marks, name)[0]
    return getattr(callout if hasattr(callout, name) else marks, name)
