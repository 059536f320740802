"""A budget that is kept: what was spent, and what is under way may still take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trainingloop.replay.estimates import LIMITING

if TYPE_CHECKING:
    from trainingloop.replay._work import Asking
    from trainingloop.replay.answers import Usage
    from trainingloop.replay.runs import Budget

_UNKNOWN: Final = "what its model costs is not known"
_TOO_MUCH: Final = "it could have taken more than is left of the budget"


class Ledger:
    """Counts what a run takes; used by one thread.

    Args:
        budget: what it may take.
        tokens: what it took before.
        cost_usd: and what that cost.
        untold_before: answers before, of which the endpoint did not say what they took. What was
            set aside for them is not stored: each is taken for the question that comes next.
    """

    def __init__(
        self, budget: Budget, *, tokens: int, cost_usd: float, untold_before: int = 0
    ) -> None:
        self._budget = budget
        self._untold_before: Final = untold_before
        self.tokens = tokens
        self.cost_usd = cost_usd
        self.unpriced = 0
        """Answers at a price nobody told."""
        self.untold = 0
        """Answers of which the endpoint does not say what they took."""
        self.shortage = ""
        """Why a question was refused last, and what to do, for the run that ends by it."""
        self._reserved_tokens = 0
        self._reserved_usd = 0.0

    def refusal(self, asking: Asking) -> str:
        """Return why a question may not be asked now, "" if it may."""
        budget = self._budget
        if budget.tokens is not None:
            before = self._untold_before * asking.most_tokens
            left = max(0, budget.tokens - self.tokens - self._reserved_tokens - before)
            if asking.most_tokens > left:
                return self._refused(asking, f"{asking.most_tokens:,} tokens, and {left:,} are")
        if budget.usd is None:
            return ""
        if asking.most_usd is None:
            return _UNKNOWN
        before_usd = self._untold_before * asking.most_usd
        left_usd = max(0.0, budget.usd - self.cost_usd - self._reserved_usd - before_usd)
        if asking.most_usd > left_usd:
            return self._refused(asking, f"{asking.most_usd:.4f} USD, and {left_usd:.4f} are")
        return ""

    def _refused(self, asking: Asking, amounts: str) -> str:
        """Note what is too much; the result itself says less, as all such results say the same."""
        more = (
            f", or begin a new run: nothing limits its answers, and {LIMITING}"
            if asking.is_unlimited
            else ""
        )
        self.shortage = (
            f"the next question could have taken {amounts} left of the budget: resume it with a "
            f"larger one{more}"
        )
        return _TOO_MUCH

    def can_never(self, asking: Asking) -> bool:
        """Tell whether a question is refused for what it is, whatever else is under way."""
        return self._budget.usd is not None and asking.most_usd is None

    def reserve(self, asking: Asking) -> None:
        """Set aside what a question may take."""
        self._reserved_tokens += asking.most_tokens
        self._reserved_usd += asking.most_usd or 0.0

    def settle(self, asking: Asking, usage: Usage, *, is_answered: bool) -> float | None:
        """Count what it took; return what that cost, None where nobody knows.

        What was set aside for an answer stays so where the endpoint does not say what it took: a
        budget would never be reached otherwise.
        """
        taken = usage.input_tokens + usage.output_tokens
        if taken or not is_answered:
            self.release(asking)
        else:
            self.untold += 1
        self.tokens += taken
        cost_usd = self.cost_usd_of(asking, usage)
        if cost_usd is None:
            self.unpriced += bool(taken)
        else:
            self.cost_usd += cost_usd
        return cost_usd

    def release(self, asking: Asking) -> None:
        """Give back what was set aside for a question."""
        self._reserved_tokens -= asking.most_tokens
        self._reserved_usd -= asking.most_usd or 0.0

    @staticmethod
    def cost_usd_of(asking: Asking, usage: Usage) -> float | None:
        """Return what an answer costs, None where nobody knows."""
        if asking.is_free:
            return 0.0
        if asking.price is None or not usage.input_tokens + usage.output_tokens:
            return None
        return asking.price.cost_usd(
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            cached_input_tokens=usage.cached_input_tokens,
        )
