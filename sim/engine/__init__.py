"""
The engine: a day at the dispatch centre, in SimPy.

``simulate`` runs one replication of a world under a set of policies and writes the log. It
knows no statistics. May use policies, world and log. The clock is whole milliseconds; nothing
is drawn at random here. Read ``response.py`` first: a team's life is its story.

Where the model could be otherwise, the module that does it says so after *Assumed*. Those are
choices of ours, without a source unless one is named; ``docs/model.md`` and
``docs/disruptions.md`` tell them to planners.
"""

from .foundation.atlases import Atlases
from .simulation import simulate

__all__ = ["Atlases", "simulate"]
