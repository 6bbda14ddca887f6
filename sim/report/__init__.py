"""
Reports: figures and text tables for people.

May use experiment and everything below. matplotlib is imported only where figures are drawn.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .figure_input.drawing import draw_all, figures_of
    from .figure_input.figure_basis.captions import caption
    from .figure_input.warm_up_data import draw_warm_up
    from .results_text.text_tables import print_study

_FROM = {
    "caption": "figure_input.figure_basis.captions",
    "draw_all": "figure_input.drawing",
    "draw_warm_up": "figure_input.warm_up_data",
    "figures_of": "figure_input.drawing",
    "print_study": "results_text.text_tables",
}


def __getattr__(name: str) -> Any:
    if name not in _FROM:
        raise AttributeError(f"module 'sim.report' has no attribute {name!r}")
    return getattr(import_module(f"sim.report.{_FROM[name]}"), name)


__all__ = ["caption", "draw_all", "draw_warm_up", "figures_of", "print_study"]
