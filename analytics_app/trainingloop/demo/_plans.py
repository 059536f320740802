"""Which conversation takes place when: customer, topic, channel, version and model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from trainingloop.demo._customers import Customer, customer
from trainingloop.demo._dice import dice
from trainingloop.demo._playbooks import Arm, PlaybookId, PlaybookVersion, playbook_version

if TYPE_CHECKING:
    from random import Random

Channel = Literal["web", "whatsapp", "sms"]
Topic = Literal[
    "booking", "moving", "status", "warranty", "noise", "refund", "double_charge", "invoice"
]

LARGE_MODEL: Final = "demo-large-2026-05"
MINI_MODEL: Final = "demo-mini-2026-09"
DAYS: Final = 28
_DAYS_BEFORE_EXPERIMENT: Final = 5
"""How many of the days only the older versions were in use."""
_RETURNING_CUSTOMERS: Final = 0.8
"""New customers per conversation: the others come back."""
_SUNDAY: Final = 6

_TOPICS: Final[dict[PlaybookId, tuple[Topic, ...]]] = {
    "booking": ("booking", "booking", "booking", "moving"),
    "support": ("status", "warranty", "noise"),
    "billing": ("refund", "double_charge", "invoice"),
}
_REPLY_MINUTES: Final[dict[Channel, float]] = {"web": 1.5, "whatsapp": 14.0, "sms": 40.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One conversation before its first word."""

    id: str
    seed: int
    index: int
    customer: Customer
    channel: Channel
    topic: Topic
    version: PlaybookVersion
    is_in_experiment: bool
    model: str
    is_streamed: bool
    started_at: datetime

    def gap(self, turn: int) -> timedelta:
        """Give how long the customer takes to write their message number ``turn``."""
        chance = dice(self.seed, self.index, "gap", turn)
        if chance.random() < 0.03:
            return timedelta(hours=chance.uniform(20, 40))
        return timedelta(minutes=0.2 + chance.expovariate(1 / _REPLY_MINUTES[self.channel]))


def plan(*, seed: int, index: int, now: datetime) -> Plan:
    """Give the conversation number ``index`` of this seed, somewhere in the past four weeks."""
    chance = dice(seed, index, "plan")
    playbook: PlaybookId = chance.choices(tuple(_TOPICS), weights=(5, 3, 3))[0]
    started_at = _started_at(chance, now)
    is_in_experiment = started_at > now - timedelta(days=DAYS - _DAYS_BEFORE_EXPERIMENT)
    arm: Arm = "experiment" if is_in_experiment and chance.random() < 0.5 else "control"
    channel: Channel = chance.choices(("web", "whatsapp", "sms"), weights=(5, 4, 2))[0]
    model = MINI_MODEL if chance.random() < 0.4 else LARGE_MODEL
    return Plan(
        id=f"{channel}-{seed}-{index:05d}",
        seed=seed,
        index=index,
        customer=customer(seed, chance.randrange(int(index * _RETURNING_CUSTOMERS) + 1)),
        channel=channel,
        topic=chance.choice(_TOPICS[playbook]),
        version=playbook_version(playbook, arm),
        is_in_experiment=is_in_experiment,
        model=model,
        is_streamed=channel == "web" and model == LARGE_MODEL,
        started_at=started_at,
    )


def _started_at(chance: Random, now: datetime) -> datetime:
    """Pick a moment of the past weeks in opening hours; Sundays are quiet."""
    while True:
        day = now - timedelta(days=chance.randrange(DAYS))
        moment = day.replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(
            hours=chance.triangular(0, 12, 4)
        )
        is_past = moment < now - timedelta(minutes=10)
        if is_past and (moment.weekday() != _SUNDAY or chance.random() < 0.25):
            return moment
