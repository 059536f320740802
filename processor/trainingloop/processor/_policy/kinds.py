"""The kinds of personal data a policy can name: ours, Presidio's names for them, and new ones."""

from __future__ import annotations

import re
from typing import Final

from trainingloop.processor._entities import Entity

KINDS: Final = frozenset(entity.value for entity in Entity)
"""The kinds every installation knows."""

CUSTOM_KIND: Final = re.compile(r"[A-Z][A-Z0-9_]{1,29}")
"""What the name of a new kind looks like: it becomes the first word of a token."""

RESERVED: Final = frozenset({"REDACTION_FAILED"})
"""Names that mean something else where a token stands."""

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
    """Our name for a kind that Presidio, or a recognizer of its format, names."""
    return KIND_OF_PRESIDIO.get(entity, entity)
