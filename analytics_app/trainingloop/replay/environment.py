"""Every environment variable that says where replays ask."""

from __future__ import annotations

import os
from typing import Final

BASE_URL: Final = "OPENAI_BASE_URL"
"""Where a candidate is asked that names no place itself; what the openai client reads, too.

A key belongs to an address: one for this address must not be sent to another.
"""
KEY_SUFFIX: Final = "_API_KEY"
"""How the name of each variable ends that can hold a key."""
_OPENAI: Final = "https://api.openai.com/v1"


def base_url() -> str:
    """Where a candidate is asked that names no place itself."""
    return os.environ.get(BASE_URL, "").strip() or _OPENAI


def address_variable(key_variable: str) -> str:
    """Name the variable with the address a key is for: ``OPENAI_API_KEY``, ``OPENAI_BASE_URL``."""
    return f"{key_variable.removesuffix(KEY_SUFFIX)}_BASE_URL"


def address_of(key_variable: str) -> str:
    """Return the address that the key in a variable is for; "" where nobody says."""
    name = address_variable(key_variable)
    return base_url() if name == BASE_URL else os.environ.get(name, "").strip()
