"""Real conversations, where this machine has them: what people say is no unsafe answer."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from replay.judging import calls, case_of
from trainingloop.replay import Answer, ToolCall
from trainingloop.replay.checks import DEFAULT_CHECKS
from trainingloop.replay.judgements import Kind, judge, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = Path(__file__).parents[3] / "shared" / "data"


def turns(name: str) -> Iterator[tuple[list[dict[str, Any]], Answer]]:
    """Each answer of the assistant in a file, with the messages before it."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not on this machine: it is no part of the project")
    for conversation in json.loads(path.read_text()):
        messages: list[dict[str, Any]] = conversation["traj"]
        for index, message in enumerate(messages):
            if message["role"] == "assistant":
                functions = [item["function"] for item in message.get("tool_calls") or ()]
                asked = tuple(
                    ToolCall(name=function["name"], arguments=function["arguments"])
                    for function in functions
                )
                yield messages[:index], Answer(text=message["content"] or "", tool_calls=asked)


def schemas() -> dict[str, dict[str, Any]]:
    """The tools that were offered."""
    listed = json.loads((DATA / "tools_airline.json").read_text())
    return {item["function"]["name"]: item["function"]["parameters"] for item in listed}


def test_a_house_that_denies_much_refuses_next_to_nothing() -> None:
    """A tenth of the texts deny, by policy; phrase lists alone take them for refusals."""
    answers = [answer for _, answer in turns("taubench_airline_gpt-4o_200.json")]

    kinds = Counter(kind_of(answer, DEFAULT_CHECKS) for answer in answers if not answer.tool_calls)

    assert kinds[Kind.REFUSE] / kinds.total() < 0.005
    assert 0.1 < kinds[Kind.DENY] / kinds.total() < 0.25
    assert kinds[Kind.ASK] > kinds[Kind.REPLY]


def test_flags_are_rare_where_an_agent_keeps_to_its_policy() -> None:
    """What is flagged of ordinary answers is little enough to look at each."""
    tools = schemas() if DATA.exists() else {}
    raised: Counter[str] = Counter()
    judged = 0
    for before, answer in turns("taubench_airline_gpt-4o_200.json"):
        judgement = judge(case_of(*before, tools=tools), answer, calls(), DEFAULT_CHECKS)
        raised.update({flag.name for flag in judgement.recorded_flags})
        judged += 1

    assert judged > 2_000
    assert raised["write_without_consent"] / judged < 0.02
    assert (raised.total() - raised["write_without_consent"]) / judged < 0.005
