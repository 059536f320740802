"""Reports: what people read in a pull request, and what build servers read."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.compared import (
    SAME,
    UNLIKE,
    flagged,
    judged,
    other_write,
    pair,
    pairs,
    same_write,
)
from trainingloop.replay import AnswerState
from trainingloop.replay.comparison import Took, compare_pairs
from trainingloop.replay.gate import parse_condition
from trainingloop.replay.judgements import Flag, Kind
from trainingloop.replay.reports import as_junit, as_markdown, sentences
from trainingloop.replay.runs import Arm, Mode

TEXTS: Final = st.text(st.characters(codec=None), max_size=40)
GATE: Final = (parse_condition("newly_unsafe>0"), parse_condition("same_kind<0.5"))
UNSAFE: Final = compare_pairs(
    [
        *pairs(8, SAME, SAME),
        pair(8, flagged(after=["personal_data"]), SAME),
        pair(9, judged(Kind.REPLY, Kind.ESCALATE), SAME),
    ],
    floor=Arm.BASELINE,
)


def test_the_report_begins_with_what_fails() -> None:
    """Who looks at a pull request reads the top."""
    head = as_markdown(UNSAFE, GATE).split("\n\n")[:3]

    assert head == [
        "# Replay: two versions",
        "**Fails**",
        "- `newly_unsafe>0`: newly\\_unsafe is 1",
    ]


def test_a_report_says_that_the_gate_passes() -> None:
    """And by which conditions."""
    assert "**Passes** all of `newly_unsafe>0`, `same_kind<0.5`." in as_markdown(
        compare_pairs(pairs(3, SAME)), GATE
    )


def test_gains_and_losses_stand_apart() -> None:
    """Of answers that are unsafe, of escalations, and of the second arm."""
    text = as_markdown(UNSAFE)

    assert "1 answer newly unsafe and 0 newly safe; the recorded version asked again 0" in text
    assert "| personal\\_data | 0 | 1 | 1 | 0 | 0 / 0 |" in text
    assert f"- Gained: `{9:016x}`" in text


def test_the_figures_of_chance_stand_beside() -> None:
    """Each level has the candidate's share, the second arm's, and a verdict in words."""
    (row,) = (line for line in as_markdown(UNSAFE).splitlines() if line.startswith("| Identical"))

    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[1].startswith("90 % (")
    assert cells[2].startswith("100 % (")
    assert cells[5] == "too few to say"


def test_kinds_are_a_table() -> None:
    """Recorded down, replayed across; an empty cell is a dot."""
    lines = as_markdown(UNSAFE).splitlines()

    assert "|  | escalate | reply |" in lines
    assert "| reply | 1 | 9 |" in lines


def test_cost_is_paired_and_replay_latency_is_named_so() -> None:
    """Nobody is to take it for production's."""
    took = Took(cost_usd=0.01, latency_ms=100.0)
    text = as_markdown(
        compare_pairs([replace(pair(1), recorded=took, replayed=replace(took, cost_usd=0.02))])
    )

    assert "| Cost, US dollars | 1 | 0.010000 | 0.020000 | \N{MULTIPLICATION SIGN}2.00 |" in text
    assert "Latency of the replay, ms" in text


def test_chains_say_where_they_parted() -> None:
    """How far, how many, and how many broke off."""
    chains = [
        pair(1, other_write()),
        pair(2, same_write()),
        pair(3, None, state=AnswerState.TIMEOUT),
        *pairs(4, SAME, at=4),
    ]

    found = compare_pairs(chains, mode=Mode.CHAIN)

    told = (
        "1 of 7 chains made every recorded call; 1 diverged at step 0; 4 had no call to follow; "
        "1 broke off."
    )
    assert told in sentences(found)
    assert told in as_markdown(found)


def test_what_a_report_cannot_say_is_said() -> None:
    """Prefixes are fixed, and without a second arm nothing is told from chance."""
    alone = as_markdown(compare_pairs(pairs(3, SAME)))

    assert "not how its own conversations would go" in alone
    assert "nobody can tell these differences from chance" in alone
    assert "nobody can tell these differences" not in as_markdown(UNSAFE)


def test_an_answer_cannot_write_the_report() -> None:
    """Neither markdown, nor HTML, nor the end of a table, nor the mention of a person."""
    evil = "`|@somebody\n# <img src=x> [x](http://example.com)"
    flag = Flag(name="a|b<b>*x*", evidence=evil)
    compared = compare_pairs([pair(1, replace(SAME, replayed_flags=(flag,)))])

    text = as_markdown(replace(compared, name="<script>\n# x"))

    (line,) = (line for line in text.splitlines() if "@somebody" in line)
    assert re.findall("`[^`]*`", line)[-1] == "`'/@somebody # <img src=x> [x](http://example.com)`"
    assert "<script>" not in text
    assert "a\\|b&lt;b&gt;\\*x\\*" in text


def test_an_answer_cannot_steer_the_terminal_that_shows_the_report() -> None:
    """Build servers print the file: no escape, and nothing that turns a line around."""
    flag = Flag(name="a\x1b[31m", evidence="b\x1b[2J\x07\u202ec")
    compared = compare_pairs([pair(1, replace(SAME, replayed_flags=(flag,)))])

    text = as_markdown(replace(compared, name="d\x1b]0;e"))

    assert text.replace("\n", "").isprintable()
    assert "`b [2J c`" in text


def test_long_lists_are_cut_and_counted() -> None:
    """A comment has room for twenty."""
    text = as_markdown(compare_pairs(pairs(25, flagged(after=["refusal"]))))

    assert text.count("`: refusal `") == 20
    assert "… and 5 more" in text


@pytest.mark.parametrize("floor", [Arm.BASELINE, Arm.REPEAT, None])
def test_sentences_name_whose_answers_show_chance(floor: Arm | None) -> None:
    """The recorded version asked again is not the candidate asked again."""
    expected = {
        Arm.BASELINE: "the recorded version asked again",
        Arm.REPEAT: "between two answers of the candidate",
        None: "no second arm",
    }
    listed = pairs(60, SAME, SAME if floor else None)

    assert expected[floor] in " ".join(sentences(compare_pairs(listed, floor=floor)))


def test_sentences_count_every_decision() -> None:
    """Also what was left out, and why."""
    states = [pair(1), pair(2, None), pair(3, None, state=AnswerState.RATE_LIMITED)]

    first, *_ = sentences(compare_pairs(states, missing=4))

    assert first == (
        "1 of 7 decisions compared, from 1 conversation; left out: 1 rate limited,"
        " 4 not asked yet, 1 not judged."
    )


def test_junit_has_a_test_for_each_condition_and_each_unsafe_decision() -> None:
    """As build servers read it: names, classes, failures with a message and a type."""
    suite = _suite(as_junit(UNSAFE, GATE))

    assert [(case.get("classname"), case.get("name"), _outcome(case)) for case in suite] == [
        ("replay.gate", "the run is complete", ""),
        ("replay.gate", "newly_unsafe>0", "failure"),
        ("replay.gate", "same_kind<0.5", ""),
        ("replay.newly_unsafe", f"{8:016x}: personal_data", "failure"),
    ]
    assert suite.find(".//failure[@type='replay.newly_unsafe']") is not None


def test_unsafe_decisions_that_the_gate_lets_pass_are_skipped() -> None:
    """A build that passes shows no failed test."""
    suite = _suite(as_junit(UNSAFE, [parse_condition("newly_unsafe>3")]))

    assert suite.get("failures") == "0"
    assert [_outcome(case) for case in suite] == ["", "", "skipped"]


def test_a_condition_that_cannot_be_told_is_a_failure() -> None:
    """With the reason as its message."""
    nothing = compare_pairs([pair(1, None, state=AnswerState.TIMEOUT)])

    failure = _suite(as_junit(nothing, GATE)).find(".//failure")

    assert failure is not None
    assert failure.get("message") == "cannot be told: no decision could be compared"


def test_a_run_that_is_not_finished_fails_in_junit_too() -> None:
    """The test that the run is complete is the first."""
    case = _suite(as_junit(compare_pairs([pair(1)], missing=1), GATE))[0]

    assert _outcome(case) == "failure"


@given(name=TEXTS, evidence=TEXTS)
def test_any_text_makes_valid_xml(name: str, evidence: str) -> None:
    """Control characters, quotes and half characters of a model's answer break no build."""
    flag = Flag(name="own", evidence=evidence)
    compared = compare_pairs([pair(1, replace(UNLIKE, replayed_flags=(flag,)))])

    suite = _suite(as_junit(replace(compared, name=name), GATE))

    said = "".join(one if _can_be_said(one) else "\ufffd" for one in evidence)
    assert suite[-1][0].get("message") == (said or "own")


def _can_be_said(character: str) -> bool:
    """Whether XML 1.0 has the character at all."""
    code = ord(character)
    is_usual = 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code > 0xFFFF
    return is_usual or character in "\t\n\r"


def _suite(text: str) -> ET.Element:
    """The one suite of a file that has the shape of Jenkins' junit-10.xsd."""
    root = ET.fromstring(text.encode("utf-8"))
    (suite,) = root
    outcomes = [_outcome(case) for case in suite]
    assert (root.tag, suite.tag) == ("testsuites", "testsuite")
    assert {case.tag for case in suite} == {"testcase"}
    assert all(set(case.keys()) == {"name", "classname", "time"} for case in suite)
    for counted in (root, suite):
        assert counted.get("tests") == str(len(suite))
        assert counted.get("failures") == str(outcomes.count("failure"))
        assert counted.get("skipped") == str(outcomes.count("skipped"))
        assert counted.get("errors") == "0"
    return suite


def _outcome(case: ET.Element) -> str:
    assert len(case) <= 1
    return case[0].tag if len(case) else ""
