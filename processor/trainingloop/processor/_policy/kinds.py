"""The kinds of personal data a policy can name: ours, Presidio's names for them, and new ones."""

from __future__ import annotations

import re
from typing import Final

from trainingloop.processor._entities import Entity

KINDS: Final = frozenset(entity.value for entity in Entity)
"""The kinds every installation knows."""

_CUSTOM_KIND: Final = re.compile(r"[A-Z][A-Z_]{0,28}[A-Z]")
_NO_LETTERS: Final = re.compile(r"[^A-Z]+")
_RESERVED: Final = frozenset({"REDACTION_FAILED", "DROPPED"})
"""What stands where a token might, and is none."""

KIND_OF_PRESIDIO: Final = {
    "EMAIL_ADDRESS": "EMAIL",
    "PHONE_NUMBER": "PHONE",
    "CREDIT_CARD": "CARD",
    "IBAN_CODE": "IBAN",
    "US_BANK_NUMBER": "ACCOUNT",
    "US_SSN": "SSN",
    "IP_ADDRESS": "IP",
    "MAC_ADDRESS": "MAC",
    "LOCATION": "ADDRESS",
    "STREET_ADDRESS": "ADDRESS",
    "DATE_OF_BIRTH": "DOB",
    "AU_MEDICARE": "NATIONAL_ID",
    "AU_TFN": "NATIONAL_ID",
    "ES_NIE": "NATIONAL_ID",
    "ES_NIF": "NATIONAL_ID",
    "FI_PERSONAL_IDENTITY_CODE": "NATIONAL_ID",
    "IN_AADHAAR": "NATIONAL_ID",
    "IN_PAN": "NATIONAL_ID",
    "IT_FISCAL_CODE": "NATIONAL_ID",
    "MEDICAL_LICENSE": "NATIONAL_ID",
    "PL_PESEL": "NATIONAL_ID",
    "UK_NHS": "NATIONAL_ID",
    "UK_NINO": "NATIONAL_ID",
    "US_DRIVER_LICENSE": "NATIONAL_ID",
    "US_ITIN": "NATIONAL_ID",
    "US_PASSPORT": "NATIONAL_ID",
}
"""What Presidio calls a kind of ours."""


def kind_of(entity: str) -> str:
    """Our name for a kind that Presidio, or a recognizer of its format, names.

    A token may carry nothing but capital letters before its code, so a new kind is called by
    those of its name: ``loyalty number 2`` is ``LOYALTY_NUMBER``.
    """
    return KIND_OF_PRESIDIO.get(entity) or _NO_LETTERS.sub("_", entity.upper()).strip("_")


def is_kind(kind: str) -> bool:
    """Whether a kind of this name can be the first word of a token."""
    return bool(_CUSTOM_KIND.fullmatch(kind)) and kind not in _RESERVED
