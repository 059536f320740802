"""What is known of a conversation's customer, so that it is found wherever it is mentioned."""

from __future__ import annotations

from trainingloop.processor._vault.knowledge import KNOWN_VALUES, NOTHING, Knowledge
from trainingloop.processor._vault.known import Known
from trainingloop.processor._vault.vault import Notes, Vault
from trainingloop.processor._vault.vaults import Vaults

__all__ = ["KNOWN_VALUES", "NOTHING", "Knowledge", "Known", "Notes", "Vault", "Vaults"]
