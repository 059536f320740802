"""``python -m trainingloop.cli`` is the ``trainingloop`` command."""

from __future__ import annotations

from trainingloop.cli import main

main()
