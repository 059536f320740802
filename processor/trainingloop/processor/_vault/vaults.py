"""The vaults of the conversations that are open now."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Final

from trainingloop.processor._vault.vault import Vault

_MOST_CONVERSATIONS: Final = 4096


class Vaults:
    """One vault a conversation; those not asked for longest are forgotten. Threads may share it."""

    def __init__(self) -> None:
        self._vaults: OrderedDict[tuple[str, str], Vault] = OrderedDict()
        self._lock = Lock()

    def of(self, tenant: str, conversation: str) -> Vault:
        """The vault of a conversation, a new one when it is not known."""
        name = (tenant, conversation)
        with self._lock:
            vault = self._vaults.get(name)
            if vault is None:
                vault = self._vaults[name] = Vault()
                if len(self._vaults) > _MOST_CONVERSATIONS:
                    self._vaults.popitem(last=False)
            self._vaults.move_to_end(name)
            return vault
