"""What a transcript's messages become: decisions, executions, inbound events."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from support.transcripts import (
    SETTINGS,
    asked,
    assistant,
    decisions,
    good,
    spans,
    told,
    user,
    values,
)
from trainingloop.instrumentation import semconv
from trainingloop.instrumentation.keys import INSTALLATION, Key
from trainingloop.transcripts import SpanSettings, batches, spans_of

if TYPE_CHECKING:
    from support.transcripts import WritesRows

BOOKING = [
    {"role": "system", "content": "You book tables."},
    user("A table, please"),
    asked("book", "c1", '{"seats": 2}'),
    told("done", "c1"),
    assistant("It is booked."),
]


def test_each_message_becomes_what_it_is(write: WritesRows) -> None:
    """A user's message is an event, an answer a decision, a result an execution."""
    path = write([{"messages": BOOKING, "model": "gpt-4o"}])

    names = [(span.name, span.kind) for span in spans(path)]

    assert names == [
        ("record inbound", Span.SPAN_KIND_INTERNAL),
        ("chat gpt-4o", Span.SPAN_KIND_CLIENT),
        ("execute_tool book", Span.SPAN_KIND_INTERNAL),
        ("chat gpt-4o", Span.SPAN_KIND_CLIENT),
    ]


def test_a_decision_knows_the_messages_before_it_and_nothing_else(write: WritesRows) -> None:
    """The whole first decision, attribute by attribute."""
    path = write([{"id": "c-17", "messages": BOOKING, "model": "gpt-4o"}])

    first = decisions(path)[0]

    call = {"type": "tool_call", "id": "c1", "name": "book", "arguments": {"seats": 2}}
    assert first == {
        semconv.OPERATION_NAME: "chat",
        semconv.PROVIDER_NAME: "openai",
        semconv.REQUEST_MODEL: "gpt-4o",
        semconv.FINISH_REASONS: ["tool_call"],
        semconv.INPUT_MESSAGES: [
            {"role": "system", "parts": [{"type": "text", "content": "You book tables."}]},
            {"role": "user", "parts": [{"type": "text", "content": "A table, please"}]},
        ],
        semconv.OUTPUT_MESSAGES: [
            {"role": "assistant", "parts": [call], "finish_reason": "tool_call"}
        ],
        semconv.TENANT_ID: "default",
        semconv.CONVERSATION_ID: "c-17",
        semconv.SOURCE: "import",
        semconv.TURN_INDEX: 1,
    }


def test_an_execution_has_the_arguments_of_its_call(write: WritesRows) -> None:
    """A result stands alone in a transcript; its span says what was asked, too."""
    path = write([{"id": "c-17", "messages": BOOKING}])

    run = values(spans(path)[2])

    assert run[semconv.TOOL_CALL_ID] == "c1"
    assert run[semconv.TOOL_CALL_ARGUMENTS] == {"seats": 2}
    assert run[semconv.TOOL_CALL_RESULT] == "done"


def test_a_failed_tool_is_an_error(write: WritesRows) -> None:
    """``error: true`` of a result is the status of its span."""
    path = write([{"messages": [user(), asked("book"), told("no such table", error=True)]}])

    run = spans(path)[-1]

    assert run.status.code == Status.STATUS_CODE_ERROR
    assert values(run)[semconv.ERROR_TYPE] == "tool_error"


def test_text_and_tool_calls_in_one_message_are_one_decision(write: WritesRows) -> None:
    """Both are in its output, the text first."""
    both = {**asked("book"), "content": "One moment."}
    path = write([{"messages": [user(), both]}])

    found = decisions(path)

    output = found[0][semconv.OUTPUT_MESSAGES]
    assert len(found) == 1
    assert [part["type"] for part in output[0]["parts"]] == ["text", "tool_call"]  # type: ignore[index]  # JSON


def test_fourteen_parallel_calls_are_one_decision_and_fourteen_calls(write: WritesRows) -> None:
    """However many tools a turn asks for, it is one turn."""
    calls = [
        {"id": f"c{number}", "function": {"name": "look", "arguments": "{}"}}
        for number in range(14)
    ]
    results = [told("found", f"c{number}") for number in range(14)]
    path = write([{"messages": [user(), assistant(None, tool_calls=calls), *results]}])

    conversation = good(path)[0]

    assert (conversation.decisions, conversation.tool_calls) == (1, 14)
    assert [span.name for span in spans(path)].count("execute_tool look") == 14


def test_an_id_used_for_several_calls_becomes_several_ids(write: WritesRows) -> None:
    """Calls are counted by their ids, and recorded sets use one id twice in a conversation."""
    messages = [user(), asked("look"), told("one"), asked("book"), told("two"), assistant()]
    path = write([{"messages": messages}])

    runs = [values(span) for span in spans(path) if span.name.startswith("execute_tool")]

    assert [run[semconv.TOOL_CALL_ID] for run in runs] == ["c1", "c1#2"]
    assert [run[semconv.TOOL_CALL_RESULT] for run in runs] == ["one", "two"]
    history = json.dumps(decisions(path)[-1][semconv.INPUT_MESSAGES])
    assert history.count('"c1#2"') == 2


def test_calls_without_ids_are_matched_by_name(write: WritesRows) -> None:
    """The chat API before tools had one function call and no id."""
    legacy = assistant(None, function_call={"name": "book", "arguments": "{}"})
    result = {"role": "function", "name": "book", "content": "done"}
    path = write([{"messages": [user(), legacy, result]}])

    run = values(spans(path)[-1])

    assert run[semconv.TOOL_CALL_ID] == "call_1_1"
    assert run[semconv.TOOL_CALL_RESULT] == "done"


def test_tools_the_user_called_are_nobodys_decision(write: WritesRows) -> None:
    """Neither call nor result is stored, and no later decision knew of them."""
    by_user = {**asked("reboot", "u1"), "role": "user"}
    result = told("rebooted", "u1", requestor="user")
    path = write([{"messages": [user(), by_user, result, assistant("Better now?")]}])

    found = spans(path)

    assert [span.name for span in found] == ["record inbound", "chat"]
    assert "reboot" not in str(values(found[-1]))


def test_a_result_nobody_asked_for_is_known_but_no_execution(write: WritesRows) -> None:
    """A transcript that was cut at its beginning has results without calls."""
    path = write([{"messages": [told("found it", "c9"), assistant()]}])

    found = spans(path)

    assert [span.name for span in found] == ["chat"]
    assert "found it" in str(values(found[0]))


def test_arguments_that_are_no_json_stay_as_they_were_written(write: WritesRows) -> None:
    """A model may write anything there."""
    path = write([{"messages": [user(), asked("book", "c1", '{"seats": ')]}])

    output = decisions(path)[0][semconv.OUTPUT_MESSAGES]

    assert output[0]["parts"][0]["arguments"] == '{"seats": '  # type: ignore[index]  # JSON


def test_what_is_no_text_is_mentioned_and_not_stored(write: WritesRows) -> None:
    """A picture is megabytes, and may show anybody."""
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    path = write([{"messages": [user([{"type": "text", "text": "see"}, picture]), assistant()]}])

    known = decisions(path)[0][semconv.INPUT_MESSAGES]

    assert known[0]["parts"] == [  # type: ignore[index]  # JSON
        {"type": "text", "content": "see"},
        {"type": "image_url", "omitted": "no text"},
    ]


def test_the_model_that_answered_is_believed_over_the_header(write: WritesRows) -> None:
    """Headers are known to name another model than the one that was called."""
    answered = assistant(raw_data={"model": "claude-x-1", "id": "msg_1"})
    path = write([{"model": "openai/gpt-4o", "messages": [user(), answered, assistant()]}])

    first, second = decisions(path)

    assert (first[semconv.REQUEST_MODEL], first[semconv.RESPONSE_MODEL]) == ("claude-x-1",) * 2
    assert first[semconv.PROVIDER_NAME] == "anthropic"
    assert second[semconv.REQUEST_MODEL] == "gpt-4o"
    assert semconv.RESPONSE_MODEL not in second


def test_the_dated_form_of_a_model_does_not_replace_its_name(write: WritesRows) -> None:
    """``gpt-4o`` was asked for and ``gpt-4o-2024-11-20`` answered: both are facts."""
    answered = assistant(raw_data={"model": "gpt-4o-2024-11-20"})
    path = write([{"model": "gpt-4o", "messages": [user(), answered]}])

    decision = decisions(path)[0]

    assert decision[semconv.REQUEST_MODEL] == "gpt-4o"
    assert decision[semconv.RESPONSE_MODEL] == "gpt-4o-2024-11-20"


def test_call_parameters_are_taken_by_an_allow_list(write: WritesRows) -> None:
    """Recorded parameters are known to hold API keys, headers and base URLs."""
    secret = {"api_key": "sk-not-a-real-key-000000", "api_base": "x", "temperature": 0.5}
    document = {
        "info": {"agent_info": {"llm": "gpt-4o", "llm_args": secret}},
        "simulations": [{"id": "s1", "seed": 7, "messages": [user(), assistant()]}],
    }
    path = write(document)

    found = spans(path)

    assert values(found[1])[semconv.REQUEST_PARAMS] == {"temperature": 0.5}
    assert all(b"sk-not" not in span.SerializeToString() for span in found)


def test_versions_and_customer_come_from_the_metadata(write: WritesRows) -> None:
    """Flat or nested; the customer as a pseudonym only."""
    metadata = {
        "customer": "crm-42",
        "channel": "email",
        "playbook": {"id": "booking", "version": "3.2"},
        "prompt_name": "greeter",
        "prompt_version": 7,
        "experiment": {"id": "tone", "variant": "warm"},
        "code_version": "0123456789abcdef0123456789abcdef01234567",
    }
    path = write([{"messages": [user(), assistant()], "metadata": metadata}])

    decision = decisions(path)[0]

    assert decision[semconv.CHANNEL] == "email"
    assert decision[semconv.PLAYBOOK_ID] == "booking"
    assert decision[semconv.PLAYBOOK_VERSION] == "3.2"
    assert decision[semconv.PROMPT_NAME] == "greeter"
    assert decision[semconv.PROMPT_VERSION] == "7"
    assert decision[semconv.EXPERIMENT_VARIANT] == "warm"
    assert str(decision[semconv.CODE_VERSION]).startswith("0123456")
    assert len(str(decision[semconv.ENDUSER_PSEUDO_ID])) == 16
    assert "crm-42" not in str(decision)


def test_tools_are_stored_in_the_form_of_the_conventions(write: WritesRows) -> None:
    """OpenAI nests the function; the store does not."""
    tool = {"type": "function", "function": {"name": "book", "parameters": {"type": "object"}}}
    path = write([{"messages": [user(), assistant()], "tools": [tool, {"no": "name"}]}])

    decision = decisions(path)[0]

    assert decision[semconv.TOOL_DEFINITIONS] == [
        {"type": "function", "name": "book", "parameters": {"type": "object"}}
    ]


def test_reading_twice_gives_the_same_spans(write: WritesRows) -> None:
    """So that importing twice stores once."""
    path = write([{"messages": BOOKING}, {"messages": BOOKING}])

    once, twice = spans(path), spans(path)

    assert [span.SerializeToString() for span in once] == [
        span.SerializeToString() for span in twice
    ]
    assert len({span.span_id for span in once}) == len(once)


def test_a_conversation_that_went_on_keeps_its_ids(write: WritesRows) -> None:
    """What was imported before is the same decision in the longer transcript."""
    short = spans(write([{"id": "c", "messages": BOOKING}], "a.json"))

    long = spans(write([{"id": "c", "messages": [*BOOKING, user("Thanks")]}], "b.json"))

    assert [span.span_id for span in long[:-1]] == [span.span_id for span in short]
    assert {span.trace_id for span in long} == {span.trace_id for span in short}


def test_two_rows_of_one_id_lose_nothing(write: WritesRows) -> None:
    """Ids are of the content too."""
    rows = [{"id": "c", "messages": [user("a"), assistant()]}]
    rows += [{"id": "c", "messages": [user("b"), assistant("ho")]}]

    found = spans(write(rows))

    assert len({span.span_id for span in found}) == 4


def test_a_history_beyond_its_bound_keeps_the_system_prompt_and_the_newest(
    write: WritesRows,
) -> None:
    """A decision says how many messages it does not show."""
    many = [user(f"{number:05d}" + "x" * 4000) for number in range(600)]
    messages = [{"role": "system", "content": "be kind"}, *many, assistant()]

    known = decisions(write([{"messages": messages}]))[0][semconv.INPUT_MESSAGES]

    text = json.dumps(known)
    assert len(text) < 1_100_000
    assert "be kind" in text
    assert "00599x" in text
    assert '"omitted_messages": ' in text
    assert "00000x" not in text


def test_a_text_of_megabytes_is_left_out_as_a_whole(write: WritesRows) -> None:
    """Half a prompt would be one that nobody wrote."""
    path = write([{"messages": [{"role": "system", "content": "x" * 5_000_000}, assistant()]}])

    known = decisions(path)[0][semconv.INPUT_MESSAGES]

    assert known[0]["parts"][0]["content"] == "[omitted: a text of 5000000 characters]"  # type: ignore[index]  # JSON


def test_batches_are_bounded_in_spans_and_bytes(write: WritesRows) -> None:
    """A receiver refuses larger ones as a whole."""
    path = write([{"messages": [user("x" * 20_000), assistant()] * 400}])

    found = [batch.resource_spans[0].scope_spans[0].spans for batch in batches(spans(path))]

    assert sum(map(len, found)) == 800
    assert max(map(len, found)) <= 256
    assert max(sum(span.ByteSize() for span in batch) for batch in found) <= 4 * 1024 * 1024


def test_a_tenant_has_ids_of_its_own(write: WritesRows) -> None:
    """One file imported for two tenants is two sets of decisions."""
    conversation = good(write([{"messages": BOOKING}]))[0]
    other = SpanSettings(tenant="acme", keys=SETTINGS.keys, end_ns=SETTINGS.end_ns)

    ours = {span.span_id for span in spans_of(conversation, SETTINGS)}
    theirs = {span.span_id for span in spans_of(conversation, other)}

    assert ours.isdisjoint(theirs)


def test_a_rotation_makes_no_second_copy(write: WritesRows) -> None:
    """The ids of an import outlast the tenant's key, those of its customers do not."""
    facts = {"messages": BOOKING, "metadata": {"customer": "crm-42"}}
    conversation = good(write([facts]))[0]
    rotated = SETTINGS.keys.with_current(INSTALLATION, Key.of(b"another key of sixteen"))
    other = SpanSettings(tenant=SETTINGS.tenant, keys=rotated, end_ns=SETTINGS.end_ns)

    before, after = list(spans_of(conversation, SETTINGS)), list(spans_of(conversation, other))

    assert [span.span_id for span in after] == [span.span_id for span in before]
    assert [span.trace_id for span in after] == [span.trace_id for span in before]
    assert after != before


@pytest.mark.parametrize("name", ["messages", "traj"])
def test_conversations_without_an_id_are_named_after_file_task_and_trial(
    write: WritesRows, name: str
) -> None:
    """The same task in another file is another conversation."""
    path = write([{name: BOOKING, "task_id": 3, "trial": 0}, {name: BOOKING}], "run one.json")

    assert [conversation.id for conversation in good(path)] == ["run one-3-0", "run one-2"]
