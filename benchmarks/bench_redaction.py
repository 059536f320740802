"""How fast personal data is taken out: texts seen for the first time, and growing histories.

A model call repeats the whole conversation before it, so most of what a recorder redacts it has
redacted before. Measured are both ends and real mixtures. What is found, and plain Presidio on the
same texts: ``python -m benchmarks.redaction``.
"""

from __future__ import annotations

from benchmarks.measurement import Measurement
from benchmarks.redaction.speed import speeds


def run() -> list[Measurement]:
    """Measure one core, in this process."""
    return [
        Measurement(name=speed.name, value=speed.ours, unit="MB/s", note="one core")
        for speed in speeds()
    ]
