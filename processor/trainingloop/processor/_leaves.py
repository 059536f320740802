"""What a single text or number becomes, by the rule that holds for it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from trainingloop.processor._detectors.addresses import emails
from trainingloop.processor._detectors.checks import is_card_number
from trainingloop.processor._detectors.identities import lettered_ids, national_ids
from trainingloop.processor._detectors.numbers import numbers
from trainingloop.processor._detectors.phones import canonical_phone, is_bare_phone
from trainingloop.processor._detectors.secrets import secrets
from trainingloop.processor._entities import TOKEN, Entity, Match
from trainingloop.processor._key_rules import Action, Rule, is_worth_replacing
from trainingloop.processor._normalise import plain
from trainingloop.processor._vault import Known
from trainingloop.processor.policy import CustomMatch, EntityAction, kind_of_match

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.processor._cache import Redacted
    from trainingloop.processor._report import Report
    from trainingloop.processor._scanner import Scanner
    from trainingloop.processor._vault import Vault

_UNMISTAKABLE: Final = frozenset({Entity.IBAN, Entity.SSN, Entity.SECRET})
_EXACT: Final = 1.0
"""The score of what its own shape or check digits give away, not the words around it."""
_SURE: Final = 0.85
_SPACE: Final = re.compile(r"\s")
_HOLDS_A_PERSON: Final = re.compile(r"[@+%\\(]|[0-9](?:[ .\-]?[0-9]){8}|[^\x00-\x7f]")


class Leaves:
    """Redacts texts and numbers; what did not change is returned as the very same object."""

    def __init__(self, scanner: Scanner, vault: Vault, report: Report) -> None:
        """Look at texts and numbers; the arguments are those of a `Walk`."""
        self._scanner = scanner
        self._vault = vault
        self._report = report

    def text(self, text: str) -> str:
        """A text in which anything may stand."""
        entry = self._scanner.redacted(text, self._vault.knowledge)
        return text if entry is None else self.taken(text, entry)

    def taken(self, text: str, entry: Redacted) -> str:
        """What a text became, with what was found in it counted and learned."""
        if entry.counts or entry.failures:
            self._report.add(entry.counts, entry.failures)
        if entry.seeds:
            self._vault.learn(entry.seeds)
        return text if entry.text is None else entry.text

    def replaced(self, rule: Rule, text: str) -> str | None:
        """All of a text that its key says is personal; ``None`` if it cannot be what that says."""
        if not text.strip() or TOKEN.fullmatch(text.strip()):
            return text
        if not is_worth_replacing(rule, text):
            return None
        match = _match_of(rule, text)
        if not rule.stand_in and self._scanner.keeps(match, text):
            return text
        self._vault.learn((Known(rule.entity, text.strip()),))
        return self._stand_in(match, rule)

    def kept(self, rule: Rule, text: str, *, is_field: bool) -> str:
        """Structure as it is, unless it is a way to reach somebody: then none of it."""
        is_identifier = rule.action is Action.IDENTIFIER
        if is_field and is_identifier and self._names_customer(text):
            return self._named(text)
        contact = None if TOKEN.fullmatch(text) else _contact(text, is_identifier=is_identifier)
        if contact is not None and not self._scanner.keeps(contact, text):
            return self._stand_in(contact)
        # A sentence is no identifier, whatever its key promised.
        return self.text(text) if _SPACE.search(text) else text

    def number(self, rule: Rule, number: float) -> int | float | str:
        """A number, which may be that of a card, or what its key says it is."""
        if isinstance(number, float) and not number.is_integer():
            return number
        digits = str(abs(int(number)))
        if rule.action is Action.REPLACE and is_worth_replacing(rule, digits):
            match = _match_of(rule, digits)
            if not rule.stand_in and self._scanner.keeps(match, digits):
                return number
            self._vault.learn((Known(rule.entity, digits),))
            return self._stand_in(match, rule)
        if rule.action is Action.SCAN and 13 <= len(digits) <= 19 and is_card_number(digits):
            card = Match(start=0, end=len(digits), entity=Entity.CARD, value=digits)
            return number if self._scanner.keeps(card, digits) else self._stand_in(card)
        return number

    def blob(self, raw: bytes) -> bytes:
        """Bytes that are no text."""
        match = Match(start=0, end=len(raw), entity=Entity.BLOB, value=raw.hex())
        return self._stand_in(match).encode()

    def _stand_in(self, match: Match, rule: Rule | None = None) -> str:
        self._report.add({kind_of_match(match): 1})
        action = EntityAction(rule.stand_in) if rule is not None and rule.stand_in else None
        return self._scanner.token(_canonical(match), action)

    def _names_customer(self, identifier: str) -> bool:
        """Whether an identifier, such as ``ada_lovelace_1815``, has a known name in it."""
        knowledge = self._vault.knowledge
        if TOKEN.search(identifier) or not knowledge.may_mention(identifier):
            return False
        mentions = knowledge.mentions(plain(identifier).text)
        return any(match.entity is Entity.PERSON for match in mentions)

    def _named(self, identifier: str) -> str:
        self._vault.learn((Known(Entity.PERSON, identifier, is_whole=True),))
        match = Match(start=0, end=len(identifier), entity=Entity.PERSON, value=identifier)
        return self._stand_in(match)


def _match_of(rule: Rule, text: str) -> Match:
    """All of a value, as what its key says it is."""
    if not rule.kind:
        return Match(start=0, end=len(text), entity=rule.entity, value=text)
    return CustomMatch(start=0, end=len(text), entity=rule.entity, value=text, kind=rule.kind)


def _contact(text: str, *, is_identifier: bool) -> Match | None:
    if not _HOLDS_A_PERSON.search(text):
        return None
    if is_identifier and is_bare_phone(text):
        return Match(start=0, end=len(text), entity=Entity.PHONE, value="+" + text)
    return next(_contacts(text), None)


def _contacts(text: str) -> Iterator[Match]:
    """What in an identifier reaches somebody, or pays for or opens something of theirs."""
    form = plain(text)
    yield from emails(form)
    for match in (*lettered_ids(form), *national_ids(form), *secrets(form)):
        is_all = not _SPACE.search(text) or match.end - match.start == len(form.text)
        if is_all and match.entity in _UNMISTAKABLE and match.score == _EXACT:
            yield match
    for match in numbers(form):
        written = form.text[match.start : match.end]
        if match.entity is Entity.PHONE and match.score >= _SURE and not written.isdigit():
            yield match


def _canonical(match: Match) -> Match:
    """One spelling for what a key named, the same a detector would give it."""
    value = match.value.strip()
    if match.entity is Entity.PHONE:
        value = canonical_phone(value)
    elif match.entity is Entity.ADDRESS:
        value = " ".join(value.casefold().replace(",", " ").split())
    elif match.entity is not Entity.BLOB:
        value = " ".join(value.casefold().split())
    return match if value == match.value else replace(match, value=value)
