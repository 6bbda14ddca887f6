"""
Reports: figures and text tables for people.

May use experiment and everything below. matplotlib is imported only where figures are drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.names_on_demand import names_from

if TYPE_CHECKING:
    from .figure_input.drawing import draw_all, figures_of
    from .figure_input.figure_basis.captions import caption
    from .figure_input.warm_up_data import draw_warm_up
    from .results_text.text_tables import print_study

__getattr__ = names_from(__name__, __file__)

__all__ = ["caption", "draw_all", "draw_warm_up", "figures_of", "print_study"]
