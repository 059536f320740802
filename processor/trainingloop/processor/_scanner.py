"""One tenant's texts: what each becomes, remembered."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from trainingloop.instrumentation.keys import pseudonym
from trainingloop.processor._cache import Memo, Redacted, RedactionCache
from trainingloop.processor._entities import FAILED, TOKEN, UNJOINABLE, Entity, Match
from trainingloop.processor._scan import PASSES, find, is_clean
from trainingloop.processor._vault import Known, Vault

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trainingloop.instrumentation.keys import Key
    from trainingloop.processor._entities import Detector
    from trainingloop.processor._normalise import Plain

_MAX_TEXT: Final = 4 * 1024 * 1024
_WORTH_KNOWING: Final = 0.8
"""How sure a detector must be of a name for it to be looked for everywhere else."""


class Scanner:
    """Finds and replaces personal data in the texts of one tenant; threads may share it."""

    def __init__(self, tenant: str, key: Key, detect: Detector, cache: RedactionCache) -> None:
        self.tenant: Final = tenant
        self.cache: Final = cache
        self.unchanged: Final = Memo[tuple[str, str]]()
        """Attributes that stay as they are."""
        self._clean: Final = Memo[str]()
        self._secret: Final = key.secret
        self._detect: Final = detect

    def redacted(self, text: str, vault: Vault | None) -> Redacted | None:
        """What a text becomes; ``None`` when it stays as it is."""
        if vault is not None and vault.may_mention(text):
            return self._scanned(text, vault)
        if text in self._clean:
            return None
        if is_clean(text):
            self._clean.add(text, length=len(text))
            return None
        return self._scanned(text, None)

    def token(self, match: Match) -> str:
        """What stands in the place of a find."""
        kind = match.entity.value
        if match.entity in UNJOINABLE:
            return f"<{kind}>"
        stand_in = pseudonym(self._secret, self.tenant, kind, match.value)
        if match.entity is Entity.BLOB:
            return f"<{kind}_{stand_in}_{len(match.value) % 1_000_000_000}>"
        return f"<{kind}_{stand_in}>"

    def detector(self, vault: Vault | None) -> Detector:
        """All detectors, those of known values included."""
        return self._detect if vault is None else _WithKnownValues(self._detect, vault)

    def _scanned(self, text: str, vault: Vault | None) -> Redacted | None:
        if len(text) > _MAX_TEXT:
            return Redacted(text=FAILED, counts={}, failures=1)
        known = vault.fingerprint if vault is not None else b""
        key = RedactionCache.key(self.tenant, "text", text, known)
        entry = self.cache.get(key)
        if entry is None:
            entry = self._computed(text, self.detector(vault))
            self.cache.put(key, entry)
        if entry.text is None:
            if not known:
                self._clean.add(text, length=len(text))
            return None
        return entry

    def _computed(self, text: str, detect: Detector) -> Redacted:
        try:
            counts: Counter[str] = Counter()
            seeds: list[Known] = []
            current = text
            for _ in range(PASSES):
                is_seen = current is not text and is_clean(TOKEN.sub("", current))
                matches = [] if is_seen else find(current, detect)
                if not matches:
                    changed = None if current is text else current
                    return Redacted(text=changed, counts=counts, seeds=tuple(seeds))
                counts.update(match.entity.value for match in matches)
                seeds += _named(current, matches)
                current = self._replaced(current, matches)
        except Exception:  # noqa: BLE001  # whatever happened, the text must not go out
            return Redacted(text=FAILED, counts={}, failures=1)
        return Redacted(text=FAILED, counts=counts, failures=1)

    def _replaced(self, text: str, matches: Sequence[Match]) -> str:
        parts: list[str] = []
        position = 0
        for match in matches:
            parts += (text[position : match.start], self.token(match))
            position = match.end
        parts.append(text[position:])
        return "".join(parts)


class _WithKnownValues:
    """Detectors, and the values that are known of one conversation."""

    def __init__(self, detect: Detector, vault: Vault) -> None:
        self._detect = detect
        self._vault = vault

    def __call__(self, plain: Plain, /) -> Iterable[Match]:
        """Every find; they may overlap."""
        yield from self._detect(plain)
        yield from self._vault.mentions(plain.text)


def _named(text: str, matches: Sequence[Match]) -> Iterable[Known]:
    """The names among the finds: whoever is called so once is called so again."""
    for match in matches:
        if match.entity is Entity.PERSON and match.score >= _WORTH_KNOWING:
            yield Known(Entity.PERSON, text[match.start : match.end])
