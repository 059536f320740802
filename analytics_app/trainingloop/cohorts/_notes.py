"""What one has to know before believing a comparison, in whole sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trainingloop.cohorts._reading import Facts, Measured
    from trainingloop.statistics import SampleRatio

_MOST_SHARED: Final = 0.01
"""As GrowthBook's share of units that may be exposed to several variations."""
_NO_COMPARISON: Final = 0.5


class Notes:
    """Two cohorts and everything measured of them, as remarks."""

    def __init__(
        self, a: Facts, b: Facts, of_a: Mapping[str, Measured], of_b: Mapping[str, Measured]
    ) -> None:
        self._a = a
        self._b = b
        self._of_a = of_a
        self._of_b = of_b

    def all(self, *, shared: int, ratio: SampleRatio | None) -> tuple[str, ...]:
        """Return every remark there is to make, what weighs most first."""
        return (
            *self._shared(shared),
            *([ratio.words] if ratio else self._observational()),
            *self._outcomes(),
            *self._rules(),
            *self._cost(),
            *self._frozen(),
        )

    def _shared(self, shared: int) -> Iterator[str]:
        share = shared / min(self._a.conversations, self._b.conversations)
        if share > _NO_COMPARISON:
            yield (
                f"{shared:,} conversations ({share:.0%} of the smaller cohort) have decisions in "
                "both: these are not two groups of conversations, so what came of them cannot be "
                "told apart."
            )
        elif share > _MOST_SHARED:
            yield (
                f"{shared:,} conversations ({share:.0%} of the smaller cohort) have decisions in "
                "both cohorts: what came of them counts for both."
            )

    def _observational(self) -> Iterator[str]:
        text = (
            "Observational: nobody drew by lot which conversation got which version, so other "
            "things than the version may be behind a difference."
        )
        earlier, later = sorted((self._a, self._b), key=lambda side: side.first_at)
        if earlier.last_at < later.first_at:
            yield (
                f"{text} {later.cohort.label} began after {earlier.cohort.label} had ended: what "
                "else changed meanwhile cannot be told apart from it."
            )
        else:
            end = min(self._a.last_at, self._b.last_at)
            yield (f"{text} Both were in use from {later.first_at:%Y-%m-%d} to {end:%Y-%m-%d}.")

    def _outcomes(self) -> Iterator[str]:
        rules = [one for one in self._of_a.values() if one.rule_versions]
        if not rules and not any(one.rule_versions for one in self._of_b.values()):
            yield (
                "No outcome is known of these conversations yet: trainingloop outcomes run works "
                "them out, and trainingloop serve does so by itself."
            )

    def _rules(self) -> Iterator[str]:
        for name, a in self._of_a.items():
            versions = sorted({*a.rule_versions, *self._of_b[name].rule_versions})
            if len(versions) > 1:
                yield (
                    f"{a.measure.name} was worked out by versions {', '.join(versions)} of its "
                    "rule: bring all to one with trainingloop outcomes backfill."
                )

    def _cost(self) -> Iterator[str]:
        if "cost_usd" not in self._of_a:
            yield (
                "What these conversations cost is not known: the agents do not report it, and "
                "there is no price for their models."
            )
        known = [
            (side, of["cost_usd"].whole.clusters)
            for side, of in ((self._a, self._of_a), (self._b, self._of_b))
            if "cost_usd" in of
        ]
        unknown = [(side, count) for side, count in known if count < side.conversations]
        if unknown:
            told = " and ".join(
                f"{count:,} of {side.conversations:,} conversations of {side.cohort.label}"
                for side, count in unknown
            )
            yield f"The cost is known of {told} only; the others are not in its mean."

    def _frozen(self) -> Iterator[str]:
        for side in (self._a, self._b):
            saved = side.cohort.saved_decisions
            if saved is not None and side.decisions < saved:
                yield (
                    f"{side.cohort.label} held {saved:,} decisions when it was saved and "
                    f"{side.decisions:,} count here: the others lie outside the time range, were "
                    "deleted, or came in a second time since."
                )
