"""What the application says about the customers it talks to, for the redaction in this process.

It is in memory only, and never on a span: the redaction removes these values wherever a
conversation mentions them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Final, TypeAlias

Customer: TypeAlias = "str | Mapping[str, object]"
"""A customer's id, or a record with an ``id`` and what else is known, such as ``name``."""

_MOST_CONVERSATIONS: Final = 4096
_IDENTIFYING: Final = ("id", "email", "phone", "name")

_records: Final[OrderedDict[tuple[str, str], Mapping[str, object]]] = OrderedDict()
_lock: Final = Lock()


def remember(tenant: str, conversation: str, customer: Customer) -> None:
    """Keep what is known of a conversation's customer; the oldest are forgotten."""
    record = customer if isinstance(customer, Mapping) else {"id": str(customer)}
    with _lock:
        _records[tenant, conversation] = record
        _records.move_to_end((tenant, conversation))
        if len(_records) > _MOST_CONVERSATIONS:
            _records.popitem(last=False)


def recall(tenant: str, conversation: str) -> Mapping[str, object] | None:
    """What is known of a conversation's customer."""
    return _records.get((tenant, conversation))


def id_of(customer: Customer) -> str | None:
    """What tells a customer from others: the ``id``, else the first of e-mail, phone and name."""
    if not isinstance(customer, Mapping):
        # Applications have numbers for ids, whatever the annotation says.
        return str(customer)
    named = (customer.get(name) for name in _IDENTIFYING)
    return next((str(value) for value in named if value), None)
