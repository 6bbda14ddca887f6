"""
The page: results as one HTML file that opens anywhere and needs nothing else.

May use report and everything below. Nothing in it makes a request, and its content policy allows
none; what comes from results is escaped wherever it stands.
"""

from __future__ import annotations

from .results_page import page_of, page_place, write_page

__all__ = ["page_of", "page_place", "write_page"]
