"""What is seen of the decisions of a set while a run is estimated."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from trainingloop.replay._candidate_tools import known_names
from trainingloop.replay.candidates import differences
from trainingloop.replay.cases import Case
from trainingloop.replay.errors import CandidateError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trainingloop.replay.candidates import Candidate, Change
    from trainingloop.replay.sets import UnfitCase

_MOST_DIFFERENCES: Final = 200
"""That are told apart; a prompt that differs in every decision is more."""
_MOST_NAMED: Final = 20


@dataclass(slots=True)
class Look:
    """Looks at cases while they go by."""

    candidate: Candidate
    changes: Counter[Change] = field(default_factory=Counter["Change"])
    """What the candidate is asked otherwise, with the number of decisions."""
    refusals: Counter[str] = field(default_factory=Counter[str])
    """Why the candidate cannot be asked a case."""
    _asked: int = 0
    """Cases that the candidate can be asked."""
    _tools: Counter[str] = field(default_factory=Counter[str])
    """In how many of them there is a tool of this name, to be removed or changed."""

    def at(self, pages: Iterable[list[Case | UnfitCase]]) -> Iterator[Case | UnfitCase]:
        """Yield the cases of ``pages``, having looked at each."""
        for page in pages:
            for case in page:
                self._note(case)
                yield case

    def check_tools(self) -> None:
        """Refuse a candidate that removes or changes a tool that there is nowhere.

        Raises:
            CandidateError: it does; whoever misspelt the name would compare an unchanged version.
        """
        missing = [repr(name) for name in self._named if not self._tools[name]]
        if missing and self._asked:
            there_are = ", ".join(sorted(map(repr, self._tools))[:_MOST_NAMED])
            raise CandidateError(
                f"the candidate removes or changes {', '.join(missing[:_MOST_NAMED])}, which no "
                f"decision of the set was offered as a tool: there is {there_are or 'none at all'}"
                "; correct the name, or leave it out"
            )

    def notes(self) -> list[str]:
        """Say which tools that the candidate removes or changes only some decisions have."""
        return [
            f"tool {name!r}: offered in {self._tools[name]:,} of {self._asked:,} decisions; the "
            "others stay as they are"
            for name in self._named
            if self._tools[name] < self._asked
        ]

    @property
    def _named(self) -> list[str]:
        said = self.candidate.tools
        return list(dict.fromkeys([*said.remove, *said.change]))

    def _note(self, case: Case | UnfitCase) -> None:
        if not isinstance(case, Case):
            self.refusals[str(case.reason)] += 1
            return
        try:
            found = differences(self.candidate, case)
        except CandidateError as error:
            self.refusals[str(error)] += 1
            return
        self._asked += 1
        self._tools.update(known_names(case.request.tools, self.candidate.tools))
        for change in found:
            if change in self.changes or len(self.changes) < _MOST_DIFFERENCES:
                self.changes[change] += 1
