"""Which names of models mean the same model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_DATE: Final = re.compile(r"(?:[-@](?:20\d{2}-?[01]\d-?[0-3]\d)|-latest)$")
_BEDROCK: Final = re.compile(r"^(?:[a-z]{2,6}\.)?[a-z0-9]+\.(?=[a-z])(.+?)(?:-v\d+(?::\d+)?)?$")
"""``us.anthropic.claude-sonnet-4-5-20250929-v1:0``: a region, a vendor, and a version behind."""
_VERSION: Final = re.compile(
    r"(?:-(?:latest|v\d+|\d{3,8}|20\d{2}-[01]\d-[0-3]\d|[01]\d-[0-3]\d|[01]\d-20\d{2}))+"
)
"""What providers put behind a name for one state of a model: ``-2024-08-06``, ``-0613``, ``-001``.

A single digit is none: folded, ``gpt-4.1`` is ``gpt-4-1``, which is no state of ``gpt-4``.
"""


def folded(name: str) -> str:
    """Return a name as it is compared: providers and gateways disagree on case and dots."""
    return name.strip().lower().replace(".", "-")


def readings(name: str) -> Iterator[str]:
    """Yield what ``name`` may stand for, the most exact reading first, all of them folded.

    The name itself, the name without a provider in front of it (``openai/gpt-4o``), without
    Amazon Bedrock's additions, and each of them without a date behind it.
    """
    exact = _exact(name)
    yield from map(folded, exact)
    yield from (folded(_DATE.sub("", reading)) for reading in exact)


def is_same_model(name: str, other: str) -> bool:
    """Whether two names may mean one model: a name without a version stands for every one of it.

    ``gpt-4o`` may be ``openai/gpt-4o-2024-08-06``, and neither ``gpt-4o-mini`` nor, where a version
    was said, another version.
    """
    return any(
        _is_version(one, another) or _is_version(another, one)
        for one in map(_separated, _exact(name))
        for another in map(_separated, _exact(other))
    )


def _exact(name: str) -> list[str]:
    """Return the readings of a name that leave out nothing but who provides the model."""
    whole = name.strip().lower()
    bare = whole.rpartition("/")[2]
    bedrock = _BEDROCK.match(bare)
    return [whole, bare, *([str(bedrock[1])] if bedrock else [])]


def _separated(name: str) -> str:
    return folded(name).replace("@", "-").replace(":", "-")


def _is_version(name: str, longer: str) -> bool:
    rest = longer.removeprefix(name)
    return longer.startswith(name) and (not rest or _VERSION.fullmatch(rest) is not None)
