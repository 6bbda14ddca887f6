"""
Figures for print: one module a picture, drawn on axes from plain arrays, numbers and names.

Each has a frozen dataclass of what it shows, ``draw_x(axes, data)`` for axes of one's own and
``figure_x(data, caption)`` for a whole sheet. matplotlib's ``Figure`` is used, never pyplot: no
global state and no window. May use nothing of the package but what is in this folder.
"""

from .comparisons import (
    Forest,
    ForestRow,
    TeamRow,
    Utilisation,
    draw_forest,
    draw_utilisation,
    figure_forest,
    figure_utilisation,
)
from .curves import Band, ShareCurves, Target, draw_share_curves, figure_share_curves
from .disruption_bars import (
    Closed,
    DisruptionData,
    Stretch,
    draw_closed,
    draw_no_access,
    figure_disruptions,
)
from .mapping import Base, Checkpoint, Hospital, MapData, Place, Road, draw_map, figure_map
from .profile import DayProfile, Hourly, draw_day_profile, figure_day_profile
from .settling import Settling, draw_settling, figure_settling
from .sheet import Caption, save
from .staff_bars import Alerts, Staff, StaffBlock, StaffPanel, draw_alerts, draw_staff, figure_staff
from .sweep import Panel, Sweep, draw_sweep, figure_sweep
from .timeline import (
    PHASES,
    DayTimeline,
    Leg,
    Reached,
    Steps,
    draw_day_timeline,
    figure_day_timeline,
)

__all__ = [
    "PHASES",
    "Alerts",
    "Band",
    "Base",
    "Caption",
    "Checkpoint",
    "Closed",
    "DayProfile",
    "DayTimeline",
    "DisruptionData",
    "Forest",
    "ForestRow",
    "Hospital",
    "Hourly",
    "Leg",
    "MapData",
    "Panel",
    "Place",
    "Reached",
    "Road",
    "Settling",
    "ShareCurves",
    "Staff",
    "StaffBlock",
    "StaffPanel",
    "Steps",
    "Stretch",
    "Sweep",
    "Target",
    "TeamRow",
    "Utilisation",
    "draw_alerts",
    "draw_closed",
    "draw_day_profile",
    "draw_day_timeline",
    "draw_forest",
    "draw_map",
    "draw_no_access",
    "draw_settling",
    "draw_share_curves",
    "draw_staff",
    "draw_sweep",
    "draw_utilisation",
    "figure_day_profile",
    "figure_day_timeline",
    "figure_disruptions",
    "figure_forest",
    "figure_map",
    "figure_settling",
    "figure_share_curves",
    "figure_staff",
    "figure_sweep",
    "figure_utilisation",
    "save",
]
