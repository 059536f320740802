"""One pair of answers: what differs, both sides as they are, and which one is better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import streamlit as st

from trainingloop.analytics_app import (
    _compare_markup,
    _draw,
    _markup,
    _replay_words,
    _vote,
    _vote_markup,
)
from trainingloop.analytics_app._compare_look import PLACE, look_from_query
from trainingloop.analytics_app._format import count, duration
from trainingloop.analytics_app._messages import chat_messages
from trainingloop.analytics_app._workspace import current_workspace
from trainingloop.instrumentation.errors import TrainingLoopError
from trainingloop.replay.preferences import Choice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trainingloop.analytics_app._compare import Pairs
    from trainingloop.analytics_app._compare_records import Pair, PairLine, Replayed
    from trainingloop.analytics_app._records import DecisionDetail
    from trainingloop.analytics_app._view import View
    from trainingloop.replay import Answer
    from trainingloop.replay.preferences import Preference

ACTION: Final = "replay/preferences"
_RETRACT: Final = "retract"
_PROBLEM: Final = "compare.problem"
_CHOICES: Final[Mapping[Choice, tuple[str, str, str]]] = {
    Choice.RECORDED: ("Recorded is better", "1", ":material/history:"),
    Choice.TIE: ("Tie", "2", ":material/drag_handle:"),
    Choice.REPLAYED: ("Replayed is better", "3", ":material/replay:"),
}
_SAID: Final[Mapping[Choice, tuple[str, _markup.Tone]]] = {
    Choice.RECORDED: ("recorded is better", "amber"),
    Choice.TIE: ("tie", "gray"),
    Choice.REPLAYED: ("replayed is better", "green"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in the list of a run's pairs one is."""

    run_id: str
    line: PairLine
    at: int
    """From 1."""
    total: int


def show(view: View, place: Place, pairs: Pairs) -> None:
    """A pair with all that is known of it."""
    line = place.line
    _head(view, place)
    decision = view.decisions.decision(line.compared_id)
    pair = pairs.pair(line)
    if decision is None or pair is None:
        st.warning(
            "**The recorded decision of this pair is gone:** it was kept no longer, or deleted.",
            icon=":material/delete_history:",
        )
        return
    _vote_on(view, place, pairs.preferences_of_pair(line))
    _question(decision)
    _differences(decision, pair)
    _sides(decision, pair)


def _head(view: View, place: Place) -> None:
    """What the pair is, and the way to its neighbours and to its decision."""
    line = place.line
    rank, tone, _ = _replay_words.RANKS[line.rank]
    state, _ = _replay_words.ANSWER_STATES[line.state]
    kinds = f"{line.recorded_kind}>{line.replayed_kind}"
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        _draw.html(
            _markup.strong(f"{place.at:,} of {place.total:,} "),
            _markup.badge(rank, tone),
            _markup.badge(_replay_words.AGREEMENTS.get(line.agreement, "not compared")),
            _markup.badge(state, "gray" if line.agreement else "amber"),
            _markup.badge(f"step {line.step}", "violet") if line.step else "",
            _markup.inline(
                " · ".join(
                    part
                    for part in (
                        _replay_words.change(kinds) if line.agreement else "",
                        line.stratum,
                    )
                    if part
                )
            ),
        )
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            _move("Previous", "k", ":material/chevron_left:", place.at - 1, is_there=place.at > 1)
            _move(
                "Next",
                "j",
                ":material/chevron_right:",
                place.at + 1,
                is_there=place.at < place.total,
            )
            _draw.links(view, line.compared_id, line.thread_id)


def _move(label: str, key: str, icon: str, at: int, *, is_there: bool) -> None:
    st.button(label, icon=icon, shortcut=key, on_click=go, args=(at,), disabled=not is_there)


def go(at: int) -> None:
    """Open the pair at a place of the list."""
    st.query_params[PLACE] = str(at)


def _question(decision: DecisionDetail) -> None:
    """What the customer said last."""
    asked = next(
        (
            block.body
            for message in reversed(chat_messages(decision.input_messages))
            if message.role == "user"
            for block in message.blocks
            if block.kind == "text"
        ),
        "",
    )
    if asked:
        _draw.html(_markup.muted("The customer said"), _markup.literal(asked))


def _differences(decision: DecisionDetail, pair: Pair) -> None:
    """What the replayed answer says and does otherwise, with unchanged parts left out."""
    found = pair.candidate.judgement
    if found is None:
        return
    words = _vote_markup.word_changes(decision.output_text, _said(pair.candidate.answer))
    if words or found.arguments or found.entities:
        with st.container(border=True):
            st.caption("What differs, recorded before replayed")
            _draw.html(words)
            if found.arguments:
                _draw.html(_compare_markup.argument_differences(found.arguments))
            if found.entities:
                _draw.html(_compare_markup.entity_differences(found.entities))
    else:
        st.caption("Text and calls are the same.")


def _sides(decision: DecisionDetail, pair: Pair) -> None:
    """Both answers as they are, each with its flags."""
    recorded, replayed = st.columns(2, gap="medium")
    judgement = pair.candidate.judgement
    with recorded, st.container(border=True):
        _draw.html(_markup.strong("Recorded "), _markup.inline(_recorded_cost(decision)))
        _recorded(decision)
        if judgement:
            _draw.html(_compare_markup.recorded_flags(judgement))
    with replayed, st.container(border=True):
        _draw.html(_markup.strong("Replayed "), _markup.inline(_replayed_cost(pair.candidate)))
        _failure(pair.candidate)
        _replayed(pair.candidate.answer)
        if judgement:
            _draw.html(_compare_markup.replayed_flags(judgement))
    _floor(pair)


def _recorded(decision: DecisionDetail) -> None:
    messages = chat_messages(decision.output_messages)
    blocks = [block for message in messages for block in message.blocks]
    if not blocks and decision.output_text:
        _draw.html(_markup.literal(decision.output_text))
    for block in blocks:
        _draw.block(block)
    if not (blocks or decision.output_text):
        st.caption("Nothing was recorded of what it did.")


def _said(answer: Answer) -> str:
    """Return the words of an answer: those of a refusal where it gave no others."""
    return answer.text or answer.refusal


def _replayed(answer: Answer) -> None:
    if _said(answer):
        _draw.html(_markup.literal(_said(answer)))
    for call in answer.tool_calls:
        _draw.html(_markup.badge("asks for", "violet"), _markup.strong(call.name))
        _draw.json_code(call.arguments)


def _failure(replayed: Replayed) -> None:
    name, meaning = _replay_words.ANSWER_STATES[replayed.state]
    if replayed.judgement is None or replayed.reason:
        _draw.html(_markup.badge(name, "amber"), _markup.inline(meaning))
        if replayed.reason:
            _draw.html(_markup.quoted(replayed.reason))


def _floor(pair: Pair) -> None:
    floor = pair.floor
    if floor is None:
        return
    agreement = floor.judgement.agreement if floor.judgement else ""
    told = _replay_words.AGREEMENTS.get(agreement, "not compared")
    title = f"{_replay_words.ARMS.get(pair.floor_arm, pair.floor_arm)}: {told}"
    with st.expander(title, icon=":material/repeat:"):
        _draw.html(_markup.inline(_replayed_cost(floor)))
        _failure(floor)
        _replayed(floor.answer)


def _recorded_cost(decision: DecisionDetail) -> str:
    return _joined(
        decision.model,
        _tokens(decision.input_tokens, decision.output_tokens),
        duration(decision.duration_ms),
    )


def _replayed_cost(replayed: Replayed) -> str:
    return _joined(
        replayed.model,
        _tokens(replayed.input_tokens, replayed.output_tokens),
        f"{duration(replayed.latency_ms)} in the replay" if replayed.latency_ms else "",
        "from the cache" if replayed.is_cached else "",
    )


def _tokens(input_tokens: int, output_tokens: int) -> str:
    if not input_tokens and not output_tokens:
        return ""
    return f"{count(input_tokens)} tokens in, {count(output_tokens)} out"


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _vote_on(view: View, place: Place, preferences: Sequence[Preference]) -> None:
    """Say which answer is better, and see what others said."""
    problem = st.session_state.pop(_PROBLEM, "")
    if problem:
        st.error("**Your vote was not stored.**", icon=":material/error:")
        st.text(problem)
    reason = _why_no_vote(place)
    own = [one for one in preferences if one.source == "human" and one.judge == _vote.reviewer()]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for choice, (label, key, icon) in _CHOICES.items():
            st.button(
                label,
                icon=icon,
                shortcut=key,
                type="primary" if own and own[0].choice == choice else "secondary",
                on_click=_voted,
                args=(view.tenant, place, choice.value, 1),
                disabled=bool(reason),
            )
        if own:
            st.button(
                "Take back",
                icon=":material/undo:",
                type="tertiary",
                on_click=_voted,
                args=(view.tenant, place, _RETRACT, 0),
            )
        _draw.html(*map(_preference, preferences))
    if reason:
        st.caption(reason)


def _why_no_vote(place: Place) -> str:
    if not place.line.agreement:
        return "There is no answer to vote on."
    if not current_workspace().can(ACTION):
        return "Votes on pairs cannot be stored by this process."
    return "" if _vote.reviewer() else "To vote, say who you are, in the field *Reviewer*."


def _preference(one: Preference) -> str:
    words, tone = _SAID[one.choice]
    order = f" ({one.shown_first} first)" if one.shown_first else ""
    return _markup.inline(f"{one.judge}{order} ") + _markup.badge(words, tone)


def _voted(tenant: str, place: Place, choice: str, further: int) -> None:
    if look_from_query(st.query_params).at != place.at:
        # A key that was pressed again before the next pair was drawn is about neither.
        return
    document = {
        "tenant": tenant,
        "run_id": place.run_id,
        "decision_id": place.line.decision_id,
        "step": place.line.step,
        "choice": choice,
        "reviewer": _vote.reviewer(),
    }
    try:
        current_workspace().act(ACTION, document)
    except TrainingLoopError as error:
        st.session_state[_PROBLEM] = str(error)
        return
    go(min(place.at + further, place.total))
