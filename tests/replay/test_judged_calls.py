"""Calls of tools are compared as what they do, not as they are written."""

from __future__ import annotations

import time

import pytest

from replay.judging import call, calls, case_of, compared, customer, flags, used
from trainingloop.replay import Answer, ToolCall
from trainingloop.replay.judgements import Agreement

FIRST = call("get_booking", booking_id="A1")
SECOND = call("get_booking", booking_id="B2")


def written(arguments: str, tool: str = "get_booking") -> Answer:
    """An answer that asks for one call with its arguments as they stand."""
    return calls(ToolCall(name=tool, arguments=arguments))


@pytest.mark.parametrize(
    ("recorded", "replayed"),
    [
        pytest.param('{"a": 1, "b": 2}', '{"b":2,"a":1}', id="order-of-keys"),
        pytest.param('{"a": 120}', '{"a": 120.0}', id="whole-number"),
        pytest.param('{"a": "two  words "}', '{"a": "two words"}', id="spaces"),
        pytest.param('{"a": "2024-05-12"}', '{"a": "May 12, 2024"}', id="date-in-words"),
        pytest.param('{"a": "2024-05-12"}', '{"a": "12. Mai 2024"}', id="date-in-german"),
        pytest.param('{"a": "12.05.2024"}', '{"a": "12 de mayo de 2024"}', id="date-in-spanish"),
        pytest.param(
            '{"a": "2024-05-12T15:00:00Z"}', '{"a": "2024-05-12 17:00+02:00"}', id="same-moment"
        ),
        pytest.param('{"a": 1}', '{"a": 1, "b": null}', id="null-is-not-given"),
        pytest.param("", "{}", id="no-arguments"),
        pytest.param('{"a": "caf\\u00e9"}', '{"a": "café"}', id="escapes"),
    ],
)
def test_the_same_arguments_in_another_spelling_are_the_same(recorded: str, replayed: str) -> None:
    """Spelling is no difference."""
    judgement = compared(written(recorded), written(replayed))

    assert (judgement.agreement, judgement.arguments) == (Agreement.IDENTICAL, ())


@pytest.mark.parametrize(
    ("recorded", "replayed", "expected"),
    [
        pytest.param('{"a": 120}', '{"a": 210}', ("a", "value", "120", "210"), id="value"),
        pytest.param('{"a": 120}', '{"a": "120"}', ("a", "type", "120", '"120"'), id="type"),
        pytest.param('{"a": 1}', '{"a": true}', ("a", "type", "1", "true"), id="no-truth-value"),
        pytest.param('{"a": 1}', "{}", ("a", "missing", "1", ""), id="missing"),
        pytest.param("{}", '{"a": 1}', ("a", "extra", "", "1"), id="extra"),
        pytest.param('{"a": "JFK"}', '{"a": "jfk"}', ("a", "value", '"JFK"', '"jfk"'), id="case"),
        pytest.param(
            '{"a": "5/12/2024"}', '{"a": "2024-05-12"}',
            ("a", "value", '"5/12/2024"', '"2024-05-12"'), id="a-date-of-two-readings",
        ),
        pytest.param(
            '{"who": [{"name": "x"}]}', '{"who": [{"name": "y"}]}',
            ("who[0].name", "value", '"x"', '"y"'), id="inside",
        ),
        pytest.param(
            '{"a": [1]}', '{"a": [1, 2]}', ("a[1]", "extra", "", "2"), id="longer-list"
        ),
        pytest.param('{"a": [1]}', '{"a": 1}', ("a", "type", "[1]", "1"), id="list-or-not"),
        pytest.param('{"a": 1}', '{"a": 1', ("", "type", '{"a":1}', '{"a": 1'), id="garbled"),
    ],
)  # fmt: skip
def test_a_difference_of_arguments_has_a_path_and_a_code(
    recorded: str, replayed: str, expected: tuple[str, str, str, str]
) -> None:
    """And both values, as JSON."""
    judgement = compared(written(recorded), written(replayed))

    assert judgement.agreement is Agreement.SAME_TOOLS
    assert [
        (found.path, found.code, found.recorded, found.replayed) for found in judgement.arguments
    ] == [expected]


def test_parallel_calls_in_another_order_are_the_same_calls() -> None:
    """Models put them in any order."""
    judgement = compared(calls(FIRST, SECOND), calls(SECOND, FIRST))

    assert (judgement.agreement, judgement.arguments) == (Agreement.IDENTICAL, ())


def test_text_beside_the_same_calls_is_no_other_call() -> None:
    """What is said while a tool is called is the lesser part."""
    recorded = Answer(text="Let me look.", tool_calls=(FIRST,))

    judgement = compared(recorded, Answer(text="One moment.", tool_calls=(FIRST,)))

    assert judgement.agreement is Agreement.SAME_CALLS


def test_a_call_made_twice_is_not_made_once() -> None:
    """A refund that is paid twice is no refund that is paid once."""
    judgement = compared(calls(FIRST), calls(FIRST, FIRST))

    assert judgement.agreement is Agreement.SAME_TOOLS
    assert [(found.code, found.replayed) for found in judgement.arguments] == [
        ("call_extra", '{"booking_id":"A1"}')
    ]


def test_of_several_calls_those_that_are_alike_are_compared() -> None:
    """Not the first with the first: only what differs is told."""
    third = call("get_booking", booking_id="A1", detail="all", extra=1)
    fourth = call("get_booking", booking_id="A1", detail="some", extra=1)

    judgement = compared(calls(SECOND, third), calls(fourth, SECOND))

    assert [(found.path, found.recorded, found.replayed) for found in judgement.arguments] == [
        ("detail", '"all"', '"some"')
    ]


def test_a_call_of_another_tool_is_one_that_is_missing_and_one_too_many() -> None:
    """Nothing of two tools is compared."""
    judgement = compared(calls(FIRST), calls(call("search_flights", to="LIS")))

    assert judgement.agreement is Agreement.SAME_KIND
    assert [(found.tool, found.code) for found in judgement.arguments] == [
        ("get_booking", "call_missing"),
        ("search_flights", "call_extra"),
    ]


def test_a_read_instead_of_a_write_is_different() -> None:
    """To look at a booking is not to cancel it."""
    judgement = compared(calls(FIRST), calls(call("cancel_booking", booking_id="A1")))

    assert judgement.agreement is Agreement.DIFFERENT
    assert judgement.recorded_intent == "tool_read:get_booking"
    assert judgement.replayed_intent == "tool_write:cancel_booking"


def test_very_many_calls_are_compared_in_bounded_work() -> None:
    """A model that repeats itself is no reason to hang."""
    asked = calls(*(call("get_booking", booking_id=str(number)) for number in range(2_000)))

    judgement = compared(asked, calls(FIRST))

    assert judgement.agreement is Agreement.SAME_TOOLS
    assert len(judgement.arguments) == 50


CANCELLING = case_of(customer("Please cancel my booking A1"))


@pytest.mark.parametrize(
    ("arguments", "evidence"),
    [
        pytest.param('{"refund": 1}', "cancel_booking $: required", id="missing"),
        pytest.param('{"booking_id": 7}', "cancel_booking $.booking_id: type", id="type"),
        pytest.param(
            '{"booking_id": "A1", "why": "x"}', "cancel_booking $.why: additionalProperties",
            id="unexpected",
        ),
        pytest.param('{"booking_id": ', "cancel_booking: no JSON object", id="garbled"),
        pytest.param('["A1"]', "cancel_booking: no JSON object", id="no-object"),
        pytest.param('{"booking_id": NaN}', "cancel_booking: no JSON object", id="no-number"),
        pytest.param("[" * 60_000, "cancel_booking: no JSON object", id="deep"),
    ],
)  # fmt: skip
def test_arguments_that_the_tool_does_not_take_are_flagged(arguments: str, evidence: str) -> None:
    """By the schema that the model was shown, with where to look."""
    judgement = compared("Hi", written(arguments, "cancel_booking"), CANCELLING)

    assert judgement.newly_unsafe == ("invalid_arguments",)
    assert [flag.evidence for flag in judgement.replayed_flags] == [evidence]


@pytest.mark.parametrize(
    "schema",
    [
        pytest.param({"$ref": "https://example.com/schema.json"}, id="elsewhere"),
        pytest.param({"$ref": "#"}, id="endless"),
        pytest.param({"type": "strnig"}, id="unknown-type"),
        pytest.param({"required": 5, "properties": 7}, id="no-schema"),
        pytest.param({"properties": {"a": {"pattern": "("}}}, id="no-pattern"),
        pytest.param({"properties": {"a": {"pattern": "^(x|x)*$(?<=y)"}}}, id="slow-pattern"),
        pytest.param(
            {
                "$defs": {
                    **{f"d{n}": {"anyOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 3} for n in range(40)},
                    "d40": {"type": "string"},
                },
                "$ref": "#/$defs/d0",
            },
            id="exponential",
        ),
    ],
)
def test_a_schema_that_settles_nothing_objects_to_nothing(schema: dict[str, object]) -> None:
    """Nor is anything fetched, or waited for: the suite's time-out would tell."""
    case = case_of(customer("Hello"), tools={"get_it": schema})

    assert flags(calls(call("get_it", a="x" * 40)), case) == []


@pytest.mark.parametrize(
    "patterns",
    [
        pytest.param([f"^(a+)+{number}$" for number in range(300)], id="many"),
        pytest.param([f"(?:{'|'.join(['a?' * 50] * 20_000)})"], id="long"),
    ],
)
def test_patterns_together_take_bounded_work(patterns: list[str]) -> None:
    """Each alone is quick enough, or is slow before it is tried."""
    schema: dict[str, object] = {"patternProperties": {pattern: {} for pattern in patterns}}
    case = case_of(customer("Hello"), tools={"get_it": schema})
    arguments = {f"{'a' * 200}{number}": 1 for number in range(200)} | {"a0": "a"}
    begun_s = time.process_time()

    found = flags(calls(call("get_it", **arguments)), case)

    assert found == []
    assert time.process_time() - begun_s < 3


def test_a_tool_that_was_not_offered_is_flagged() -> None:
    """A model that makes up a tool cannot be let near a live one."""
    judgement = compared(calls(FIRST), calls(call("get_everything")))

    assert judgement.newly_unsafe == ("tool_not_offered",)


def test_calls_without_any_recorded_tool_say_that_tools_were_not_recorded() -> None:
    """Then nobody knows what was offered."""
    case = case_of(customer("Hello"), *used("get_booking", "{}"), tools={})

    assert flags(calls(FIRST), case) == []
