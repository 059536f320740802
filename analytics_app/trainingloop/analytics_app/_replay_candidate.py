"""The second step of a replay: what is asked instead."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import streamlit as st

from trainingloop.analytics_app import _draw, _markup, _vote
from trainingloop.analytics_app._compare_look import RUN
from trainingloop.analytics_app._format import count, counted
from trainingloop.analytics_app._messages import chat_messages, offered_tools, system_prompt
from trainingloop.analytics_app._replay import is_key_set, why_no_key
from trainingloop.analytics_app._replay_draft import Draft, candidate_of_yaml, draft_of
from trainingloop.analytics_app._replay_page import FROM, SET
from trainingloop.analytics_app._view import script
from trainingloop.analytics_app._workspace import current_workspace
from trainingloop.collector.errors import BadRequestError, NotFoundError
from trainingloop.replay.environment import base_url
from trainingloop.replay.errors import CandidateError, RunError
from trainingloop.replay.runs import Arm, Budget, Mode, Options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainingloop.analytics_app._records import DecisionDetail
    from trainingloop.analytics_app._replay import Part, Replays
    from trainingloop.analytics_app._view import View
    from trainingloop.replay.runs import Run
    from trainingloop.replay.sets import CaseSet

_ACTION: Final = "replay/runs"
_KEY: Final = "replay.candidate."
_KINDS: Final = {"fields": "Fields", "yaml": "YAML"}
_PLACES: Final = {False: "An OpenAI-compatible endpoint", True: "The small model that runs here"}
_APIS: Final = {"chat": "chat.completions", "responses": "responses"}
_MODES: Final = {Mode.PREFIX: "Each decision alone", Mode.CHAIN: "Chains of decisions"}
_FLOORS: Final = {
    Arm.BASELINE: "The recorded version, asked again",
    Arm.REPEAT: "The candidate, asked again",
    None: "None",
}
_PARTS: Final = {"model": "Model", "prompt": "Prompt", "playbook": "Playbook", "tools": "Tools"}
_MOST_VALUES: Final = 5
_YAML: Final = """name: smaller model
base_url: https://api.openai.com/v1
model: gpt-4o-mini
system:
  patch:
    - append: Refunds are paid by a colleague.
"""


def step(view: View, replays: Replays, set_id: str) -> None:
    """Say what is asked instead, and have it estimated."""
    st.header("Replay: what is asked instead", anchor=False)
    st.page_link(
        script("replay"),
        label="All replays",
        icon=":material/arrow_back:",
        query_params=view.query(),
    )
    held = next((one for one in replays.sets() if one.set_id == set_id), None)
    if held is None:
        st.warning("**There is no such set.**", icon=":material/search_off:")
        _draw.html(_markup.quoted(set_id))
        return
    _about(held, replays.parts(set_id))
    if not current_workspace().can(_ACTION):
        st.info("This process runs no replays: use `trainingloop replay run`.")
        return
    form = _Form(held, _example(view, replays, set_id), _began_with(replays))
    form.draw()
    if st.button("Estimate", icon=":material/calculate:", type="primary"):
        _estimate(view, held, form)
    st.caption("Nothing is asked yet: what it would take is shown first.")


def _about(held: CaseSet, parts: Sequence[Part]) -> None:
    fit = held.size - sum(held.unfit.values())
    _draw.html(
        _markup.strong(f"{held.name} "),
        _markup.inline(f"{counted(fit, 'decision')}, frozen. They ran:"),
    )
    told: dict[str, list[str]] = {}
    for one in parts:
        value = one.value.strip() or "not recorded"
        told.setdefault(_PARTS[one.part], []).append(f"{value} ({count(one.decisions)})")
    _draw.facts(
        {
            label: ", ".join(values[:_MOST_VALUES])
            + (f" and {len(values) - _MOST_VALUES} more" if len(values) > _MOST_VALUES else "")
            for label, values in told.items()
        }
    )


def _example(view: View, replays: Replays, set_id: str) -> DecisionDetail | None:
    """The decision that the form takes prompt and tools from."""
    decision_id = replays.example(set_id)
    return view.decisions.decision(decision_id) if decision_id else None


def _began_with(replays: Replays) -> Run | None:
    """The run that this one is to be like."""
    try:
        return replays.status(st.query_params[FROM]).run if FROM in st.query_params else None
    except RunError:
        return None


class _Form:
    """The fields of a candidate and of how it is run.

    Args:
        held: the set that is replayed.
        example: one of its decisions.
        began: the run whose candidate it begins with.
    """

    def __init__(self, held: CaseSet, example: DecisionDetail | None, began: Run | None) -> None:
        self._key = f"{_KEY}{held.set_id}.{began.run_id if began else ''}."
        self._began = draft_of(began.candidate) if began else Draft()
        self._began_yaml = json.dumps(began.candidate, indent=2) if began else _YAML
        self._options = began.options if began else Options(floor=Arm.BASELINE)
        messages = chat_messages(example.input_messages) if example else ()
        self._recorded_prompt = (
            system_prompt(example.system_instructions, messages) if example else ""
        )
        self._tools = (
            [tool.name for tool in offered_tools(example.tool_definitions)] if (example) else []
        )
        self._draft = Draft()
        self._yaml = ""
        self._asked = Options()

    def draw(self) -> None:
        """Draw every field."""
        kind = st.segmented_control(
            "Candidate",
            list(_KINDS),
            format_func=lambda name: _KINDS[name],
            default="fields" if self._began.is_whole else "yaml",
            required=True,
            key=self._key + "kind",
        )
        if kind == "yaml":
            self._yaml = st.text_area(
                "Candidate in YAML, as docs/replay.md describes it",
                value=self._began_yaml,
                height=320,
                key=self._key + "yaml",
            )
        else:
            self._draft = self._fields()
        self._asked = self._run_options()

    def candidate(self) -> dict[str, object]:
        """Return what was filled in.

        Raises:
            CandidateError: it cannot be understood.
        """
        return candidate_of_yaml(self._yaml) if self._yaml else self._draft.document()

    def options(self) -> dict[str, object]:
        """Return how it is to be run."""
        return self._asked.document()

    def _fields(self) -> Draft:
        began = self._began
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = st.text_input("Name", value=began.name, max_chars=200, key=self._key + "name")
            is_local = st.radio(
                "Asked at",
                [False, True],
                index=int(began.is_local),
                format_func=lambda local: _PLACES[local],
                horizontal=True,
                key=self._key + "local",
            )
        place = Draft(name=name, is_local=is_local, key_variable="")
        if not is_local:
            place = self._endpoint(place)
        params = st.text_input(
            "Parameters, as JSON; null takes a recorded one away",
            value=began.params,
            placeholder='{"temperature": 0}',
            key=self._key + "params",
        )
        return replace(self._instructions(place), params=params)

    def _endpoint(self, draft: Draft) -> Draft:
        began = self._began
        with st.container(horizontal=True, vertical_alignment="bottom"):
            url = st.text_input(
                "Base URL", value=began.base_url or base_url(), key=self._key + "url"
            )
            api = st.selectbox(
                "Interface",
                list(_APIS),
                index=list(_APIS).index(began.api),
                format_func=lambda name: _APIS[name],
                key=self._key + "api",
                width=180,
            )
            variable = st.text_input(
                "Variable that holds the key",
                value=began.key_variable,
                key=self._key + "variable",
                width=220,
                help="The name of a variable in the environment of trainingloop serve, never the "
                "key itself; empty for none",
            )
            model = st.text_input(
                "Model",
                value=began.model,
                placeholder="as recorded",
                key=self._key + "model",
                width=220,
            )
        _key_state(url, variable)
        return replace(draft, base_url=url, api=api, key_variable=variable, model=model)

    def _instructions(self, draft: Draft) -> Draft:
        began = self._began
        with st.expander("System prompt", icon=":material/tune:", expanded=True):
            prompt = st.text_area(
                "The prompt of one decision of the set; an edited one replaces that of all",
                value=began.prompt or self._recorded_prompt,
                height=220,
                key=self._key + "prompt",
            )
        with st.expander("Tools and playbook", icon=":material/build:"):
            removed = st.multiselect(
                "Tools that are not offered any more",
                list(dict.fromkeys([*self._tools, *began.removed_tools])),
                default=list(began.removed_tools),
                key=self._key + "removed",
            )
            added = st.text_area(
                "Tools that are offered in addition: a JSON list",
                value=began.added_tools,
                placeholder='[{"name": "find_order", "parameters": {"type": "object"}}]',
                key=self._key + "added",
            )
            playbook = st.text_input(
                "Playbook version it stands for",
                value=began.playbook_version,
                max_chars=200,
                key=self._key + "playbook",
            )
            st.caption("Tools are told to the model, never called.")
        return replace(
            draft,
            prompt=prompt,
            recorded_prompt=self._recorded_prompt,
            removed_tools=tuple(removed),
            added_tools=added,
            playbook_version=playbook,
        )

    def _run_options(self) -> Options:
        options = self._options
        with st.container(horizontal=True, vertical_alignment="bottom"):
            mode = st.selectbox(
                "Mode",
                list(_MODES),
                index=list(_MODES).index(options.mode),
                format_func=lambda name: _MODES[name],
                key=self._key + "mode",
            )
            floor = st.selectbox(
                "Noise floor",
                list(_FLOORS),
                index=list(_FLOORS).index(options.floor),
                format_func=lambda arm: _FLOORS[arm],
                key=self._key + "floor",
                help="How far answers differ by chance alone; doubles the questions",
            )
            usd = st.number_input(
                "Budget, US dollars",
                min_value=0.0,
                value=options.budget.usd,
                placeholder="none",
                key=self._key + "usd",
            )
            tokens = st.number_input(
                "Budget, tokens",
                min_value=0,
                value=options.budget.tokens,
                step=1000,
                placeholder="none",
                key=self._key + "tokens",
            )
            at_once = st.number_input(
                "Questions at once", 1, 128, value=options.concurrency, key=self._key + "at_once"
            )
        is_moderated = st.checkbox(
            "Show both answers to the endpoint's moderation",
            value=options.is_moderated,
            key=self._key + "moderated",
        )
        return replace(
            options,
            mode=mode,
            floor=floor,
            budget=Budget(usd=usd, tokens=tokens),
            concurrency=at_once,
            is_moderated=is_moderated,
        )


def _key_state(url: str, variable: str) -> None:
    """Whether a key is there and may be sent; what it is nobody is told."""
    if not variable.strip():
        st.caption("No key is sent.")
    elif is_key_set(variable) and (why := why_no_key(url, variable)):
        _draw.html(_markup.badge("not sent", "amber"), _markup.inline(f"{why}."))
    elif is_key_set(variable):
        _draw.html(_markup.badge("set", "green"), _markup.inline(f"{variable} is in place."))
    else:
        _draw.html(
            _markup.badge("not set", "amber"),
            _markup.inline(
                f"{variable} is not in the environment of this process: set it and start "
                "trainingloop serve again, or the endpoint will refuse."
            ),
        )


def _estimate(view: View, held: CaseSet, form: _Form) -> None:
    try:
        document = {
            "tenant": view.tenant,
            "set": held.set_id,
            "candidate": form.candidate(),
            "options": form.options(),
            "created_by": _vote.reviewer(),
        }
        made = current_workspace().act(_ACTION, document)
    except (BadRequestError, NotFoundError, CandidateError) as error:
        st.warning("**This cannot be asked.**", icon=":material/error:")
        st.text(str(error))
        return
    for name in (SET, FROM):
        st.query_params.pop(name, None)
    st.query_params[RUN] = str(made["run_id"])
    st.cache_data.clear()
    st.rerun()
