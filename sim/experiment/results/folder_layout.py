"""What a results folder holds: the names of its files, and the versions of what is in them."""

from __future__ import annotations

FORMAT = 3  # of a results folder, raised whenever its files, columns or words change
RESULTS_VERSION = 2  # raised whenever the same scenario and seed give other numbers
MANIFEST, PARTIAL = "manifest.json", "PARTIAL.json"
CALLOUTS, MISSIONS, DECISIONS = "callouts.csv.gz", "missions.csv.gz", "decisions.jsonl.gz"
EVENTS = "events.csv.gz"  # only where there are any
DRIVES = "drives.csv.gz"  # only where the first replication is logged
OBSERVATIONS = "observations.npz"
LIBRARIES = ("simpy", "numpy", "scipy", "matplotlib", "pydantic", "PyYAML")  # that are used
RANDOM_NUMBERS = "Philox4x64-10, keyed by seed and replication, counted by callout"
INPUTS = "inputs.csv"  # rests on a record, which no results folder holds: not compared either
ANSWER = "answer.txt"  # in words, so it is not compared when results are run again


def scenario_path(number: int) -> str:
    """Return where the first, second, ... scenario is in a results folder."""
    return f"{folder_of_scenario(number)}scenario.yaml"


def folder_of_scenario(number: int) -> str:
    """Return where the files of the first, second, ... scenario are."""
    return "" if number == 0 else f"scenario-{number + 1}/"
