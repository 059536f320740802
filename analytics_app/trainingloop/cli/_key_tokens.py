"""The tokens a value one knows has, under a given key."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from trainingloop.instrumentation.keys import Key, Keyring, customer_pseudonym, pseudonym
from trainingloop.processor import Redactor
from trainingloop.processor.policy import (
    DEFAULT_POLICY,
    EntityAction,
    Policy,
    policy_from_environment,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

CUSTOMER: Final = "CUSTOMER"
"""What stands for a customer's id; no detector finds those."""
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
    "CARD": "card_number",
    "SSN": "ssn",
    "NATIONAL_ID": "passport_number",
}
"""A name of a field whose value is of that kind."""
_OF_NO_PERSON: Final = frozenset({"SECRET", "BLOB"})


class TokenFinder:
    """Knows which tokens a tenant's values can have had.

    Raises:
        PolicyError: The policy cannot be read; its recognizers find values, too.
    """

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        policy = policy_from_environment().for_tenant(tenant)
        never = {
            kind
            for kind, action in policy.entities.items()
            if action is DEFAULT_POLICY.entity_action(kind) is EntityAction.MASK
        }
        # What is masked, dropped or kept today may have had tokens yesterday.
        kinds = {*DEFAULT_POLICY.entities, *policy.entities} - never - _OF_NO_PERSON
        self.kinds: Final[Sequence[str]] = (CUSTOMER, *sorted(kinds))
        """Kinds whose tokens differ from value to value; of the others nobody can ask for one."""
        self._policy = replace(
            Policy(),
            entities=dict.fromkeys(kinds, EntityAction.TOKEN),
            recognizers=policy.recognizers,
            predefined=policy.predefined,
        )

    def tokens(self, value: str, kind: str, key: Key) -> list[str]:
        """Return the tokens that stand for ``value``, without the brackets around them.

        There can be several: a number written without its country, for one, is taken as it is in
        a field of that name, and may be completed in a sentence.
        """
        keyring = Keyring.of(key.secret)
        if not value or kind == CUSTOMER:
            return [customer_pseudonym(keyring, self._tenant, value)] if value else []
        field = _FIELDS.get(kind)
        redactor = Redactor(key=keyring, engine="fast", policy=self._policy)
        texts = [redactor.text(value, tenant=self._tenant)]
        if field is None:
            # Where a policy says that all of some field's value is of that kind.
            whole = " ".join(value.casefold().split())
            texts.append(f"<{kind}_{pseudonym(key.secret, self._tenant, kind, whole)}>")
        else:
            sentence = f"{field.replace('_', ' ')}: {value}"
            texts.append(redactor.text(sentence, tenant=self._tenant))
            texts.append(str(redactor.attribute(field, value, tenant=self._tenant)))
        found = re.findall(rf"<({kind}_[a-z2-7]+)>", " ".join(texts))
        return list(dict.fromkeys(found))
