"""Every action of the JSON API, bound to the one store this process owns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainingloop.cohorts import cohort_actions
from trainingloop.collector.events import event_actions
from trainingloop.feedback import feedback_actions
from trainingloop.outcomes import outcome_actions
from trainingloop.prices import load_prices
from trainingloop.replay.actions import run_actions
from trainingloop.replay.preferences import preference_actions
from trainingloop.replay.sets import set_actions

if TYPE_CHECKING:
    from trainingloop.collector import Pipeline
    from trainingloop.collector.actions import Action
    from trainingloop.outcomes.rules import Rules
    from trainingloop.processor import Redactor
    from trainingloop.store import Store

__all__ = ["actions"]


def actions(
    store: Store, pipeline: Pipeline, redactor: Redactor, rules: Rules
) -> dict[str, Action]:
    """Return what can be asked of ``store``, by its path under ``/api/v1/``.

    ``trainingloop serve`` answers it over HTTP; a command that owns the store calls it directly.

    Raises:
        PricesError: the file of your own prices cannot be used.
    """
    return {
        **event_actions(pipeline, redactor),
        **feedback_actions(store, redactor),
        **cohort_actions(store, redactor),
        **outcome_actions(store, rules),
        **set_actions(store),
        **run_actions(store, redactor, load_prices()),
        **preference_actions(store, redactor),
    }
