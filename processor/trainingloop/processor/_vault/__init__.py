"""What is known of a conversation's customer, so that it is found wherever it is mentioned."""

from __future__ import annotations

from trainingloop.processor._vault.vault import Known, Vault
from trainingloop.processor._vault.vaults import Vaults

__all__ = ["Known", "Vault", "Vaults"]
