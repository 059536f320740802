"""Rules of outcomes: those built in, and what a file makes of them."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from trainingloop.outcomes import RulesError
from trainingloop.outcomes.rules import (
    BUILT_IN,
    DECISION_COLUMNS,
    EVENT_COLUMNS,
    ChannelWindow,
    Rule,
    deadline_sql,
    load_rules,
    rules_from_environment,
    sql_of,
)

if TYPE_CHECKING:
    from trainingloop.outcomes.rules import Rules


def load(folder: Path, text: str) -> Rules:
    """The rules of a file with this text."""
    path = folder / "rules.yaml"
    path.write_text(text)
    return load_rules(path)


def objections(folder: Path, text: str) -> list[str]:
    """What is said of a file that cannot be used, a fault each."""
    with pytest.raises(RulesError) as refused:
        load(folder, text)
    return [str(problem) for problem in refused.value.problems]


def test_built_in_rules_are_written_as_anyone_would_write_them() -> None:
    """They need nothing that a file could not say."""
    assert [(rule.id, sql_of(rule), rule.is_absence) for rule in BUILT_IN.rules] == [
        ("customer_replied", "(event.kind = 'inbound')", False),
        ("no_further_inbound", "(event.kind = 'inbound')", True),
        ("escalation_triggered", "(event.kind = 'escalation')", False),
    ]


def test_no_file_means_the_rules_built_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing has to be set up."""
    monkeypatch.delenv("TRAININGLOOP_OUTCOME_RULES", raising=False)

    assert rules_from_environment() is BUILT_IN


def test_the_environment_names_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for the redaction policy."""
    path = tmp_path / "rules.yaml"
    path.write_text("version: 1\nrules: {customer_replied: off}\n")
    monkeypatch.setenv("TRAININGLOOP_OUTCOME_RULES", str(path))

    assert rules_from_environment().ids == ("no_further_inbound", "escalation_triggered")


@pytest.mark.parametrize("text", ["", "version: 1", "version: 1\nrules:\nreported: ~\n"])
def test_a_file_that_says_nothing_changes_nothing(tmp_path: Path, text: str) -> None:
    """Neither the rules nor their version."""
    rules = load(tmp_path, text)

    assert (rules, rules.version) == (BUILT_IN, BUILT_IN.version)


def test_a_file_changes_a_rule_that_is_built_in(tmp_path: Path) -> None:
    """Other windows make another version, so that what they found is told apart."""
    text = (
        "version: 1\nrules:\n  customer_replied:\n    window: 2d\n"
        "    windows: {whatsapp: 30m, email: 1w}\n    direction: good\n"
    )

    rule = load(tmp_path, text).rules[0]

    assert (rule.window, rule.direction, rule.when) == (
        timedelta(days=2),
        "good",
        "event.kind = 'inbound'",
    )
    assert rule.channel_windows == (
        ChannelWindow(channel="email", window=timedelta(weeks=1)),
        ChannelWindow(channel="whatsapp", window=timedelta(minutes=30)),
    )
    assert rule.version.startswith("1-")
    assert (rule.window_on("whatsapp"), rule.window_on("web")) == (
        timedelta(minutes=30),
        timedelta(days=2),
    )
    assert rule.longest_window == timedelta(weeks=1)


def test_another_direction_is_no_other_version(tmp_path: Path) -> None:
    """It changes what is thought of the outcome, not the outcome."""
    rules = load(tmp_path, "version: 1\nrules: {customer_replied: {direction: bad}}")

    assert (rules.rules[0].direction, rules.rules[0].version) == ("bad", "1")


def test_a_file_adds_rules(tmp_path: Path) -> None:
    """After those built in, with what it leaves out filled in."""
    text = """
version: 1
rules:
  asked_again:
    version: 2024.2
    title: The customer asked for a human
    direction: bad
    unit: conversation
    window: 7d
    when: event.kind = 'inbound' AND event.text ILIKE '%human%'
  stayed_open: {window: 12h, when: "event.kind = 'close'", absence: true}
"""

    rules = load(tmp_path, text)

    assert rules.rules[:3] == BUILT_IN.rules
    assert rules.rules[3:] == (
        Rule(
            id="asked_again",
            version="2024.2",
            title="The customer asked for a human",
            direction="bad",
            unit="conversation",
            window=timedelta(days=7),
            when="event.kind = 'inbound' AND event.text ILIKE '%human%'",
        ),
        Rule(
            id="stayed_open",
            title="Stayed open",
            window=timedelta(hours=12),
            when="event.kind = 'close'",
            is_absence=True,
        ),
    )


def test_reported_outcomes_need_no_rule(tmp_path: Path) -> None:
    """Each name is one, good and with 30 days, unless a file says otherwise."""
    rules = load(tmp_path, "version: 1\nreported: {refunded: {direction: bad, window: 14d}}")

    usual, own = rules.reported("order_paid"), rules.reported("refunded")

    assert (usual.direction, usual.window, usual.unit) == (
        "good",
        timedelta(days=30),
        "conversation",
    )
    assert (own.direction, own.window) == ("bad", timedelta(days=14))
    assert sql_of(own) == "((event.kind = 'outcome') AND (event.outcome = 'refunded'))"


def test_the_name_of_a_reported_outcome_is_no_sql() -> None:
    """Whoever reports chooses the name."""
    rule = BUILT_IN.reported("x' OR 'a' = 'a\\")

    assert sql_of(rule).endswith(r"'x\x27 OR \x27a\x27 \x3D \x27a\x5C'))")


def test_tools_that_escalate_are_named_without_regard_to_case(tmp_path: Path) -> None:
    """A list replaces the usual one."""
    rules = load(tmp_path, "version: 1\nescalation_tools: [Call_Human, 'page_*', call_human]")

    assert rules.escalation_tools == ("call_human", "page_*")


def test_rules_that_say_different_things_have_different_versions(tmp_path: Path) -> None:
    """The worker works everything out again when this changes."""
    texts = [
        "version: 1",
        "version: 1\nrules: {customer_replied: off}",
        "version: 1\nrules: {customer_replied: {window: 25h}}",
        "version: 1\nrules: {customer_replied: {windows: {email: 25h}}}",
        "version: 1\nrules: {own: {window: 1h, when: 'true'}}",
        "version: 1\nrules: {own: {window: 1h, when: 'false'}}",
        "version: 1\nreported: {paid: {window: 2d}}",
        "version: 1\nescalation_tools: [a]",
    ]

    versions = {load(tmp_path, text).version for text in texts}

    assert len(versions) == len(texts)


def test_the_deadline_depends_on_the_channel() -> None:
    """The engine works it out with the windows the rule has."""
    rule = Rule(
        id="own",
        title="Own",
        window=timedelta(hours=1),
        when="true",
        channel_windows=(ChannelWindow(channel="it's", window=timedelta(minutes=1)),),
    )

    assert deadline_sql(rule, end="e", channel="c") == (
        r"e + toIntervalSecond(transform(c, ['it\x27s'], [60], 3600))"
    )


def test_every_fault_comes_at_once_with_its_line(tmp_path: Path) -> None:
    """Nobody corrects a file one message at a time."""
    text = """version: 1
rules:
  customer_replied: {windw: 3d}
  escalation_triggered:
    direction: goood
  Bad Id: off
  asked_refund:
    window: 400d
    windows: {email: soon}
    when: event.kind = 'inbound' AND (SELECT 1)
  incomplete: {title: x}
  own: {title: x, title: y, window: 1h, when: 'true'}
reported:
  escalation_triggered: {}
escalation_tools: ["*"]
extra: 1
"""

    found = objections(tmp_path, text)

    expected = [
        ":3: rules.customer_replied.windw: there is no such setting",
        ":5: rules.escalation_triggered.direction: 'goood' is given; allowed: good, bad, neutral.",
        ":6: rules.Bad Id: this name is not allowed",
        ":8: rules.asked_refund.window: '400d' is given; allowed: at most 365d",
        ":9: rules.asked_refund.windows.email: 'soon' is given; allowed: a time such as 30m",
        ":10: rules.asked_refund.when: at character 29: 'SELECT' is not allowed here; allowed: ",
        ":11: rules.incomplete: 'when' is missing",
        ":11: rules.incomplete: 'window' is missing",
        ":12: rules.own.title: it stands twice, first in line 12",
        ":14: reported.escalation_triggered: a rule has this name",
        ":15: escalation_tools.0: '*' is given; allowed: ",
        ":16: extra: there is no such setting; allowed: version, rules, reported, escalation_tools",
    ]
    remaining = [
        text
        for text in expected
        if not any(message.startswith(f"rules.yaml{text}") for message in found)
    ]
    assert (remaining, len(found)) == ([], len(expected))


HOPELESS = {
    "version: 1\nrules: [": ":2",
    "version: 1\nrules: &a {}\nreported: *a": ":3",
    "version: 1\nrules: !!python/object:os.system {}": ":2",
    "version: 1\n---\nversion: 1": ":2",
    "- 1": ":1",
    "version: 2": ":1",
    "{}": ":1",
    "version: 1\nrules: {? [a] : 1}": ":2",
    "[" * 5000: "",
    "version: !!str 1": ":1",
    "\x00": "",
    "#" * 300_000: "",
}


@pytest.mark.parametrize("text", HOPELESS, ids=lambda text: ascii(text[:30]))
def test_no_file_does_harm(tmp_path: Path, text: str) -> None:
    """What makes no sense as a whole is refused in one sentence."""
    found = objections(tmp_path, text)

    assert len(found) == 1
    assert found[0].startswith(f"rules.yaml{HOPELESS[text]}")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A wrong name is no reason to go on with other rules."""
    with pytest.raises(RulesError, match=r"absent\.yaml: No such file"):
        load_rules(tmp_path / "absent.yaml")


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    """With the line."""
    path = tmp_path / "rules.yaml"
    path.write_bytes(b"version: 1\n# caf\xe9\n")

    with pytest.raises(RulesError, match=r"rules\.yaml:2: this is not UTF-8"):
        load_rules(path)


def _page(name: str) -> str:
    return (Path(__file__).parents[2] / "docs" / name).read_text()


def test_the_rules_on_the_page_can_be_used(tmp_path: Path) -> None:
    """As they are printed."""
    (text,) = re.findall(r"```yaml\n(.*?)```", _page("outcomes.md"), re.DOTALL)

    rules = load(tmp_path, text)

    assert rules.ids == (
        "customer_replied", "no_further_inbound", "asked_for_refund", "stayed_open",
    )  # fmt: skip
    assert [sql_of(rule) for rule in rules.rules]


def test_the_page_tells_all_an_expression_may_say() -> None:
    """Each column and each function."""
    page = _page("outcomes.md")
    columns = [f"`event.{name}`" for name in EVENT_COLUMNS]
    columns += [f"`decision.{name}`" for name in DECISION_COLUMNS]
    functions = ["lower", "length", "number", "position", "startsWith", "endsWith", "has"]

    assert [name for name in columns if name not in page] == []
    assert [name for name in functions if f"`{name}(" not in page] == []


def test_the_page_shows_the_rules_built_in() -> None:
    """With their windows."""
    page = _page("outcomes.md")

    for rule in BUILT_IN.rules:
        hours = rule.window // timedelta(hours=1)
        row = rf"\| `{rule.id}` \|.*\| {hours} h \|.*{rule.direction} \| {rule.unit} \|"
        assert re.search(row, page), rule.id
    assert all(f"`{tool}`" in page for tool in BUILT_IN.escalation_tools)


def test_the_variable_is_on_the_page_of_settings() -> None:
    """It is a promise."""
    assert "`TRAININGLOOP_OUTCOME_RULES`" in _page("settings.md")
