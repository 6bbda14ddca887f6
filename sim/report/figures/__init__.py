"""
Figures for print: one module a picture, drawn on axes from plain arrays, numbers and names.

Each has a frozen dataclass of what it shows, ``draw_x(axes, data)`` for axes of one's own and
``figure_x(data, caption)`` for a whole sheet. matplotlib's ``Figure`` is used, never pyplot: no
global state and no window. May use nothing of the package but what is in this folder. A name is
imported when it is asked for: what only says what is shown does not wait for matplotlib.
"""

from typing import TYPE_CHECKING

from sim.names_on_demand import names_from

if TYPE_CHECKING:
    from .agreement_intervals import AgreementRow, Agreements, draw_agreement, figure_agreement
    from .calibration_panels import (
        CalibrationPanel,
        Calibrations,
        draw_calibration,
        figure_calibration,
    )
    from .disruption_bars import (
        Closed,
        DisruptionData,
        Stretch,
        draw_closed,
        draw_no_access,
        figure_disruptions,
    )
    from .forest import (
        Forest,
        ForestRow,
        draw_forest,
        figure_forest,
    )
    from .layout.bands import Band
    from .layout.figure_files import save
    from .layout.figure_page import Caption
    from .layout.hours_of_day import WHOLE_DAY, ClockHours
    from .layout.team_rows import TeamRow
    from .map_figure.map_data import MapBase, MapCheckpoint, MapData, MapHospital, MapPlace, MapRoad
    from .map_figure.mapping import draw_map, figure_map
    from .profile import DayProfile, Hourly, draw_day_profile, figure_day_profile
    from .share_curves import (
        ShareCurves,
        draw_share_curves,
        draw_share_targets,
        figure_share_curves,
        figure_share_targets,
    )
    from .share_readings import TargetLine
    from .staff_points import (
        Alerts,
        Staff,
        StaffBlock,
        StaffPanel,
        draw_alerts,
        draw_staff,
        figure_staff,
    )
    from .sweep import Panel, Sweep, draw_sweep, figure_sweep
    from .timeline import (
        PHASES,
        Activity,
        DayTimeline,
        Reached,
        Steps,
        draw_day_timeline,
        figure_day_timeline,
    )
    from .utilisation_dots import Utilisation, draw_utilisation, figure_utilisation
    from .welch import WelchPanel, draw_welch, figure_welch

__getattr__ = names_from(__name__, __file__)

__all__ = [
    "PHASES",
    "WHOLE_DAY",
    "Activity",
    "AgreementRow",
    "Agreements",
    "Alerts",
    "Band",
    "CalibrationPanel",
    "Calibrations",
    "Caption",
    "ClockHours",
    "Closed",
    "DayProfile",
    "DayTimeline",
    "DisruptionData",
    "Forest",
    "ForestRow",
    "Hourly",
    "MapBase",
    "MapCheckpoint",
    "MapData",
    "MapHospital",
    "MapPlace",
    "MapRoad",
    "Panel",
    "Reached",
    "ShareCurves",
    "Staff",
    "StaffBlock",
    "StaffPanel",
    "Steps",
    "Stretch",
    "Sweep",
    "TargetLine",
    "TeamRow",
    "Utilisation",
    "WelchPanel",
    "draw_agreement",
    "draw_alerts",
    "draw_calibration",
    "draw_closed",
    "draw_day_profile",
    "draw_day_timeline",
    "draw_forest",
    "draw_map",
    "draw_no_access",
    "draw_share_curves",
    "draw_share_targets",
    "draw_staff",
    "draw_sweep",
    "draw_utilisation",
    "draw_welch",
    "figure_agreement",
    "figure_calibration",
    "figure_day_profile",
    "figure_day_timeline",
    "figure_disruptions",
    "figure_forest",
    "figure_map",
    "figure_share_curves",
    "figure_share_targets",
    "figure_staff",
    "figure_sweep",
    "figure_utilisation",
    "figure_welch",
    "save",
]
