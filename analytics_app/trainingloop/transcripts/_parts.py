"""The content of a message as parts: text, and a mention of what is no text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trainingloop.instrumentation.fingerprint import canonical_json
from trainingloop.transcripts import _fields

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_TEXT_CHARACTERS: Final = 512 * 1024
"""A longer text is left out as a whole: half a text is one that nobody wrote."""
_TEXT_TYPES: Final = frozenset({"text", "input_text", "output_text"})


def parts_of(raw: Mapping[str, object]) -> tuple[Mapping[str, object], ...]:
    """Return the parts of a message: its reasoning, its text, what it refused."""
    reasoning = [_bounded("reasoning", thought) for thought in _reasoning(raw)]
    content = list(_content(raw.get("content")))
    refusal = _fields.text(raw.get("refusal"))
    return (*reasoning, *content, *([_bounded("text", refusal)] if refusal else ()))


def text_of(content: object) -> str:
    """Return content as one text: as it is, its text parts, or its JSON."""
    if content is None or isinstance(content, str):
        text = content or ""
    elif _fields.is_list(content) and (texts := list(_texts(content))):
        text = "\n".join(texts)
    else:
        text = canonical_json(content)
    return text if len(text) <= MAX_TEXT_CHARACTERS else _omitted(text)


def _content(content: object) -> Iterator[Mapping[str, object]]:
    if not _fields.is_list(content):
        if text := text_of(content):
            yield {"type": "text", "content": text}
        return
    for item in _fields.items(content):
        yield from _item(item)


def _item(item: object) -> Iterator[Mapping[str, object]]:
    if isinstance(item, str):
        yield _bounded("text", item)
    elif _fields.is_object(item):
        fields = _fields.mapping(item)
        kind = _fields.text(fields.get("type")) or "text"
        if kind in _TEXT_TYPES:
            yield _bounded("text", _fields.text(fields.get("text")))
        elif kind == "refusal":
            yield _bounded("text", _fields.text(fields.get("refusal")))
        else:
            # Pictures and sound: that they were there, not what is in them.
            yield {"type": kind, "omitted": "no text"}


def _texts(content: object) -> Iterator[str]:
    for part in _content(content):
        if text := _fields.text(part.get("content")):
            yield text


def _reasoning(raw: Mapping[str, object]) -> Iterator[str]:
    response = _fields.mapping(raw.get("raw_data"))
    message = _fields.mapping(response.get("message"))
    plain = _fields.first_text(raw, "reasoning_content", "reasoning")
    if plain := plain or _fields.first_text(message, "reasoning_content", "reasoning"):
        yield plain
        return
    for source in (raw, response, message):
        blocks = list(_fields.mappings(source.get("thinking_blocks")))
        yield from (text for block in blocks if (text := _fields.text(block.get("thinking"))))
        if blocks:
            return


def _bounded(kind: str, text: str) -> Mapping[str, object]:
    bounded = text if len(text) <= MAX_TEXT_CHARACTERS else _omitted(text)
    return {"type": kind, "content": bounded}


def _omitted(text: str) -> str:
    return f"[omitted: a text of {len(text)} characters]"
