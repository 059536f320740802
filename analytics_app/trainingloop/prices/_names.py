"""Which names of models mean the same model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_DATE: Final = re.compile(r"(?:[-@](?:20\d{2}-?[01]\d-?[0-3]\d)|-latest)$")
_BEDROCK: Final = re.compile(r"^(?:[a-z]{2,6}\.)?[a-z0-9]+\.(?=[a-z])(.+?)(?:-v\d+(?::\d+)?)?$")
"""``us.anthropic.claude-sonnet-4-5-20250929-v1:0``: a region, a vendor, and a version behind."""


def folded(name: str) -> str:
    """Return a name as it is compared: providers and gateways disagree on case and dots."""
    return name.strip().lower().replace(".", "-")


def readings(name: str) -> Iterator[str]:
    """Yield what ``name`` may stand for, the most exact reading first, all of them folded.

    The name itself, the name without a provider in front of it (``openai/gpt-4o``), without
    Amazon Bedrock's additions, and each of them without a date behind it.
    """
    bare = name.strip().lower().rpartition("/")[2]
    bedrock = _BEDROCK.match(bare)
    exact = [name.strip().lower(), bare, *([str(bedrock[1])] if bedrock else [])]
    yield from map(folded, exact)
    yield from (folded(_DATE.sub("", reading)) for reading in exact)
