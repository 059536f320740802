"""What a transcript says about one answer of a model beside its text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trainingloop.transcripts import _fields
from trainingloop.transcripts.conversation import Usage

if TYPE_CHECKING:
    from collections.abc import Mapping

_FINISH: Final[Mapping[str, str]] = {
    "tool_calls": "tool_call",
    "tool_use": "tool_call",
    "function_call": "tool_call",
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
}
"""Providers' own words for the reasons of the GenAI conventions."""


def model(raw: Mapping[str, object]) -> str:
    """Return the model that answered: the provider's own answer knows it best."""
    return _fields.text(_response(raw).get("model")) or _fields.text(raw.get("model"))


def response_id(raw: Mapping[str, object]) -> str:
    """Return the id the provider gave its answer."""
    return _fields.text(_response(raw).get("id")) or _fields.text(raw.get("response_id"))


def finish_reason(raw: Mapping[str, object], *, has_calls: bool) -> str:
    """Return why the model stopped; where nobody wrote it down, what its answer implies."""
    choice = next(_fields.mappings(_response(raw).get("choices")), _fields.mapping(None))
    given = next(
        (
            found
            for source in (raw, _response(raw), choice)
            if (found := _fields.first_text(source, "finish_reason", "stop_reason"))
        ),
        "",
    )
    return _FINISH.get(given, given) or ("tool_call" if has_calls else "stop")


def usage(raw: Mapping[str, object]) -> Usage:
    """Return the tokens, from the message or from the provider's answer."""
    told = _fields.mapping(raw.get("usage"))
    provider = _fields.mapping(_response(raw).get("usage"))
    prompt = _fields.mapping(told.get("prompt_tokens_details"))
    completion = _fields.mapping(told.get("completion_tokens_details"))
    return Usage(
        input_tokens=_first(told, provider, "prompt_tokens", "input_tokens"),
        output_tokens=_first(told, provider, "completion_tokens", "output_tokens"),
        cache_read_tokens=_first(prompt, provider, "cached_tokens", "cache_read_input_tokens"),
        reasoning_tokens=_first(completion, provider, "reasoning_tokens"),
    )


def duration_ns(raw: Mapping[str, object]) -> int:
    """Return how long the model took, zero where the transcript does not say."""
    for name, unit_ns in (
        ("generation_time_seconds", 1e9),
        ("duration_ms", 1e6),
        ("latency_ms", 1e6),
    ):
        value = raw.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e9:
            return int(value * unit_ns)
    return 0


def _response(raw: Mapping[str, object]) -> Mapping[str, object]:
    return _fields.mapping(raw.get("raw_data"))


def _first(told: Mapping[str, object], provider: Mapping[str, object], *names: str) -> int:
    counts = (_fields.count(source.get(name)) for source in (told, provider) for name in names)
    return next((found for found in counts if found), 0)
