"""Candidates: what they may say, what they are asked, and how that differs from the record."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainingloop.chat import Request
from trainingloop.processor import Redactor
from trainingloop.replay import Answer, Case, Usage, Versions
from trainingloop.replay.candidates import (
    LOCAL,
    LOCAL_MODEL,
    Candidate,
    body_for,
    cache_key,
    candidate_from,
    differences,
    load_candidate,
    redacted,
    unchanged,
)
from trainingloop.replay.errors import CandidateError
from trainingloop.replay.runs import Arm

if TYPE_CHECKING:
    from pathlib import Path

    from trainingloop.chat import JsonObject

ELSEWHERE = "https://models.example/v1"
SLOTS: JsonObject = {
    "type": "function",
    "function": {
        "name": "find_slots",
        "description": "Find a free slot.",
        "parameters": {"type": "object", "properties": {"day": {"type": "string"}}},
    },
}
REFUND: JsonObject = {
    "type": "function",
    "function": {"name": "refund", "parameters": {"type": "object"}},
}
MESSAGES: list[JsonObject] = [
    {"role": "system", "content": "You are the front desk. Be brief."},
    {"role": "user", "content": "Are you free on Friday?"},
    {
        "role": "assistant",
        "content": "Let me look.",
        "tool_calls": [
            {
                "id": "call_1",
                "type": "function",
                "function": {"name": "find_slots", "arguments": '{"day":"Friday"}'},
            }
        ],
    },
    {"role": "tool", "tool_call_id": "call_1", "content": '["09:30"]'},
]


def a_case(
    *,
    messages: list[JsonObject] = MESSAGES,
    tools: tuple[JsonObject, ...] = (SLOTS, REFUND),
    versions: Versions | None = None,
    lacks_tools: bool = False,
    **params: object,
) -> Case:
    """Return a recorded decision with these request parameters."""
    return Case(
        decision_id="00f067aa0ba902b7",
        thread_id="thread-1",
        decided_at=datetime(2026, 11, 1, tzinfo=UTC),
        retention_days=30,
        request=Request(messages=messages, tools=list(tools), params=params),
        recorded=Answer(text="09:30 is free."),
        versions=versions or Versions(request_model="gpt-4o", model="gpt-4o-2024-08-06"),
        usage=Usage(),
        cost_usd=None,
        lacks_tools=lacks_tools,
    )


def saying(**document: object) -> Candidate:
    """Return a candidate that says this, on an endpoint that is not OpenAI's."""
    return candidate_from({"base_url": ELSEWHERE, **document})


def prompt_of(candidate: Candidate, case: Case) -> object:
    """Return the system prompt a candidate is given."""
    messages = cast("list[dict[str, object]]", body_for(candidate, case)["messages"])
    return messages[0]["content"]


def tools_of(body: JsonObject) -> dict[str, dict[str, Any]]:
    """Return the offered functions of a chat request by name."""
    offered = cast("list[dict[str, dict[str, Any]]]", body.get("tools", []))
    return {str(tool["function"]["name"]): tool["function"] for tool in offered}


def written(tmp_path: Path, text: str) -> Path:
    """Return a file of YAML."""
    path = tmp_path / "candidate.yaml"
    path.write_text(text)
    return path


def refusal(path: Path) -> list[str]:
    """Return the lines of what a file is refused for."""
    with pytest.raises(CandidateError) as refused:
        load_candidate(path)
    return [line.strip() for line in str(refused.value).splitlines()]


def test_the_recorded_version_is_asked_exactly_what_was_recorded() -> None:
    """Nothing of the request gets lost, and nothing is added."""
    case = a_case(temperature=0.2, max_tokens=300, seed=7, tool_choice="auto")

    body = body_for(unchanged(saying(model="other")), case)

    assert body == {
        "model": "gpt-4o",
        "messages": MESSAGES,
        "tools": [SLOTS, REFUND],
        "temperature": 0.2,
        "max_tokens": 300,
        "seed": 7,
        "tool_choice": "auto",
    }


def test_what_only_says_how_an_answer_comes_is_left_out() -> None:
    """A replay does not stream, and the provider keeps nothing of it."""
    case = a_case(stream=True, stream_options={"include_usage": True}, store=True, n=1)

    body = body_for(saying(), case)

    assert body.keys() == {"model", "messages", "tools"}


def test_parameters_of_the_candidate_come_over_the_recorded_ones() -> None:
    """Null takes one away."""
    case = a_case(temperature=0.2, top_p=0.9, seed=7)

    body = body_for(saying(params={"temperature": 1, "top_p": None}), case)

    assert (body["temperature"], body.get("top_p"), body["seed"]) == (1, None, 7)


@pytest.mark.parametrize(
    ("recorded", "base_url", "said"),
    [
        ("max_tokens", ELSEWHERE, "max_tokens"),
        ("max_completion_tokens", ELSEWHERE, "max_completion_tokens"),
        ("max_output_tokens", ELSEWHERE, "max_tokens"),
        ("max_tokens", "https://api.openai.com/v1", "max_completion_tokens"),
        ("max_tokens", "https://me.openai.azure.com/openai/v1", "max_completion_tokens"),
        ("max_tokens", "https://notopenai.com/v1", "max_tokens"),
    ],
)
def test_the_limit_of_an_answer_has_the_name_the_endpoint_knows(
    recorded: str, base_url: str, said: str
) -> None:
    """OpenAI's newer models refuse the older word; other servers may know no other."""
    body = body_for(saying(base_url=base_url), a_case(**cast("Any", {recorded: 50})))

    assert {name: value for name, value in body.items() if name.startswith("max_")} == {said: 50}


def test_a_limit_replaces_a_recorded_one_of_another_name() -> None:
    """Two limits in one request are refused by the API."""
    case = a_case(max_completion_tokens=900)

    body = body_for(saying(params={"max_output_tokens": 50}), case)

    assert {name: value for name, value in body.items() if name.startswith("max_")} == {
        "max_tokens": 50
    }


def test_a_limit_is_taken_away_by_any_of_its_names() -> None:
    """The recorded name need not be known."""
    body = body_for(saying(params={"max_tokens": None}), a_case(max_completion_tokens=900))

    assert not [name for name in body if name.startswith("max_")]


def test_a_chat_is_said_in_items_to_the_responses_api() -> None:
    """Calls, results and the prompt have places of their own there, and nothing is stored."""
    case = a_case(
        max_tokens=50,
        reasoning_effort="low",
        verbosity="low",
        response_format={"type": "json_schema", "json_schema": {"name": "a", "schema": {}}},
        tool_choice={"type": "function", "function": {"name": "refund"}},
    )

    body = body_for(saying(api="responses"), case)

    assert body == {
        "model": "gpt-4o",
        "instructions": "You are the front desk. Be brief.",
        "input": [
            {"role": "user", "content": "Are you free on Friday?"},
            {"role": "assistant", "content": "Let me look."},
            {
                "type": "function_call",
                "call_id": "call_1",
                "name": "find_slots",
                "arguments": '{"day":"Friday"}',
            },
            {"type": "function_call_output", "call_id": "call_1", "output": '["09:30"]'},
        ],
        "tools": [
            {"type": "function", "strict": False, **cast("JsonObject", SLOTS["function"])},
            {"type": "function", "strict": False, **cast("JsonObject", REFUND["function"])},
        ],
        "store": False,
        "max_output_tokens": 50,
        "reasoning": {"effort": "low"},
        "text": {
            "verbosity": "low",
            "format": {"type": "json_schema", "name": "a", "schema": {}},
        },
        "tool_choice": {"type": "function", "name": "refund"},
    }


def test_what_the_responses_api_was_told_is_said_to_the_chat_api() -> None:
    """The same parameters have other names and shapes there."""
    case = a_case(
        max_output_tokens=50,
        reasoning={"effort": "high", "summary": "auto"},
        text={"format": {"type": "json_object"}, "verbosity": "high"},
        tool_choice={"type": "function", "name": "refund"},
    )

    body = body_for(saying(), case)

    assert {name: body[name] for name in body if name not in ("model", "messages", "tools")} == {
        "max_tokens": 50,
        "reasoning_effort": "high",
        "response_format": {"type": "json_object"},
        "verbosity": "high",
        "tool_choice": {"type": "function", "function": {"name": "refund"}},
    }


def test_allowed_tools_keep_their_names_in_both_apis() -> None:
    """The nesting differs, the choice does not."""
    chat = {
        "type": "allowed_tools",
        "allowed_tools": {
            "mode": "auto",
            "tools": [{"type": "function", "function": {"name": "refund"}}],
        },
    }

    body = body_for(saying(api="responses"), a_case(tool_choice=chat))

    assert body["tool_choice"] == {
        "type": "allowed_tools",
        "mode": "auto",
        "tools": [{"type": "function", "name": "refund"}],
    }


def test_parts_of_a_message_stay_parts() -> None:
    """They are named otherwise for each speaker in the Responses API."""
    parts: list[JsonObject] = [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]
    case = a_case(
        messages=[
            {"role": "user", "content": parts},
            {"role": "assistant", "content": parts},
            {"role": "user", "content": "c"},
        ]
    )

    body = body_for(saying(api="responses"), case)

    assert body["input"] == [
        {
            "role": "user",
            "content": [{"type": "input_text", "text": "a"}, {"type": "input_text", "text": "b"}],
        },
        {
            "role": "assistant",
            "content": [{"type": "output_text", "text": "a"}, {"type": "output_text", "text": "b"}],
        },
        {"role": "user", "content": "c"},
    ]


def test_what_cannot_be_said_is_left_out_and_told() -> None:
    """A replay without it is another request, and the reader must know."""
    case = a_case(seed=7, web_search_options={}, extra_body={"top_k": 5, "plugins": ["web"]})
    candidate = saying(api="responses")

    changes = {change.part: change.note for change in differences(candidate, case)}

    assert changes == {
        "params.extra_body.plugins": "the provider could act on it",
        "params.seed": "the Responses API has no such parameter",
        "params.web_search_options": "the provider could act on it",
    }
    assert body_for(candidate, case)["extra_body"] == {"top_k": 5}


def test_a_tool_that_is_not_offered_any_more_cannot_be_chosen() -> None:
    """The API refuses such a request."""
    case = a_case(tool_choice={"type": "function", "function": {"name": "refund"}})
    candidate = saying(tools={"remove": ["refund"]})

    body = body_for(candidate, case)

    assert "tool_choice" not in body
    assert [change.note for change in differences(candidate, case) if change.note] == [
        "the tool it names is not offered"
    ]


def test_without_tools_nothing_is_said_of_them() -> None:
    """The API refuses a choice among none."""
    case = a_case(tool_choice="auto", parallel_tool_calls=False)

    body = body_for(saying(tools={"replace": []}), case)

    assert body.keys() == {"model", "messages"}


def test_tools_are_added_changed_and_removed() -> None:
    """One of the same name gives way, and what is not said stays."""
    candidate = saying(
        tools={
            "add": [{"name": "transfer", "parameters": {"type": "object"}}],
            "remove": ["refund", "never_offered"],
            "change": {"find_slots": {"description": "Find free slots."}},
        }
    )

    tools = tools_of(body_for(candidate, a_case()))

    assert list(tools) == ["find_slots", "transfer"]
    assert tools["find_slots"]["description"] == "Find free slots."
    assert tools["find_slots"]["parameters"] == cast("Any", SLOTS)["function"]["parameters"]


def test_a_decision_without_its_tools_is_asked_with_those_of_the_candidate_only() -> None:
    """Otherwise the model could not do again what it did."""
    case = a_case(tools=(), lacks_tools=True)

    with pytest.raises(CandidateError, match="tools of its own"):
        body_for(saying(model="other"), case)
    body = body_for(saying(tools={"add": [REFUND]}), case)

    assert list(tools_of(body)) == ["refund"]


def test_the_prompt_is_replaced_and_what_is_known_of_the_customer_stays() -> None:
    """Agents tell in a second system message what they know of the one customer."""
    known: JsonObject = {"role": "system", "content": "The customer is Ms. Example."}
    case = a_case(messages=[MESSAGES[0], known, MESSAGES[1]])

    messages = body_for(saying(system="Be kind."), case)["messages"]

    assert messages == [{"role": "system", "content": "Be kind."}, known, MESSAGES[1]]


def test_a_decision_without_a_prompt_is_given_one() -> None:
    """There is nothing it could replace."""
    case = a_case(messages=[MESSAGES[1]])

    messages = body_for(saying(system={"replace": "Be kind."}), case)["messages"]

    assert messages == [{"role": "system", "content": "Be kind."}, MESSAGES[1]]


def test_a_patch_changes_what_it_finds() -> None:
    """The rest of each recorded prompt stays as it was."""
    patch = [
        {"find": "front desk", "replace": "concierge"},
        {"prepend": "First."},
        {"append": "Last."},
    ]

    prompt = prompt_of(saying(system={"patch": patch}), a_case())

    assert prompt == "First.\n\nYou are the concierge. Be brief.\n\nLast."


def test_a_patch_that_finds_nothing_is_a_fault_of_that_decision() -> None:
    """Asked without it, the candidate would be compared under another name."""
    candidate = saying(system={"patch": [{"find": "nowhere", "replace": "x"}]})

    with pytest.raises(CandidateError, match="patch 1 of the system prompt finds nothing"):
        body_for(candidate, a_case())


def test_a_template_is_filled_from_the_versions_and_the_settings_of_the_playbook() -> None:
    """The candidate's settings come over the recorded ones."""
    versions = Versions(
        request_model="gpt-4o",
        playbook_version="3.1",
        playbook_settings='{"tone": "formal", "limits": {"refund_eur": 50}}',
    )
    template = (
        "{{system}} Playbook {{ playbook_version }}, {{settings.tone}}, "
        "up to {{settings.limits.refund_eur}}."
    )
    candidate = saying(
        system={"template": template},
        playbook={"version": "3.2", "settings": {"tone": "warm"}},
    )

    prompt = prompt_of(candidate, a_case(versions=versions))

    assert prompt == "You are the front desk. Be brief. Playbook 3.2, warm, up to 50."


def test_a_template_does_not_fill_what_a_prompt_says() -> None:
    """Braces in a recorded prompt are words, not placeholders."""
    case = a_case(messages=[{"role": "system", "content": "{{model}}"}, MESSAGES[1]])

    assert prompt_of(saying(system={"template": "{{system}}!"}), case) == "{{model}}!"


def test_a_template_that_asks_for_what_was_not_recorded_is_a_fault_of_that_decision() -> None:
    """A prompt with a hole in it is not what anybody wants to try."""
    candidate = saying(system={"template": "Be {{settings.tone}}."})

    with pytest.raises(CandidateError, match=r"'settings\.tone', which the decision does not say"):
        body_for(candidate, a_case())


def test_messages_after_the_prefix_are_asked_behind_it() -> None:
    """A chain goes on with what came next."""
    after: list[JsonObject] = [{"role": "assistant", "content": "09:30?"}]

    messages = cast("list[object]", body_for(saying(), a_case(), after)["messages"])

    assert messages == [*MESSAGES, *after]


def test_a_decision_that_says_no_model_needs_one() -> None:
    """There is nobody to ask."""
    case = a_case(versions=Versions())

    with pytest.raises(CandidateError, match="which model"):
        body_for(saying(system="Be kind."), case)

    assert body_for(saying(model="other"), case)["model"] == "other"


def test_differences_tell_each_part_that_is_asked_otherwise() -> None:
    """What is the same is not among them."""
    candidate = saying(
        model="gpt-5.4-mini",
        params={"temperature": 0},
        system={"patch": [{"find": "Be brief.", "replace": "Be thorough."}]},
        playbook={"version": "3.2"},
        tools={"remove": ["refund"]},
    )

    changes = {change.part: change for change in differences(candidate, a_case(temperature=0.2))}

    assert list(changes) == [
        "model",
        "system",
        "playbook_version",
        "params.temperature",
        "tools.refund",
    ]
    assert (changes["model"].recorded, changes["model"].candidate) == ("gpt-4o", "gpt-5.4-mini")
    assert changes["system"].diff.splitlines()[1:] == [
        "-You are the front desk. Be brief.",
        "+You are the front desk. Be thorough.",
    ]


def test_the_recorded_version_differs_in_nothing() -> None:
    """The noise floor asks the same again."""
    case = a_case(temperature=0.2, seed=7, tool_choice="auto")

    assert differences(unchanged(saying(model="other")), case) == ()


def test_a_question_has_one_key_however_it_is_written() -> None:
    """The order of names says nothing; arm, address and words do."""
    candidate = saying()
    body = body_for(candidate, a_case(temperature=0.2))
    turned = dict(reversed(body.items()))
    elsewhere = saying(base_url="https://other.example/v1")

    key = cache_key(candidate, body, Arm.CANDIDATE)

    assert key == cache_key(candidate, turned, Arm.CANDIDATE)
    assert key != cache_key(candidate, body, Arm.REPEAT)
    assert key != cache_key(elsewhere, body, Arm.CANDIDATE)
    assert key != cache_key(candidate, {**body, "temperature": 0.3}, Arm.CANDIDATE)


def test_a_candidate_says_what_the_redacted_record_says() -> None:
    """A patch finds a phone number that became a token when the prompt was recorded."""
    redactor = Redactor(key=b"0" * 32)
    spoken = "Call +49 30 901820 if in doubt."
    recorded = redactor.text(spoken, tenant="acme")
    case = a_case(messages=[{"role": "system", "content": recorded}, MESSAGES[1]])
    candidate = saying(
        system={"patch": [{"find": "+49 30 901820", "replace": "the desk"}]},
        playbook={"settings": {"mail": ["jane.roe@example.org"]}},
        params={"stop": ["+49 30 901820"]},
    )

    clean = redacted(candidate, redactor, "acme")

    assert prompt_of(clean, case) == "Call the desk if in doubt."
    assert "901820" not in json.dumps(clean.document())
    assert "jane.roe" not in json.dumps(clean.document())


def test_the_local_model_is_named_for_what_it_is() -> None:
    """Its address is known only while it runs, and it needs no key."""
    candidate = candidate_from({"endpoint": "local"})

    assert (candidate.endpoint.base_url, candidate.model) == (LOCAL, LOCAL_MODEL)
    assert candidate.endpoint.key_variable == ""
    assert candidate_from(candidate.document()) == candidate


def test_the_address_that_the_environment_names_is_asked_unless_another_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The key in the environment is one for that address."""
    monkeypatch.setenv("OPENAI_BASE_URL", "https://gateway.example/v1/")

    named = candidate_from({"model": "a", "base_url": ELSEWHERE})
    silent = candidate_from({"model": "a"})

    assert (named.endpoint.base_url, silent.endpoint.base_url) == (
        ELSEWHERE,
        "https://gateway.example/v1",
    )


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "model": st.sampled_from(["a", "b"]),
            "key_variable": st.sampled_from(["", "MY_KEY"]),
            "params": st.fixed_dictionaries(
                {}, optional={"temperature": st.none() | st.floats(0, 2), "seed": st.integers()}
            ),
            "system": st.text(min_size=1)
            | st.lists(
                st.fixed_dictionaries({"find": st.text(min_size=1), "replace": st.text()})
                | st.fixed_dictionaries({"append": st.text(min_size=1)}),
                min_size=1,
            ).map(lambda patch: {"patch": patch}),
            "playbook": st.fixed_dictionaries({"version": st.text(min_size=1, max_size=9)}),
            "tools": st.fixed_dictionaries(
                {},
                optional={
                    "replace": st.lists(st.just(SLOTS)),
                    "remove": st.lists(st.sampled_from(["refund"]), max_size=1),
                },
            ),
        },
    )
)
def test_a_document_says_all_of_a_candidate(document: dict[str, object]) -> None:
    """A run stores the document, and asks what it says."""
    candidate = saying(**document)

    again = candidate_from(json.loads(json.dumps(candidate.document())))

    assert again == candidate


def test_a_file_is_read_with_the_prompt_beside_it(tmp_path: Path) -> None:
    """A prompt is easier to write in a file of its own."""
    (tmp_path / "prompt.txt").write_text("Be kind.\n")
    path = written(
        tmp_path,
        "model: gpt-5.4-mini\nsystem:\n  replace_file: prompt.txt\nparams: {temperature: 0.5}\n",
    )

    candidate = load_candidate(path)

    assert candidate.name == "candidate"
    assert candidate.system.replace == "Be kind."
    assert candidate.params == {"temperature": 0.5}


def test_every_fault_of_a_file_is_told_with_its_line(tmp_path: Path) -> None:
    """Nobody wants to find them one by one."""
    path = written(
        tmp_path,
        "modle: gpt-4o\n"
        "params: {temperature: 3}\n"
        "key_variable: sk-live-secret\n"
        "base_url: https://user:hunter2@models.example/v1\n"
        "system: {patch: [{find: a}]}\n"
        "tools:\n"
        "  add:\n"
        "    - {name: look up, callable: os.system}\n",
    )

    lines = refusal(path)

    assert lines[0] == "the candidate cannot be used, for 7 reasons:"
    assert [line.split(": ")[0] for line in lines[1:]] == [
        "candidate.yaml:1",
        "candidate.yaml:2",
        "candidate.yaml:3",
        "candidate.yaml:4",
        "candidate.yaml:5",
        "candidate.yaml:8",
        "candidate.yaml:8",
    ]
    assert "Did you mean 'model'?" in lines[1]


def test_no_fault_quotes_what_may_be_a_secret(tmp_path: Path) -> None:
    """People put keys where names belong."""
    path = written(
        tmp_path,
        "key_variable: sk-live-secret\nbase_url: https://user:hunter2@models.example/v1\n",
    )

    text = "\n".join(refusal(path))

    assert "sk-live" not in text
    assert "hunter2" not in text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "nothing is given"),
        ("{}", "a map is given"),
        ("- a", "a list is given"),
        ("model: 5", "in quotes if it is a number"),
        ("endpoint: local\nmodel: gpt-4o", "the local endpoint has its own"),
        ("endpoint: local\napi: responses", "chat API only"),
        ("endpoint: elsewhere", "allowed: local"),
        ("system: {replace: a, template: b}", "a map of one of replace"),
        ("system: {template: 'Be {{ tone }}.'}", "'tone' is no placeholder"),
        ("system: {replace_file: missing.txt}", "No such file"),
        ("system: {patch: []}", "at least one change"),
        ("tools: {add: [{name: a, parameters: {type: 5}}]}", "no JSON schema"),
        ("tools: {add: [{type: web_search, name: a}]}", "allowed: function"),
        ("params: {extra_body: {plugins: [web]}}", "no such setting"),
        ("params: {stream: true}", "no such setting"),
        ("model: a\nmodel: b", "stands twice"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """Each with what is allowed instead."""
    lines = refusal(written(tmp_path, text))

    assert any(said in line for line in lines), lines


def test_a_file_names_none_outside_its_folder(tmp_path: Path) -> None:
    """A candidate out of a change somebody proposed must not send a build's files to a model."""
    (tmp_path / "secret.txt").write_text("of the build\n")
    folder = tmp_path / "candidates"
    folder.mkdir()
    (folder / "linked.txt").symlink_to(tmp_path / "secret.txt")

    for name in ("../secret.txt", str(tmp_path / "secret.txt"), "linked.txt"):
        lines = refusal(written(folder, f"system: {{replace_file: '{name}'}}"))
        assert any("outside the candidate's folder" in line for line in lines), lines


def test_a_document_names_no_files(tmp_path: Path) -> None:
    """It comes from a page: whose files would those be."""
    with pytest.raises(CandidateError, match="only a candidate that is a file"):
        candidate_from({"system": {"replace_file": str(tmp_path / "prompt.txt")}})
