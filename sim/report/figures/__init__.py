"""
Figures for print: one module a picture, drawn on axes from plain arrays, numbers and names.

Each has a frozen dataclass of what it shows, ``draw_x(axes, data)`` for axes of one's own and
``figure_x(data, caption)`` for a whole sheet. matplotlib's ``Figure`` is used, never pyplot: no
global state and no window. May use nothing of the package but what is in this folder.
"""

from .access import AccessData, Closed, Stretch, draw_closed, draw_cut_off, figure_access
from .comparisons import (
    BusyFractions,
    BusyTeam,
    Forest,
    ForestRow,
    draw_busy_fractions,
    draw_forest,
    figure_busy_fractions,
    figure_forest,
)
from .curves import Band, ShareCurves, Target, draw_share_curves, figure_share_curves
from .mapping import Base, Checkpoint, Hospital, MapData, Place, Road, draw_map, figure_map
from .people import Alerts, People, draw_alerts, draw_duties, figure_people
from .profile import DayProfile, Hourly, draw_day_profile, figure_day_profile
from .settling import Settling, draw_settling, figure_settling
from .sheet import Caption, save
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
    "AccessData",
    "Alerts",
    "Band",
    "Base",
    "BusyFractions",
    "BusyTeam",
    "Caption",
    "Checkpoint",
    "Closed",
    "DayProfile",
    "DayTimeline",
    "Forest",
    "ForestRow",
    "Hospital",
    "Hourly",
    "Leg",
    "MapData",
    "Panel",
    "People",
    "Place",
    "Reached",
    "Road",
    "Settling",
    "ShareCurves",
    "Steps",
    "Stretch",
    "Sweep",
    "Target",
    "draw_alerts",
    "draw_busy_fractions",
    "draw_closed",
    "draw_cut_off",
    "draw_day_profile",
    "draw_day_timeline",
    "draw_duties",
    "draw_forest",
    "draw_map",
    "draw_settling",
    "draw_share_curves",
    "draw_sweep",
    "figure_access",
    "figure_busy_fractions",
    "figure_day_profile",
    "figure_day_timeline",
    "figure_forest",
    "figure_map",
    "figure_people",
    "figure_settling",
    "figure_share_curves",
    "figure_sweep",
    "save",
]
