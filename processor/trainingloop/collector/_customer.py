"""Foreign spans name their user in the clear; the store keeps a keyed pseudonym only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trainingloop.collector._anyvalue import text_of
from trainingloop.instrumentation import semconv
from trainingloop.instrumentation.keys import customer_pseudonym

if TYPE_CHECKING:
    from trainingloop.collector._draft import Draft
    from trainingloop.instrumentation.keys import Keyring

CUSTOMER_KEYS: Final = ("user.id", "enduser.id", "gen_ai.user.id")
"""Where a customer's id is once the dialect has been normalised; the first one counts."""
_NAMING_KEYS: Final = ("user.email", "user.name", "user.full_name")


def customer_record(draft: Draft) -> dict[str, str]:
    """Return what a foreign span says about the customer, by the usual names of fields."""
    given = {
        key.removeprefix("user.").replace("full_name", "name"): draft.attributes[key]
        for key in _NAMING_KEYS
        if key in draft.attributes
    }
    return {name: text for name, value in given.items() if (text := text_of(value))}


def pseudonymise(draft: Draft, *, keys: Keyring) -> None:
    """Replace who the customer is by a pseudonym that is theirs at this tenant only."""
    attributes = draft.attributes
    given = [attributes.pop(name) for name in CUSTOMER_KEYS if name in attributes]
    for name in _NAMING_KEYS:
        attributes.pop(name, None)
    customer = next((text for value in given if (text := text_of(value))), "")
    if customer and semconv.ENDUSER_PSEUDO_ID not in attributes:
        attributes[semconv.ENDUSER_PSEUDO_ID] = customer_pseudonym(keys, draft.tenant, customer)
