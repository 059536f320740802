"""The vote control: thumbs beside a decision, and a dialog for everything else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import streamlit as st

from trainingloop.analytics_app import _draw, _vote_markup
from trainingloop.analytics_app._cached import DirectReads
from trainingloop.analytics_app._feedback import Feedback
from trainingloop.analytics_app._format import counted
from trainingloop.analytics_app._vote_markup import REASON_LABELS
from trainingloop.analytics_app._workspace import current_workspace
from trainingloop.feedback import REASONS
from trainingloop.instrumentation.errors import TrainingLoopError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainingloop.analytics_app._feedback import Vote
    from trainingloop.analytics_app._view import View

REVIEWER: Final = "reviewer"
"""The name of the reviewer in a URL: taken where nobody told this window another one."""

_NAME: Final = "vote.reviewer"
_NAME_INPUT: Final = "vote.reviewer.input"
_PENDING: Final = "vote.pending"
_OPENED: Final = "vote.opened"
_PROBLEM: Final = "vote.problem"
_ROUND: Final = "vote.round"
"""Counts votes that came to nothing: their thumbs are drawn anew, as the store knows them."""
_MOST_NAME_CHARACTERS: Final = 200
_THUMBS: Final = {None: 0, 0: -1, 1: 1}
"""What a vote is by the place of the thumb that is chosen."""
_WORDS: Final = {1: "up", -1: "down", 0: "retract"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Votable:
    """A decision that can be voted on."""

    tenant: str
    decision_id: str
    answer: str
    """What it said, for corrections."""


def votes_of(view: View) -> Feedback:
    """The votes as they are now: past the cache, or a vote would seem lost for seconds."""
    return Feedback(DirectReads(view.tenant))


def reviewer() -> str:
    """Who votes in this window; "" while nobody said."""
    named = str(st.session_state.get(_NAME, ""))
    return named or st.query_params.get(REVIEWER, "").strip()[:_MOST_NAME_CHARACTERS]


def reviewer_control() -> None:
    """Say who votes, beside the page."""
    # A name that came with the URL goes on being this window's name on its next pages.
    name_reviewer(reviewer())
    st.session_state[_NAME_INPUT] = reviewer()
    with st.sidebar:
        st.text_input(
            "Reviewer",
            key=_NAME_INPUT,
            max_chars=_MOST_NAME_CHARACTERS,
            placeholder="your name",
            icon=":material/person_edit:",
            help="Your votes are kept under this name. Each reviewer has one vote on a decision.",
            on_change=_renamed,
        )


def name_reviewer(name: str) -> None:
    """Remember who votes in this window."""
    st.session_state[_NAME] = name.strip()


def thumbs(decision: Votable, votes: Sequence[Vote], *, key: str) -> None:
    """Two thumbs and a way to say more; a second click on a thumb takes the vote back.

    Args:
        decision: what is voted on.
        votes: the live votes on it.
        key: tells the control apart from others of the page.
    """
    own = own_vote(votes)
    number = st.session_state.get(_ROUND, 0)
    name = f"{key}.{decision.decision_id}.{own.vote_id if own else ''}.{number}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.feedback(
            "thumbs",
            key=name,
            default=None if own is None else int(own.value > 0),
            on_change=_clicked,
            args=(decision, name),
            width="content",
        )
        st.button(
            "Say more",
            key=f"{name}.more",
            type="tertiary",
            icon=":material/edit_note:",
            help="A reason, a note, or the answer as it should have been",
            on_click=say_more,
            args=(decision,),
        )
        if votes:
            _draw.html(_vote_markup.votes_line(votes))


def own_vote(votes: Sequence[Vote]) -> Vote | None:
    """The live vote of who votes in this window."""
    name = reviewer()
    return next((vote for vote in votes if vote.is_live and vote.reviewer == name), None)


def history(votes: Sequence[Vote], answer: str) -> None:
    """Every vote there ever was, with its words."""
    if not votes:
        return
    with st.expander(f"History: {counted(len(votes), 'vote')}", icon=":material/history:"):
        _draw.html(*(_vote_markup.vote(vote, answer) for vote in votes))


def say_more(decision: Votable) -> None:
    """Open the dialog for a decision when the page is drawn."""
    st.session_state[_OPENED] = decision


def give(decision: Votable, value: int, **said: str) -> bool:
    """Store a vote of who votes in this window; False, with a message kept, when it failed."""
    vote = {name: text for name, text in said.items() if text.strip()}
    document = {
        "tenant": decision.tenant,
        "decision_id": decision.decision_id,
        "reviewer": reviewer(),
        "value": _WORDS[value],
        "source": "pages",
        **vote,
    }
    try:
        current_workspace().act("feedback", document)
    except TrainingLoopError as error:
        st.session_state[_PROBLEM] = str(error)
        _draw_anew()
        return False
    return True


def dialogs(view: View) -> None:
    """What waits to be asked or told: at the end of every page that has thumbs."""
    problem = st.session_state.pop(_PROBLEM, "")
    if problem:
        st.error("**Your vote was not stored.**", icon=":material/error:")
        st.text(problem)
    opened = cast("Votable | None", st.session_state.get(_OPENED))
    if _PENDING in st.session_state and not reviewer():
        _ask_name()
    elif opened is not None:
        _say_more(view, opened)


def _renamed() -> None:
    name_reviewer(str(st.session_state[_NAME_INPUT] or ""))
    st.query_params.pop(REVIEWER, None)


def _clicked(decision: Votable, key: str) -> None:
    value = _THUMBS[cast("int | None", st.session_state[key])]
    if reviewer():
        give(decision, value)
        return
    st.session_state[_PENDING] = (decision, value)


def _forget() -> None:
    st.session_state.pop(_PENDING, None)
    _draw_anew()


def _draw_anew() -> None:
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


@st.dialog("Who votes?", on_dismiss=_forget)
def _ask_name() -> None:
    with st.form("vote.name", border=False):
        name = st.text_input("Your name", max_chars=_MOST_NAME_CHARACTERS)
        is_sent = st.form_submit_button("Vote", type="primary")
    st.caption("Your votes are kept under this name, as you write it.")
    if is_sent and name.strip():
        name_reviewer(name)
        decision, value = cast("tuple[Votable, int]", st.session_state.pop(_PENDING))
        give(decision, value)
        st.rerun()


def _close() -> None:
    st.session_state.pop(_OPENED, None)


@st.dialog("Say more about this decision", width="large", on_dismiss=_close)
def _say_more(view: View, decision: Votable) -> None:
    own = own_vote(votes_of(view).history(decision.decision_id))
    with st.form("vote.more", border=False):
        name = reviewer() or st.text_input("Your name", max_chars=_MOST_NAME_CHARACTERS)
        value = st.segmented_control(
            "Vote",
            [1, -1],
            format_func=lambda value: (
                ":material/thumb_up: Up" if value > 0 else ":material/thumb_down: Down"
            ),
            default=own.value if own else -1,
            required=True,
        )
        reason = st.pills(
            "Reason",
            REASONS,
            format_func=lambda reason: REASON_LABELS[reason],
            default=own.reason if own and own.reason else None,
        )
        note = st.text_area("Note", value=own.note if own else "", max_chars=10_000)
        correction = st.text_area(
            "The answer as it should have been",
            value=own.correction if own and own.correction else decision.answer,
            height=180,
        )
        is_sent = st.form_submit_button("Save", type="primary")
    st.caption("Personal data in your words is replaced before they are stored.")
    if is_sent and name.strip() and value:
        name_reviewer(name)
        changed = "" if correction.strip() == decision.answer.strip() else correction
        give(decision, value, reason=reason or "", note=note, correction=changed)
        _close()
        st.rerun()
