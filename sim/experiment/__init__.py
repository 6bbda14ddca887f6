"""
Experiments: replications of a scenario under several alternatives, and the results folder.

May use engine, outcomes and everything below. Results do not depend on how many processes run.
"""

from __future__ import annotations

from .folder import (
    LogFiles,
    Results,
    Tables,
    default_place,
    read_results,
    tabulate,
    write_inputs,
    write_manifest,
    write_tables,
    written_whole,
)
from .study import Replication, Runner, Study, expected_callouts, run_study

__all__ = [
    "LogFiles",
    "Replication",
    "Results",
    "Runner",
    "Study",
    "Tables",
    "default_place",
    "expected_callouts",
    "read_results",
    "run_study",
    "tabulate",
    "write_inputs",
    "write_manifest",
    "write_tables",
    "written_whole",
]
