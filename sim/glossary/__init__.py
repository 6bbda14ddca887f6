"""
The words of this package: each term of the field with its one meaning, and what it replaces.

Written by hand are only terms that no field, measure or rule describes; all else on the page of
the glossary comes from the descriptions in the code. May use nothing of the package.
"""

from __future__ import annotations

from .rescue_terms import CALLOUTS, TEAMS, WORLD
from .result_words import COLUMNS, ENDINGS, EVENTS, FILES, OUTCOMES
from .study_terms import PLAIN, STATISTICS, STUDIES
from .term import Term, bare

SECTIONS: dict[str, tuple[Term, ...]] = {
    "Callouts": CALLOUTS,
    "Teams and staff": TEAMS,
    "Roads, scenes and hospitals": WORLD,
    "Studies": STUDIES,
    "Statistics": STATISTICS,
}
TERMS: tuple[Term, ...] = tuple(term for terms in SECTIONS.values() for term in terms)

__all__ = [
    "COLUMNS",
    "ENDINGS",
    "EVENTS",
    "FILES",
    "OUTCOMES",
    "PLAIN",
    "SECTIONS",
    "TERMS",
    "Term",
    "bare",
]
