"""
Experiments: replications of alternatives on the same callouts, and the results folder.

May use engine, outcomes and everything below. Results do not depend on how many processes run,
where, or how often they were interrupted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.names_on_demand import names_from

if TYPE_CHECKING:
    from .results.drive_reading import read_drives
    from .results.folder import (
        content_hash,
        default_place,
        write_answer,
        write_manifest,
        write_study,
    )
    from .results.log_reading import Reported, logs_in, logs_of
    from .results.results_place import check_place, note_drawn, put
    from .results.results_reading import Results, read_results
    from .running.alternatives import Alternative, Design, design_of
    from .running.drive_text import TeamDrive
    from .running.journal import Journal
    from .running.processes import InProcess, Processes, Workers
    from .running.runner import Runner, Task
    from .running.study import Progress, Study, run_study
    from .running.study_tables import ComparisonRow, EstimateRow, Table, Tables, ValueRow, tabulate

__getattr__ = names_from(__name__, __file__)

__all__ = [
    "Alternative",
    "ComparisonRow",
    "Design",
    "EstimateRow",
    "InProcess",
    "Journal",
    "Processes",
    "Progress",
    "Reported",
    "Results",
    "Runner",
    "Study",
    "Table",
    "Tables",
    "Task",
    "TeamDrive",
    "ValueRow",
    "Workers",
    "check_place",
    "content_hash",
    "default_place",
    "design_of",
    "logs_in",
    "logs_of",
    "note_drawn",
    "put",
    "read_drives",
    "read_results",
    "run_study",
    "tabulate",
    "write_answer",
    "write_manifest",
    "write_study",
]
