"""
Drives to hospital in the log, where drives are kept.

All other drives are noted as teams change theirs. While a team takes people to hospital nobody asks
where it is, so it has no drive then; only the log tells.
"""

from __future__ import annotations

from ..foundation.hooks import Run
from ..foundation.state import Drive, Mission


def is_in(run: Run) -> bool:
    """Return whether drives are kept."""
    return run.recorder.keeps_drives


def install(run: Run) -> None:
    """Note where teams go that leave a scene with people."""

    def on_leaving(mission: Mission, drive: int) -> int:
        # local travel, at the end of the drive, is spent at the hospital
        now, open_ = run.clock.now, mission.open
        assert mission.hospital is not None
        arrives = now + drive - open_.marks.local_travel
        goal = run.world.hospitals[mission.hospital]
        period = run.hospital_period(open_, mission.team)
        run.recorder.drive(mission.team, Drive(open_.place, goal, now, arrives, period))
        return drive

    run.hooks.to_hospital.append(on_leaving)
