"""JSON documents, histories above all: taken apart where it pays, so that parts are remembered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from trainingloop.processor._cache import NOTHING_REPLACED, Redacted, RedactionCache
from trainingloop.processor._histories import grown
from trainingloop.processor._json import (
    is_list_of_messages,
    joined_objects,
    newest_messages,
    parse_object,
    split_messages,
    text_message,
)
from trainingloop.processor._vault import NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from trainingloop.processor._histories import Look
    from trainingloop.processor._json import Value
    from trainingloop.processor._report import Report
    from trainingloop.processor._scanner import Scanner
    from trainingloop.processor._vault import Knowledge, Vault

    Computes: TypeAlias = Callable[[str, Value, Knowledge], Redacted]
    """What a document becomes: its text, its value if it was parsed already, what is known."""


class Documents:
    """What documents of one conversation become; what did not change is the very same object."""

    def __init__(self, scanner: Scanner, vault: Vault, report: Report, computes: Computes) -> None:
        """Look at documents.

        Args:
            scanner: What the texts of this tenant become, and the memory of that.
            vault: What is known of the conversation; it learns what the documents say.
            report: Counts what is found.
            computes: Walks through a document that is not remembered.
        """
        self._scanner = scanner
        self._vault = vault
        self._report = report
        self._computes = computes

    def redacted(self, text: str) -> str:
        """The text of a document, a history message by message."""
        return self._messages(text) or self._whole(text)

    def _messages(self, text: str) -> str | None:
        """A history, message by message: all but the newest were seen with an earlier call.

        A list that can be cut into complete objects is cut where its items end, so each part may
        be redacted, and remembered, by itself. ``None`` when the list is of another shape.
        """
        if not is_list_of_messages(text):
            return None
        histories, known = self._scanner.histories, self._vault.knowledge.fingerprint
        names = histories.names(text)
        look = histories.look(names, known)
        if look.beginning is not None and self._is_news(look.beginning):
            # What it says about the customer was known when it was last looked at.
            look = histories.look(names, self._vault.knowledge.fingerprint)
        history = look.beginning
        if history is None or look.end < names[0].end or self._is_outdated(history):
            history = self._history(text, look)
            if history is None:
                return None
            # The same comes out when a call begins with what is known by now.
            for beginning in {known, history.fingerprint}:
                histories.remember(names, beginning, history, look.beginning)
        if history.counts or history.failures:
            self._report.add(history.counts, history.failures)
        return f"[{','.join(history.parts)}]" if history.parts else text

    def _is_news(self, history: Redacted) -> bool:
        """Whether a history says something that was not known; from now on it is."""
        before = self._vault.knowledge
        self._vault.learn(history.seeds)
        return self._vault.knowledge is not before

    def _is_outdated(self, history: Redacted) -> bool:
        """Whether something else was known when the messages of a history were redacted."""
        return history.fingerprint != self._vault.knowledge.fingerprint

    def _history(self, text: str, look: Look) -> Redacted | None:
        """What a history becomes; ``None`` if one of its messages is no complete object."""
        older, beginning = look.beginning, text[: look.end]
        parts, entries = self._cut(newest_messages(text, look.end))
        # A tool's answer says the name that the customer told some messages before it.
        self._vault.learn([seed for entry in entries for seed in entry.seeds])
        if older is not None and self._is_outdated(older):
            older, beginning = None, ""
            parts, entries = self._cut(split_messages(text))
        if not entries:
            return None
        known = self._vault.knowledge.fingerprint
        settled = self._settled(parts, entries)
        self._vault.learn([seed for entry in settled for seed in entry.seeds])
        return grown(older, beginning, parts, known, entries, settled)

    def _cut(self, parts: list[str]) -> tuple[list[str], list[Redacted]]:
        """Messages and what each becomes by itself; nothing if one is no complete object."""
        entries = self._entries(parts)
        if entries is None:
            # Objects inside of a message may begin as messages do.
            parts = joined_objects(parts)
            entries = self._entries(parts)
        return parts, entries or []

    def _settled(self, parts: list[str], entries: list[Redacted]) -> list[Redacted]:
        """What messages become with all that is known now."""
        if not self._vault.knowledge.fingerprint:
            return entries
        return [
            self._known("message", part, entry) or entry
            for part, entry in zip(parts, entries, strict=True)
        ]

    def _entries(self, parts: list[str]) -> list[Redacted] | None:
        """What each part becomes by itself; ``None`` if one of them is no complete object."""
        cache, tenant = self._scanner.cache, self._scanner.tenant
        entries: list[Redacted] = []
        for part in parts:
            key = RedactionCache.key(tenant, "message", part)
            # What is known was a complete object when it was first seen.
            entry = cache.get(key)
            if entry is None:
                entry = self._alone(part)
                if entry is None:
                    return None
                cache.put(key, entry)
            entries.append(entry)
        return entries

    def _alone(self, part: str) -> Redacted | None:
        """What a message becomes of which nothing is known; ``None`` if it is no whole object."""
        message = text_message(part) if self._scanner.takes_messages_as_they_come else None
        if message is not None:
            entry = self._scanner.redacted(message.text, NOTHING)
            if entry is None:
                return NOTHING_REPLACED
            if message.can_be_cut:
                written = f"{part[: message.start]}{entry.text}{part[message.end :]}"
                return replace(entry, text=written)
        tree = parse_object(part)
        return None if tree is None else self._computes(part, tree, NOTHING)

    def _whole(self, text: str) -> str:
        cache = self._scanner.cache
        key = RedactionCache.key(self._scanner.tenant, "document", text)
        entry = cache.get(key)
        if entry is None:
            entry = self._computes(text, None, NOTHING)
            cache.put(key, entry)
        self._vault.learn(entry.seeds)
        known = self._known("document", text, entry) or entry
        if known.counts or known.failures:
            self._report.add(known.counts, known.failures)
        self._vault.learn(known.seeds)
        return text if known.text is None else known.text

    def _known(self, purpose: str, text: str, entry: Redacted) -> Redacted | None:
        """What a document becomes where ``entry`` would leave a mention of what is known in it."""
        knowledge = self._vault.knowledge
        is_left = knowledge.may_be_mentioned_in_json(entry.text or text)
        if not is_left and not knowledge.may_mention_address(text):
            return None
        # Much of what is known may be no news to this document.
        name = knowledge.name_in_json(text)
        if not name:
            return None
        key = RedactionCache.key(self._scanner.tenant, purpose, text, name)
        known = self._scanner.cache.get(key)
        if known is None:
            known = self._computes(text, None, knowledge)
            self._scanner.cache.put(key, known)
        return known
