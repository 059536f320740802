"""Every environment variable that says where replays ask."""

from __future__ import annotations

import os
from typing import Final

BASE_URL: Final = "OPENAI_BASE_URL"
"""Where a candidate is asked that names no place itself; what the openai client reads, too.

A key belongs to an address: one for this address must not be sent to another.
"""
_OPENAI: Final = "https://api.openai.com/v1"


def base_url() -> str:
    """Where a candidate is asked that names no place itself."""
    return os.environ.get(BASE_URL, "").strip() or _OPENAI
