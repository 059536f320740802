"""The review queue: one decision at a time, voted on by keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, cast

import streamlit as st

from trainingloop.analytics_app import _conversation, _draw, _markup, _vote, _vote_markup
from trainingloop.analytics_app._cached import CachedReads
from trainingloop.analytics_app._feedback import Feedback, Queue
from trainingloop.analytics_app._format import counted
from trainingloop.analytics_app._timeline import Decided, timeline
from trainingloop.feedback import REASONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.analytics_app._records import DecisionDetail
    from trainingloop.analytics_app._timeline import Item
    from trainingloop.analytics_app._view import View

QUEUES: Final[Mapping[str, str]] = {
    "unreviewed": "Not reviewed by anybody",
    "escalated": "Handed to a human",
    "down": "Thumbs down of others",
    "random": "Random sample",
}
"""Every queue by the name it has in the URL."""

_QUEUE: Final = "queue"
_PLACE: Final = "at"
_SEED: Final = "seed"
_AS_OF: Final = "as_of"
_STATE: Final = (_QUEUE, _PLACE, _SEED, _AS_OF)
_KEPT: Final = "review.kept"
_QUEUE_KEY: Final = "review.queue"
_SEED_KEY: Final = "review.seed"
_DONE: Final = "review.done"
_MOST: Final = 100
_MOST_SEED: Final = 2**32 - 1
_ITEMS_BEFORE: Final = 8
_EARLIEST_YEAR: Final = 2000
_LATEST_YEAR: Final = 2200
_REASON_KEYS: Final = dict(zip(REASONS, "12345", strict=True))
_UP_REASONS: Final = frozenset({"helpful"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in which queue a reviewer is."""

    queue: Queue
    ids: tuple[str, ...]
    at: int
    """From 1; one more than there are decisions when the reviewer is through."""

    @property
    def decision_id(self) -> str:
        """The decision that is looked at; "" at the end."""
        return self.ids[self.at - 1] if self.at <= len(self.ids) else ""


def controls() -> None:
    """Choose the queue."""
    chosen = _queue_name()
    st.session_state[_QUEUE_KEY] = chosen
    st.selectbox(
        "Queue",
        list(QUEUES),
        format_func=lambda name: QUEUES[name],
        key=_QUEUE_KEY,
        on_change=_queue_changed,
        width=230,
    )
    if chosen == "random":
        st.session_state[_SEED_KEY] = _seed()
        st.number_input(
            "Seed",
            min_value=0,
            max_value=_MOST_SEED,
            key=_SEED_KEY,
            on_change=_seed_changed,
            width=140,
            help="Reviewers with the same seed and filters get the same decisions.",
        )


def ask_name() -> None:
    """Nobody can review without a name."""
    st.info("Say who you are, in the field *Reviewer* on the left.", icon=":material/person_edit:")


def restore() -> None:
    """Put the state of the queue into the URL where a link or a filter left it out."""
    kept = cast("dict[str, str]", st.session_state.get(_KEPT, {}))
    for name, value in kept.items():
        if name not in st.query_params:
            st.query_params[name] = value
    if _as_of() is None:
        _start_anew()
    if st.query_params.get(_vote.REVIEWER) != _vote.reviewer():
        st.query_params[_vote.REVIEWER] = _vote.reviewer()
    st.session_state[_KEPT] = {
        name: st.query_params[name] for name in _STATE if name in st.query_params
    }


def place(view: View) -> Place:
    """Where the URL says the reviewer is."""
    as_of = _as_of() or datetime.now(UTC)
    queue = Queue(
        name=_queue_name(),
        reviewer=_vote.reviewer(),
        as_of=as_of,
        seed=_seed(),
        limit=_MOST,
    )
    feedback = Feedback(CachedReads(view.tenant))
    ids = feedback.queue(queue, view.filters, view.filters.period(as_of))
    at = _number(_PLACE, most=len(ids) + 1)
    return Place(queue=queue, ids=ids, at=max(at, 1))


def empty(here: Place) -> None:
    """Say that nothing waits, and where something may."""
    messages = {
        "unreviewed": "Every decision of this time range has a vote.",
        "escalated": "No answer of this time range, without a vote of yours, was handed to a "
        "human. The outcome worker finds those: see Outcomes.",
        "down": "Nobody else voted an answer down that you have not voted on.",
        "random": "There is no decision in this time range.",
    }
    st.info(messages[here.queue.name], icon=":material/done_all:")
    st.button("Look again", icon=":material/refresh:", on_click=_start_anew)


def progress(view: View, here: Place) -> None:
    """How far the reviewer is."""
    voted = _vote.votes_of(view).voted(here.ids, here.queue.reviewer)
    told = f"{min(here.at, len(here.ids))} of {len(here.ids)}"
    st.progress(len(voted) / len(here.ids), text=f"**{told}** · {len(voted)} voted on by you")


def through(here: Place) -> None:
    """The end of the queue."""
    st.success(
        f"You are through: {counted(len(here.ids), 'decision')} looked at.",
        icon=":material/done_all:",
    )
    with st.container(horizontal=True):
        st.button("Previous", shortcut="k", on_click=_go, args=(here.at - 1,))
        _undo_button()
        st.button("Look for more", icon=":material/refresh:", on_click=_start_anew)


def story(view: View, decision: DecisionDetail) -> None:
    """The decision, and below it what led there."""
    thread = view.decisions.thread(decision.thread_id)
    items = timeline(thread) if thread else []
    places = [
        place
        for place, item in enumerate(items)
        if isinstance(item, Decided) and item.decision.decision_id == decision.decision_id
    ]
    end = places[0] if places else 0
    with st.container(border=True):
        for item in items[end : end + 1]:
            _question(item)
            _conversation.happening(view, item)
    start = max(end - _ITEMS_BEFORE, 0)
    if end:
        st.subheader("What led to it", anchor=False)
    if start:
        st.caption(f"The last {_ITEMS_BEFORE} of {counted(end, 'step')} of the conversation.")
    for item in items[start:end]:
        _conversation.happening(view, item)


def _question(item: Item) -> None:
    if isinstance(item, Decided) and item.decision.input_text:
        _draw.html(_markup.muted("The customer said"), _markup.literal(item.decision.input_text))


def vote_panel(view: View, here: Place, decision: DecisionDetail) -> None:
    """Every key, what the others said, and the way to the whole story."""
    votable = _vote.Votable(
        tenant=view.tenant, decision_id=decision.decision_id, answer=decision.output_text
    )
    votes = _vote.votes_of(view).history(decision.decision_id)
    live = [vote for vote in votes if vote.is_live]
    own = _vote.own_vote(live)
    if own is not None:
        _draw.html(_markup.inline("You said "), _vote_markup.value_badge(own.value, own.reason))
    _thumb_buttons(here, votable)
    _reason_buttons(here, votable)
    _moves(view, here, votable)
    others = [vote for vote in live if vote is not own]
    if others:
        with st.expander(f"Votes of others: {len(others)}", icon=":material/group:"):
            _draw.html(_vote_markup.votes_line(others))
    _vote.history(votes, decision.output_text)
    _draw.links(view, decision.decision_id, decision.thread_id)


def _thumb_buttons(here: Place, votable: _vote.Votable) -> None:
    with st.container(horizontal=True):
        for label, value, key, icon in (
            ("Up", 1, "u", ":material/thumb_up:"),
            ("Down", -1, "d", ":material/thumb_down:"),
        ):
            st.button(
                label,
                key=f"review.{label}",
                icon=icon,
                shortcut=key,
                on_click=_voted,
                args=(here, votable, value, ""),
                width="stretch",
            )


def _reason_buttons(here: Place, votable: _vote.Votable) -> None:
    st.caption("With a reason; *helpful* is a thumb up, the others are thumbs down")
    for reason, key in _REASON_KEYS.items():
        st.button(
            _vote_markup.REASON_LABELS[reason],
            key=f"review.{reason}",
            shortcut=key,
            on_click=_voted,
            args=(here, votable, 1 if reason in _UP_REASONS else -1, reason),
            width="stretch",
        )


def _moves(view: View, here: Place, votable: _vote.Votable) -> None:
    st.caption("Without a vote")
    with st.container(horizontal=True):
        st.button("Previous", shortcut="k", on_click=_go, args=(here.at - 1,), disabled=here.at < 2)
        st.button("Next", shortcut="j", on_click=_go, args=(here.at + 1,))
        st.button(
            "Skip",
            shortcut="s",
            on_click=_skip,
            args=(view, here),
            help="To the next one that you have not voted on",
        )
    with st.container(horizontal=True):
        _undo_button()
        st.button(
            "Say more",
            shortcut="n",
            icon=":material/edit_note:",
            on_click=_vote.say_more,
            args=(votable,),
            help="A note, or the answer as it should have been",
        )


def _undo_button() -> None:
    done = cast("list[tuple[int, _vote.Votable]]", st.session_state.get(_DONE, []))
    st.button(
        "Undo",
        shortcut="z",
        icon=":material/undo:",
        on_click=_undo,
        disabled=not done,
        help="Takes your last vote back and returns to its decision",
    )


def _voted(here: Place, votable: _vote.Votable, value: int, reason: str) -> None:
    if _number(_PLACE, most=here.at + 1) != here.at:
        # A key that was pressed again before the next decision was drawn is about neither.
        return
    if _vote.give(votable, value, reason=reason):
        st.session_state.setdefault(_DONE, []).append((here.at, votable))
        _go(here.at + 1)


def _undo() -> None:
    at, votable = cast("tuple[int, _vote.Votable]", st.session_state[_DONE].pop())
    _vote.give(votable, 0)
    _go(at)


def _skip(view: View, here: Place) -> None:
    voted = _vote.votes_of(view).voted(here.ids, here.queue.reviewer)
    later = range(here.at + 1, len(here.ids) + 1)
    _go(next((at for at in later if here.ids[at - 1] not in voted), len(here.ids) + 1))


def _go(at: int) -> None:
    st.query_params[_PLACE] = str(at)


def _start_anew() -> None:
    now = datetime.now(UTC)
    st.query_params[_AS_OF] = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    st.query_params[_PLACE] = "1"
    st.session_state.pop(_DONE, None)


def _queue_changed() -> None:
    st.query_params[_QUEUE] = str(st.session_state[_QUEUE_KEY])
    _start_anew()


def _seed_changed() -> None:
    st.query_params[_SEED] = str(st.session_state[_SEED_KEY])
    _start_anew()


def _queue_name() -> str:
    asked = st.query_params.get(_QUEUE, "unreviewed")
    return asked if asked in QUEUES else "unreviewed"


def _seed() -> int:
    return _number(_SEED, most=_MOST_SEED)


def _number(name: str, *, most: int) -> int:
    asked = st.query_params.get(name, "1")
    is_number = asked.isdecimal() and len(asked) <= len(str(_MOST_SEED))
    return min(int(asked), most) if is_number else 1


def _as_of() -> datetime | None:
    try:
        at = datetime.fromisoformat(st.query_params.get(_AS_OF, ""))
    except ValueError:
        return None
    return at if at.tzinfo and _EARLIEST_YEAR <= at.year < _LATEST_YEAR else None
