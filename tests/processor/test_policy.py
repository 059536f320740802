"""What a policy says is what it answers when the redaction asks."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
from pathlib import Path
from typing import Protocol

import pytest

from trainingloop.processor import environment
from trainingloop.processor.policy import (
    DEFAULT_POLICY,
    Category,
    ContentAction,
    EntityAction,
    KeyRule,
    Policy,
    load_policy,
    policy_from_environment,
)

PAGE = Path(__file__).parents[2] / "docs" / "policy.md"


class Load(Protocol):
    """Loads a policy that is given as text."""

    def __call__(self, text: str, /) -> Policy:
        """The policy."""
        ...


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Writes the text, without its common indentation, to a file and loads that."""

    def load_text(text: str) -> Policy:
        path = tmp_path / "redaction.yaml"
        path.write_text("version: 1\n" + text, encoding="utf-8")
        return load_policy(path)

    return load_text


@pytest.mark.parametrize("text", ["", "# nothing but a comment\n", "version: 1\n", "---\n"])
def test_a_policy_that_says_nothing_is_the_default_one(text: str, tmp_path: Path) -> None:
    """Who names an empty file gets what holds without a file."""
    path = tmp_path / "redaction.yaml"
    path.write_text(text, encoding="utf-8")

    policy = load_policy(path)

    assert policy == DEFAULT_POLICY


def test_the_default_policy_searches_all_content() -> None:
    """Nothing is captured raw and nothing is lost unless somebody says so."""
    actions = {DEFAULT_POLICY.content_action(category) for category in Category}

    assert actions == {ContentAction.REDACT}


@pytest.mark.parametrize(
    ("kind", "action"),
    [
        ("PHONE", EntityAction.TOKEN),
        ("PERSON", EntityAction.TOKEN),
        ("CARD", EntityAction.MASK),
        ("SSN", EntityAction.MASK),
        ("NATIONAL_ID", EntityAction.MASK),
        ("SECRET", EntityAction.MASK),
        ("ID", EntityAction.KEEP),
        ("A_KIND_NOBODY_NAMED", EntityAction.TOKEN),
    ],
)
def test_the_default_policy_replaces_each_kind(kind: str, action: EntityAction) -> None:
    """Joinable tokens, except for what nobody may even compare; order numbers stay."""
    assert DEFAULT_POLICY.entity_action(kind) is action


def test_content_follows_its_category(load: Load) -> None:
    """Each category has an action of its own; those that are not named are searched."""
    policy = load("content:\n  system_prompt: capture\n  tool_results: drop\n")

    actions = [policy.content_action(category) for category in Category]

    assert actions == ["capture", "redact", "redact", "redact", "drop", "redact"]


def test_an_entity_action_replaces_the_usual_one(load: Load) -> None:
    """What is said of one kind changes that kind only."""
    policy = load("entities: {IP: keep, CARD: token}\n")

    actions = [policy.entity_action(kind) for kind in ("IP", "CARD", "SSN", "EMAIL")]

    assert actions == ["keep", "token", "mask", "token"]


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("crm.internal_note", ContentAction.DROP),
        ("CRM.Internal_Note", ContentAction.DROP),
        ("crm.public_note", ContentAction.CAPTURE),
        ("crm.note.text", ContentAction.REDACT),
        ("note", None),
        ("xcrm.note", None),
    ],
)
def test_a_key_follows_the_closest_rule(
    name: str, action: ContentAction | None, load: Load
) -> None:
    """An exact name comes first, then the wildcard that says most; case does not count."""
    policy = load("keys:\n  crm.*: redact\n  crm.*_note: capture\n  crm.internal_note: drop\n")

    rule = policy.key_rule(name)

    assert (rule and rule.action) == action


def test_a_key_can_say_what_its_value_is(load: Load) -> None:
    """Then the whole value is of that kind, and goes as that kind goes."""
    policy = load("keys: {guest: PERSON, pan: CARD}\n")

    rules = [policy.key_rule("guest"), policy.key_rule("pan")]

    assert rules == [
        KeyRule(action=ContentAction.REDACT, kind="PERSON", kind_action=EntityAction.TOKEN),
        KeyRule(action=ContentAction.REDACT, kind="CARD", kind_action=EntityAction.MASK),
    ]


def test_a_key_with_a_kind_that_is_kept_is_replaced_all_the_same(load: Load) -> None:
    """Order numbers stay, but who names a field asks for it to go."""
    policy = load("keys: {loyalty_no: ID}\n")

    rule = policy.key_rule("loyalty_no")

    assert rule == KeyRule(action=ContentAction.REDACT, kind="ID", kind_action=EntityAction.TOKEN)


def test_a_hostile_name_does_not_hold_a_wildcard_up(load: Load) -> None:
    """Matching takes time linear in the name, whatever the stars."""
    policy = load('keys: {"*a*a*a*a*a*a*ab": drop}\n')

    rule = policy.key_rule("a" * 20_000)

    assert rule is None


@pytest.mark.parametrize(
    ("value", "is_allowed"),
    [
        ("support@example.com", True),
        (" Support@Example.COM ", True),
        ("ada@test.example", True),
        ("ADA@test.example", True),
        ("ada@test.example.org", False),
        ("my ada@test.example", False),
        ("other@example.com", False),
    ],
)
def test_allowed_values_are_whole_values(value: str, is_allowed: bool, load: Load) -> None:
    """Exact or by a regular expression for all of it, in any case."""
    policy = load("allow:\n  - support@example.com\n  - /[a-z]+@test\\.example/\n")

    assert policy.allows(value) is is_allowed


def test_a_slow_expression_allows_nothing(load: Load) -> None:
    """What cannot be decided in time is not let through."""
    policy = load("allow: ['/x(a|aa)+/']\n")

    assert not policy.allows("x" + "a" * 90 + "!")


def test_remembered_fields_are_known_in_any_case(load: Load) -> None:
    """The names of the fields whose values a conversation remembers."""
    policy = load("known_values: [guest_label]\n")

    assert [policy.remembers(name) for name in ("Guest_Label", "label")] == [True, False]


def test_a_canary_is_seen_inside_a_text(load: Load) -> None:
    """A text that carries the string anywhere is to be refused."""
    policy = load("canary: [tl-canary-5d1f8e]\n")

    carries = [policy.carries_canary(text) for text in ("a tl-canary-5d1f8e b", "tl-canary")]

    assert carries == [True, False]


@pytest.mark.parametrize("word", ["off", "builtin", "spacy:en_core", "presidio:a.b:C", "gliner:/m"])
def test_names_says_who_finds_names(word: str, load: Load) -> None:
    """``off`` is a word here and no truth value, as YAML 1.1 would have it."""
    assert load(f"names: {word}\n").names == word


def test_a_tenant_changes_single_entries_of_a_map(load: Load) -> None:
    """What the tenant does not name holds as for everybody."""
    policy = load(
        "entities: {IP: keep, PHONE: mask}\n"
        "tenants:\n  acme:\n    entities: {IP: mask}\n    content: {input: drop}\n"
    )

    acme = policy.for_tenant("acme")

    assert [acme.entity_action("IP"), acme.entity_action("PHONE")] == ["mask", "mask"]
    assert acme.content_action(Category.INPUT) is ContentAction.DROP


def test_a_tenant_adds_to_lists(load: Load) -> None:
    """What everybody may write, a tenant may write too."""
    policy = load(
        "allow: [a@example.com]\nknown_values: [one]\ncanary: [canary-one]\n"
        "tenants: {acme: {allow: [b@example.com], known_values: [two], canary: [canary-two]}}\n"
    )

    acme = policy.for_tenant("acme")

    assert (acme.allows("a@example.com"), acme.allows("b@example.com")) == (True, True)
    assert (acme.remembers("one"), acme.remembers("two")) == (True, True)
    assert acme.canary == ("canary-one", "canary-two")


def test_another_tenant_gets_what_everybody_gets(load: Load) -> None:
    """One tenant's settings are no other's."""
    policy = load("tenants: {acme: {allow: [b@example.com]}}\n")

    other = policy.for_tenant("globex")

    assert other is policy
    assert not other.allows("b@example.com")


def test_an_alias_stands_for_what_it_names(load: Load) -> None:
    """Programs that write YAML use them for what stands in two places."""
    policy = load("entities: &same {IP: mask}\ntenants: {acme: {entities: *same}}\n")

    assert policy.for_tenant("acme").entity_action("IP") is EntityAction.MASK


def test_a_policy_travels_to_another_process(load: Load) -> None:
    """Worker processes get the policy by pickle, and it still says the same."""
    policy = load(
        'keys: {"a.*": drop}\nallow: [/x+y/]\n'
        "recognizers: [{supported_entity: CODE, deny_list: [foo]}]\ntenants: {acme: {}}\n"
    )

    copy: Policy = pickle.loads(pickle.dumps(policy))

    assert copy == policy
    assert copy.key_rule("a.b") == policy.key_rule("a.b")
    assert copy.allows("xxy")


def test_a_fingerprint_does_not_depend_on_how_a_policy_is_written(load: Load) -> None:
    """Order, comments, quotes and defaults that are written out change nothing."""
    one = load("content: {input: drop, output: capture}\nentities: {IP: keep, CARD: mask}\n")

    other = load(
        "# the same\nentities:\n  CARD: 'mask'\n  IP: keep\nnames: off\n"
        "content:\n  output: capture\n  input: drop\n  feedback_notes: redact\n"
    )

    assert one.fingerprint == other.fingerprint
    assert re.fullmatch("[0-9a-f]{12}", one.fingerprint)


@pytest.mark.parametrize(
    "text",
    [
        "engine: presidio\n",
        "names: builtin\n",
        "canary: [canary-one]\n",
        "content: {input: drop}\n",
        "keys: {a: drop}\n",
        "keys: {'a*': drop}\n",
        "entities: {IP: keep}\n",
        "allow: [a]\n",
        "allow: [/a/]\n",
        "known_values: [a]\n",
        "recognizers: [{supported_entity: CODE, deny_list: [foo]}]\n",
        "recognizers: [{supported_entity: CODE, deny_list: [bar]}]\n",
    ],
)
def test_a_fingerprint_changes_with_every_setting(text: str, load: Load) -> None:
    """Whoever compares two fingerprints sees that another policy was in force."""
    policy = load(text)

    assert policy.fingerprint != DEFAULT_POLICY.fingerprint


def test_a_fingerprint_is_about_one_tenant(load: Load) -> None:
    """A change for one tenant does not look like a change for all."""
    policy = load("tenants: {acme: {entities: {IP: keep}}, globex: {}}\n")

    prints = [policy.for_tenant(tenant).fingerprint for tenant in ("other", "globex", "acme")]

    assert prints[0] == prints[1] == DEFAULT_POLICY.fingerprint
    assert prints[2] != prints[0]


def test_the_environment_names_the_policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file in ``TRAININGLOOP_REDACTION_POLICY`` is the policy."""
    path = tmp_path / "redaction.yaml"
    path.write_text("version: 1\nentities: {IP: keep}\n", encoding="utf-8")
    monkeypatch.setenv(environment.REDACTION_POLICY, str(path))

    policy = policy_from_environment()

    assert policy.entity_action("IP") is EntityAction.KEEP


def test_without_a_variable_the_default_policy_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody needs a file."""
    monkeypatch.delenv(environment.REDACTION_POLICY, raising=False)

    assert policy_from_environment() is DEFAULT_POLICY


def test_without_a_policy_nothing_is_imported_for_one() -> None:
    """An agent that has no policy file does not pay for YAML and its schema."""
    code = (
        "import sys, trainingloop.processor.policy as policy; policy.policy_from_environment();"
        "print(sorted({'yaml', 'jsonschema', 'regex'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)

    assert (done.stdout.strip(), done.returncode) == ("[]", 0)


@pytest.fixture
def examples() -> list[str]:
    """The YAML blocks of the page."""
    if not PAGE.exists():
        pytest.skip("docs/ is not part of this installation")
    return re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_the_example_on_the_page_is_a_policy(examples: list[str], tmp_path: Path) -> None:
    """Copied from the page it loads and says what the page says."""
    path = tmp_path / "redaction.yaml"
    path.write_text(examples[0], encoding="utf-8")

    policy = load_policy(path)

    assert policy.content_action(Category.TOOL_RESULTS) is ContentAction.DROP
    assert policy.entity_action("BOOKING") is EntityAction.TOKEN
    assert policy.for_tenant("acme").entity_action("IP") is EntityAction.MASK


def test_the_page_names_every_setting(examples: list[str]) -> None:
    """A setting nobody can find is no setting."""
    page = PAGE.read_text(encoding="utf-8")
    words = [*Category, *ContentAction, *EntityAction, "version", "engine", "names", "canary"]
    words += ["content", "keys", "entities", "allow", "known_values", "recognizers", "tenants"]

    assert [str(word) for word in words if f"`{word}`" not in page] == []
