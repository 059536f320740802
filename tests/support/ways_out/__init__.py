"""Ways to act that code in the process that asks models could try.

Each leaves a trace that can be seen from outside: a connection, a datagram, or a file.
`support.red_team` runs ``attempt.py``, isolated like that process, with and without the guard.
"""

from __future__ import annotations

from support.ways_out import against_the_guard, ends, files, network, packages, processes
from support.ways_out.way import ENDING, LIBRARY, UNSEEN, USUAL, Target

__all__ = ["GROUPS", "Target"]

GROUPS = {"usual": USUAL, "library": LIBRARY, "unseen": UNSEEN, "ending": ENDING}
MODULES = (against_the_guard, ends, files, network, packages, processes)
"""Importing them fills the groups."""
