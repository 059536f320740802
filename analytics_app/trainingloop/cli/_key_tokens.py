"""The tokens a value one knows has, under a given key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from trainingloop.instrumentation.keys import Keyring, customer_pseudonym

if TYPE_CHECKING:
    from trainingloop.instrumentation.keys import Key

_CUSTOMER: Final = "CUSTOMER"
_FIELDS: Final = {
    "EMAIL": "email",
    "PHONE": "phone",
    "PERSON": "full_name",
    "ADDRESS": "street_address",
    "DOB": "date_of_birth",
    "IBAN": "iban",
    "ACCOUNT": "account_number",
    "IP": "ip_address",
    "MAC": "mac_address",
    "CRYPTO": "wallet_address",
    "ID": "note",
}
"""A name of a field whose value is of that kind; any name where no field is."""
KINDS: Final = (_CUSTOMER, *_FIELDS)
"""Kinds whose tokens differ from value to value; of the others nobody can ask for one."""


def tokens_of(value: str, kind: str, tenant: str, key: Key) -> list[str]:
    """Return the tokens that stand for ``value``, without the brackets around them.

    There can be several: what a sentence has and what a field of that name has. A number written
    without its country, for one, is the number as it is in a field, and may be completed in a
    sentence.
    """
    keyring = Keyring.of(key.secret)
    if kind == _CUSTOMER:
        return [customer_pseudonym(keyring, tenant, value)] if value else []
    from trainingloop.processor import Redactor  # heavy

    redactor = Redactor(key=key.secret, engine="fast")
    field = _FIELDS[kind]
    texts = (
        redactor.text(value, tenant=tenant),
        redactor.text(f"{field.replace('_', ' ')}: {value}", tenant=tenant),
        str(redactor.attribute(field, value, tenant=tenant)),
    )
    found = re.findall(rf"<({kind}_[a-z2-7]+)>", " ".join(texts))
    return list(dict.fromkeys(found))
