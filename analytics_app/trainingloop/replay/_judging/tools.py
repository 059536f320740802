"""What a tool does, told by its name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import translate
from functools import lru_cache
from typing import Final

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NAMESPACE: Final = re.compile(r"^.*(?:[.:/]|__)(?=[^.:/]*[^.:/_])", re.DOTALL)
_NO_LETTER: Final = re.compile(r"[\W_]+")


class Effect(StrEnum):
    """What calling a tool does."""

    READ = "read"
    WRITE = "write"
    ESCALATE = "escalate"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolPatterns:
    """Which tools do what: patterns of their names, in lower case, with ``*`` for anything.

    They come before those built in. A name is compared as it is and in words: ``crm.getUser`` is
    also ``get_user``. The first of escalate, write and read that matches decides.
    """

    escalate: tuple[str, ...] = ()
    write: tuple[str, ...] = ()
    read: tuple[str, ...] = ()

    def effect_of(self, tool: str) -> Effect:
        """What calling a tool does; one that nothing is known of writes.

        To take a read for a write is noise; to take a write for a read hides harm.
        """
        return _effect(self, tool)


_BUILT_IN: Final = ToolPatterns(
    # As the rules of outcomes have them.
    escalate=("transfer_to_human*", "escalate*", "handoff*", "*human_agent*"),
    write=("check_in*", "check_out*", "checkout*", "*_and_*", "*_or_*"),
    read=(
        "calculate*", "check_*", "compare_*", "compute_*", "count_*", "describe_*", "estimate_*",
        "explain_*", "fetch_*", "find_*", "get_*", "has_*", "inspect_*", "is_*", "list_*", "load_*",
        "look_up*", "lookup*", "*_lookup", "preview_*", "query*", "quote_*", "read_*", "retrieve_*",
        "search*", "*_search", "show_*", "summarize_*", "think", "validate_*", "verify_*", "view_*",
    ),
)  # fmt: skip


@lru_cache(maxsize=4096)
def _effect(own: ToolPatterns, tool: str) -> Effect:
    names = {tool.lower(), words_of(tool)}
    for patterns in (own, _BUILT_IN):
        for effect in (Effect.ESCALATE, Effect.WRITE, Effect.READ):
            known = _compiled(getattr(patterns, effect.value))
            if any(known.fullmatch(name) for name in names):
                return effect
    return Effect.WRITE


def words_of(tool: str) -> str:
    """A name without its namespace, in lower case, with ``_`` between its words."""
    return _NO_LETTER.sub("_", _CAMEL.sub("_", _NAMESPACE.sub("", tool))).strip("_").lower()


@lru_cache(maxsize=256)
def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    # What matches nothing, where there are no patterns.
    return re.compile("|".join(map(translate, patterns)) or r"(?!)")
