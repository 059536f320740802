"""``replay``: from the choice of decisions to the exit code, against a real endpoint."""

from __future__ import annotations

import os
import shutil
import signal
import xml.etree.ElementTree as ET
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import pytest

from cli.conftest import Command, Finished
from support.replay_endpoint import Asked, Good, Hang, Reaction, in_order, refused, replay_endpoint
from support.transcripts import asked, assistant, told, user
from trainingloop.cli._replay_drive import ProgressLog
from trainingloop.cli._replay_report import dollars, duration
from trainingloop.replay.driving import Progress

if TYPE_CHECKING:
    from pathlib import Path

CHATS = [
    {
        "id": f"c-{number}",
        "model": "gpt-4o",
        "messages": [
            user(question, timestamp="2026-11-01T12:00:00"),
            assistant(answer, timestamp="2026-11-01T12:00:03"),
        ],
    }
    for number, (question, answer) in enumerate(
        [("A table for two", "It is booked."), ("Are you open?", "Until six.")]
    )
] + [
    {
        "id": "c-tool",
        "model": "gpt-4o",
        "messages": [
            user("Cancel it", timestamp="2026-11-02T12:00:00"),
            asked("cancel", "c1") | {"timestamp": "2026-11-02T12:00:01"},
            told("done", "c1", timestamp="2026-11-02T12:00:02"),
        ],
    }
]
"""Three decisions; the one that calls a tool was recorded without the tools there were."""
OPENING = "Until six. Shall I book a table?"
BOOKED = "It is booked."


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A store in which one run ended, and how."""

    folder: Path
    ended: Finished
    questions: int
    """The endpoint was asked."""
    run_id: str


def answers(question: Asked) -> Good:
    """Answer as was recorded where a table is wanted, and otherwise else."""
    newest = str(cast("list[dict[str, object]]", question.body["messages"])[-1]["content"])
    return Good(OPENING if "open" in newest else BOOKED)


def at(base_url: str, *more: str) -> tuple[str, ...]:
    """Return the options that ask a model at an endpoint."""
    return ("replay", "run", "--model", "small", "--base-url", base_url, *more)


def a_terminal(_: object) -> bool:
    """Say what ``isatty`` says of one."""
    return True


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory and a store with `CHATS`, recorded once and only copied from."""
    folder = tmp_path_factory.mktemp("recorded")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TRAININGLOOP_DATA_DIR", str(folder / "home"))
        command = Command(dsn=f"chdb://{folder / 'store'}", folder=folder)
        finished = command("import", command.write(CHATS))
    assert finished.code == 0, finished.err
    return folder


@pytest.fixture(scope="module")
def replayed(recorded: Path, tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    """Replayed once; tests change nothing in it."""
    folder = tmp_path_factory.mktemp("replayed")
    shutil.copytree(recorded, folder, dirs_exist_ok=True, symlinks=True)
    command = Command(dsn=f"chdb://{folder / 'store'}", folder=folder)
    reports = ("--junit", str(folder / "replay.xml"), "--markdown", str(folder / "replay.md"))
    gate = ("--fail-on", "identical<0.9", "--fail-on", "newly_unsafe>3")
    with pytest.MonkeyPatch.context() as environment, replay_endpoint(script=answers) as endpoint:
        environment.setenv("TRAININGLOOP_DATA_DIR", str(folder / "home"))
        environment.setenv("COLUMNS", "160")
        ended = command(*at(endpoint.base_url, "--set", "all", "--size", "9", *gate, *reports))
        run_id = str(command("replay", "status", "--json").records[0]["run_id"])
    return Replayed(folder=folder, ended=ended, questions=endpoint.count, run_id=run_id)


@pytest.fixture
def done(command: Command, replayed: Replayed) -> Command:
    """The command, on the store with the run that ended."""
    return Command(dsn=f"chdb://{replayed.folder / 'store'}", folder=command.folder)


def test_a_run_says_what_it_takes_before_it_asks(replayed: Replayed) -> None:
    """How many decisions, what differs, and what is left out and why."""
    said = replayed.ended.err

    assert "set all: 3 of 3 decisions" in said
    assert "2 decisions, 4 questions" in said
    assert "model: gpt-4o becomes small in 2 decisions" in said
    assert "no price is known for the model" in said
    assert "left out: 1 decision" in said


def test_a_run_asks_each_arm_once(replayed: Replayed) -> None:
    """Two decisions, and the candidate again for the noise of its answers."""
    assert replayed.questions == 4


def test_a_run_says_what_differs(replayed: Replayed) -> None:
    """In sentences, and beside what chance does."""
    out = replayed.ended.out

    assert "done: 6 of 6" in out
    assert "2 of 3 decisions compared, from 2 conversations" in out
    assert "by chance alone" in out


def test_a_condition_that_is_met_fails_the_build(replayed: Replayed) -> None:
    """One of two answers is another one; the report says which condition it was."""
    suite = ET.parse(replayed.folder / "replay.xml")  # written by us a moment ago

    assert replayed.ended.code == 1
    assert "gate: identical<0.9: identical is 0.5" in replayed.ended.err
    assert "newly_unsafe" not in replayed.ended.err
    assert len(suite.findall(".//failure")) == 1
    assert "identical" in (replayed.folder / "replay.md").read_text()


def test_the_comparison_can_be_seen_again(done: Command, replayed: Replayed) -> None:
    """Without conditions it passes, whatever it says."""
    seen = done("replay", "compare", replayed.run_id)
    document = cast("dict[str, object]", done("replay", "compare", "--json", "small on all").json)

    assert (seen.code, "1 answer" in seen.out or "0 answers" in seen.out) == (0, True)
    assert document["run_id"] == replayed.run_id
    assert document["gate_failures"] == []


def test_a_comparison_is_checked_against_conditions(done: Command, replayed: Replayed) -> None:
    """The exit code is for a build."""
    met = done("replay", "compare", replayed.run_id, "--fail-on", "same_kind<1.0")
    not_met = done("replay", "compare", replayed.run_id, "--fail-on", "compared<2")

    assert (met.code, not_met.code) == (1, 0)


def test_answers_are_judged_again_with_checks_of_ones_own(
    done: Command, replayed: Replayed
) -> None:
    """Nobody is asked for that."""
    checks = done.write(
        "version: 1\nchecks:\n  - name: offers_a_table\n    text: book a table\n", "checks.yaml"
    )

    judged = done("replay", "compare", replayed.run_id, "--checks", checks, "--json")

    assert judged.code == 0, judged.err
    safety = cast("dict[str, dict[str, list[object]]]", judged.json)["safety"]
    assert len(safety["gained"]) == 1


def test_the_pairs_are_exported_with_their_judgement(done: Command, replayed: Replayed) -> None:
    """One a line, in the order of the set."""
    exported = done("replay", "export", replayed.run_id)
    file = done.folder / "pairs.jsonl"
    written = done("replay", "export", replayed.run_id, "-o", str(file))

    by_text = {
        str(cast("dict[str, object]", line["candidate"])["text"]): line for line in exported.lines
    }
    same = by_text[BOOKED]
    assert cast("dict[str, object]", same["recorded"])["text"] == BOOKED
    assert cast("dict[str, dict[str, object]]", same["candidate"])["judgement"]["agreement"] == (
        "identical"
    )
    assert {"decision_id", "conversation", "repeat", "stratum", "weight"} <= same.keys()
    assert file.read_text() == exported.out
    assert written.err == "3 pairs written to " + str(file) + "\n"


def test_all_runs_are_listed(done: Command, replayed: Replayed) -> None:
    """And one of them in full."""
    listed = done("replay", "status")
    one = done("replay", "status", replayed.run_id)

    assert replayed.run_id in listed.out
    assert "done" in listed.out
    assert "candidate: 2 ok, 1 unfit" in one.out.replace("1 unfit, 2 ok", "2 ok, 1 unfit")


def test_the_reasons_of_a_run_are_told_with_their_counts(done: Command, replayed: Replayed) -> None:
    """Under each arm, so that nobody has to export answers to learn why there are none."""
    told = done("replay", "status", replayed.run_id)
    document = cast("dict[str, object]", done("replay", "status", replayed.run_id, "--json").json)

    why = "    1 unfit: the decision called tools"
    reasons = cast("list[dict[str, object]]", document["reasons"])
    assert why in told.out
    assert why in replayed.ended.out
    assert [(one["arm"], one["state"], one["answers"]) for one in reasons] == [
        ("candidate", "unfit", 1),
        ("repeat", "unfit", 1),
    ]


def test_what_an_endpoint_refused_is_told_with_its_code(filled: Command) -> None:
    """Once, however many questions it refused."""
    with replay_endpoint(refused(400, "context_length_exceeded")) as endpoint:
        ended = filled(*at(endpoint.base_url, "--floor", "none"))

    assert "    2 rejected: status 400 context_length_exceeded" in ended.out


def test_decisions_that_cannot_be_asked_again_are_told_in_words(filled: Command) -> None:
    """What is stored of them is a code."""
    unanswered = [
        user("Cancel it", timestamp="2026-11-02T12:00:00"),
        asked("cancel", "c1") | {"timestamp": "2026-11-02T12:00:01"},
        user("Well?", timestamp="2026-11-02T12:00:02"),
        assistant("It is cancelled.", timestamp="2026-11-02T12:00:03"),
    ]
    filled("import", filled.write([{"id": "c-1", "model": "gpt-4o", "messages": unanswered}]))
    with replay_endpoint(script=answers) as endpoint:
        ended = filled(*at(endpoint.base_url, "--floor", "none"))

    assert "    1 unfit: decisions with a tool call that was never answered" in ended.out


def test_the_same_questions_are_not_paid_for_twice(filled: Command) -> None:
    """Another run, the same questions."""
    with replay_endpoint(script=answers) as endpoint:
        first = filled(*at(endpoint.base_url, "--floor", "none"))
        asked = endpoint.count
        again = filled(*at(endpoint.base_url, "--floor", "none"))

    assert (first.code, asked) == (0, 2)
    assert (again.code, endpoint.count) == (0, 2)
    assert "2 known from before" in again.out


def test_what_was_estimated_is_kept_and_can_be_replayed(filled: Command) -> None:
    """Nobody is asked for an estimate; the set it was made for is told by the name it has."""
    with replay_endpoint(script=answers) as endpoint:
        guess = filled(*at(endpoint.base_url, "--size", "2", "--estimate-only"))
        after_guess = endpoint.count
        name = guess.err.split("kept: --set ", 1)[-1].split()[0]
        replayed = filled(*at(endpoint.base_url, "--floor", "none", "--set", name))

    assert (guess.code, after_guess) == (0, 0)
    assert replayed.code == 0, replayed.err
    assert f"small on {name}" in replayed.err
    assert "2 of 2 settled" in replayed.out


def test_a_run_that_is_declined_asks_nobody_and_can_begin_later(
    filled: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal, where it is asked for."""
    with replay_endpoint(script=answers) as endpoint, monkeypatch.context() as terminal:
        terminal.setattr("click.testing._NamedTextIOWrapper.isatty", a_terminal)
        options = ("--store", filled.dsn, *at(endpoint.base_url, "--floor", "none"))
        declined = filled.bare(*options, stdin="n\n")
        after_declined = endpoint.count
        terminal.undo()
        run_id = declined.err.rsplit("--resume ", 1)[-1].strip()
        resumed = filled("replay", "run", "--resume", run_id)

    assert (declined.code, after_declined) == (0, 0)
    assert "nothing was asked" in declined.err
    assert (resumed.code, endpoint.count) == (0, 2)


def test_an_interrupted_run_goes_on_where_it_stopped(filled: Command) -> None:
    """Ctrl-C loses nothing, and says how to go on."""

    def interrupts(question: Asked) -> Reaction:
        if question.number == 1:
            os.kill(os.getpid(), signal.SIGINT)
        return replace(answers(question), delay_s=0.3)

    with replay_endpoint(script=interrupts) as endpoint:
        stopped = filled(*at(endpoint.base_url, "--concurrency", "1"))
        run_id = stopped.err.rsplit("--resume ", 1)[-1].strip()
        resumed = filled("replay", "run", "--resume", run_id)

    assert stopped.code == 1
    assert "stopping" in stopped.err
    assert resumed.code == 0, resumed.err
    assert "done: 6 of 6" in resumed.out
    assert endpoint.count == 4


def test_a_budget_stops_a_run_that_can_be_given_more(filled: Command) -> None:
    """What was not asked is said, and no gate passes."""
    with replay_endpoint(script=answers) as endpoint:
        stopped = filled(*at(endpoint.base_url, "--budget-tokens", "10", "--fail-on", "unfit>0.9"))
        run_id = stopped.err.rsplit("--resume ", 1)[-1].strip()
        resumed = filled("replay", "run", "--resume", run_id, "--budget-tokens", "1000000")

    assert stopped.code == 1
    assert "over budget" in stopped.out
    assert "2 of 6 settled" in stopped.out
    assert "not asked: resume" in stopped.err
    assert resumed.code == 0, resumed.err


def test_a_refused_key_ends_a_run_and_says_so(
    filled: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing can be compared, which is no success; the key stands nowhere."""
    monkeypatch.setenv("REPLAY_API_KEY", "sk-invented-for-this-test")
    with replay_endpoint(refused(401, "invalid_api_key")) as endpoint:
        monkeypatch.setenv("REPLAY_BASE_URL", endpoint.base_url)
        ended = filled(*at(endpoint.base_url, "--key-variable", "REPLAY_API_KEY"))

    assert ended.code == 1
    assert "2 unauthorized" in ended.out
    assert f"{endpoint.base_url} refused the key that is read from REPLAY_API_KEY" in ended.out
    assert "failed (the endpoint could not be used (unauthorized)" in ended.out
    assert "newly unsafe" not in ended.out
    assert "sk-invented" not in ended.out + ended.err


def test_a_file_says_who_is_asked_and_options_say_where(filled: Command) -> None:
    """So that one file serves a laptop and a build."""
    file = filled.write(
        "name: polite\nmodel: from-the-file\nbase_url: https://models.example/v1\n"
        "system:\n  patch:\n    - append: Be polite.\n",
        "candidate.yaml",
    )
    with replay_endpoint(script=answers) as endpoint:
        ended = filled(
            "replay", "run", "--candidate", file, "--base-url", endpoint.base_url,
            "--floor", "none", "--json",
        )  # fmt: skip

    assert ended.code == 0, ended.err
    assert {question.body["model"] for question in endpoint.asked} == {"from-the-file"}
    assert all(
        cast("list[dict[str, str]]", question.body["messages"])[0]["content"] == "Be polite."
        for question in endpoint.asked
    )
    assert cast("dict[str, object]", ended.json)["compared"] == 2
    assert "system prompt: changed in 2 decisions" in ended.err


def test_a_candidate_that_was_redacted_is_told(filled: Command) -> None:
    """Else nobody would know why another prompt is asked than was written."""
    said = filled.write("system: Call +1 415 555 2671 if in doubt.\nmodel: a\n", "said.yaml")
    plain = filled.write(
        "system:\n  patch:\n    - append: Be polite.\nparams: {max_tokens: 9, stop: [a]}\n"
        "playbook: {version: '2', settings: {tone: warm}}\ntools:\n  remove: [c]\n"
        "  add:\n    - {name: c, description: Ask., parameters: {type: object}}\n",
        "plain.yaml",
    )

    found = filled("replay", "run", "--candidate", said, "--estimate-only")
    nothing = filled("replay", "run", "--candidate", plain, "--estimate-only", "--json")

    assert found.code == 0, found.err
    assert "redacted in the candidate's system prompt: personal data is asked as" in found.err
    assert "redacted" not in nothing.err
    assert cast("dict[str, object]", nothing.json)["redacted"] == []


def test_an_endpoint_that_is_to_get_no_key_gets_none(
    filled: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the usual variable holds one: it is another endpoint's."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-invented-for-this-test")
    with replay_endpoint(script=answers) as endpoint:
        ended = filled(*at(endpoint.base_url, "--key-variable", "", "--floor", "none"))

    assert ended.code == 0, ended.err
    assert len(endpoint.asked) == 2
    assert all("sk-invented" not in str(question.headers) for question in endpoint.asked)


def test_an_endpoint_that_hangs_is_not_waited_for_forever(filled: Command) -> None:
    """And who runs it hears what to do."""
    with replay_endpoint(Hang()) as endpoint:
        ended = filled(*at(endpoint.base_url, "--floor", "none", "--timeout", "0.2"))

    assert ended.code == 1
    assert "2 timeout" in ended.out
    assert "no answer came in 0.2 s: resume with a longer --timeout" in ended.out
    assert "go on with: trainingloop replay run --resume" in ended.err


def test_a_build_reads_that_the_endpoint_asks_to_wait(filled: Command) -> None:
    """Where no bar is drawn, a line says so; and nothing is said of what needs no patience."""
    with replay_endpoint(script=in_order(refused(429, Retry_After="1"), Good(BOOKED))) as endpoint:
        waited = filled(*at(endpoint.base_url, "--floor", "none", "--concurrency", "1"))
        quick = filled(*at(endpoint.base_url, "--floor", "none"))

    assert waited.err.count("the endpoint asks to wait") == 1
    assert "replaying: 0 of 3 settled" in waited.err or "replaying: 1 of 3 settled" in waited.err
    assert "replaying" not in quick.err


def test_a_log_says_now_and_then_how_far_a_run_is(capsys: pytest.CaptureFixture[str]) -> None:
    """Every half minute, and at once when the endpoint begins to ask for patience."""
    now_s = 0.0
    log = ProgressLog(lambda: now_s)

    told: list[tuple[float, str]] = []
    for tenths in range(1000):
        now_s = tenths / 10
        log.show(progress(done=tenths, waiting_s=9.0 if 5 <= now_s < 70 else 0.0))
        told += [(now_s, line) for line in capsys.readouterr().err.splitlines()]

    assert [at_s for at_s, _ in told] == [5.0, 35.0, 65.0, 95.0]
    assert told[0][1] == "replaying: 50 of 1,000 settled, 0.5/s, the endpoint asks to wait 9 s"
    assert told[-1][1] == "replaying: 950 of 1,000 settled, 0.5/s"


def progress(*, done: int, waiting_s: float) -> Progress:
    """Return how far a run of a thousand is."""
    return Progress(
        done=done, all=1000, states={}, asked=done, cached=0, tokens=0, cost_usd=0.0,
        per_second=0.5, seconds_left=None, waiting_s=waiting_s,
    )  # fmt: skip


def test_a_run_is_cancelled(filled: Command) -> None:
    """One that nobody drives is over at once, and can still go on."""
    with replay_endpoint(script=answers) as endpoint:
        stopped = filled(*at(endpoint.base_url, "--budget-tokens", "0", "--floor", "none"))
    run_id = stopped.err.rsplit("--resume ", 1)[-1].strip()

    cancelled = filled("replay", "cancel", run_id)

    assert cancelled.code == 0
    assert cancelled.out.startswith(f"{run_id}: ")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "say who is to be asked"),
        (("--endpoint", "local", "--model", "gpt-4o"), "an address of its own"),
        (("--endpoint", "local", "--floor", "baseline"), "--floor repeat"),
        (("--model", "a", "--fail-on", "nonsense"), "is no condition"),
        (("--model", "a", "--fail-on", "happiness<1"), "is not measured"),
        (("--resume", "x", "--model", "a"), "without --resume"),
        (("--resume", "x", "--mode", "chain"), "goes on as it began"),
        (("--resume", "x", "--estimate-only"), "is told of new runs"),
        (("--model", "a", "--concurrency", "1000"), "1<=x<=128"),
        (("--model", "a", "--outcome", "escalated"), "trainingloop outcomes rules lists"),
        (("--model", "a", "--outcome", "escalated:maybe"), "one of yes, no, pending"),
        (("--model", "a", "--junit", "nowhere/replay.xml"), "there is no folder 'nowhere'"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    command: Command, options: tuple[str, ...], said: str
) -> None:
    """With the exit code of a wrong use, before any store is looked at."""
    refusal = command("replay", "run", *options)

    assert refusal.code == 2
    assert said in " ".join(refusal.err.split())


def test_a_file_that_names_a_model_is_not_overruled(command: Command) -> None:
    """Whoever writes --model beside it may have meant the recorded one."""
    file = command.write("model: a\n", "candidate.yaml")

    refusal = command("replay", "run", "--candidate", file, "--model", "b")

    assert refusal.code == 2
    assert "--recorded-model" in refusal.err


def test_faults_of_a_file_are_told_before_anything_is_looked_at(command: Command) -> None:
    """All of them, with their lines."""
    file = command.write("modle: a\nparams: {temperature: 3}\n", "candidate.yaml")

    refusal = command("replay", "run", "--candidate", file)

    assert refusal.code == 1
    assert "candidate.yaml:1" in refusal.err
    assert "candidate.yaml:2" in refusal.err


def test_a_choice_that_leaves_nothing_is_told(filled: Command) -> None:
    """Rather than an empty run."""
    refusal = filled(
        "replay", "run", "--model", "a", "--playbook", "nobody-knows", "--estimate-only"
    )

    assert refusal.code == 1
    assert "no decision of a model is chosen" in refusal.err


def test_an_outcome_of_no_rule_is_told_with_the_rules(filled: Command) -> None:
    """Once there are outcomes; before that, with how to get them."""
    options = ("replay", "run", "--model", "a", "--outcome", "escalated:yes", "--estimate-only")
    before = filled(*options)
    filled("outcomes", "run")
    after = filled(*options)

    assert (before.code, after.code) == (1, 1)
    assert "trainingloop outcomes run" in before.err
    assert "no decision has an outcome of a rule 'escalated'" in after.err
    assert "escalation_triggered" in after.err


def test_a_set_that_is_frozen_cannot_be_chosen_anew(done: Command) -> None:
    """It would be another one under the same name."""
    refusal = done("replay", "run", "--model", "a", "--set", "all", "--since", "7d")
    unknown = done("replay", "run", "--model", "a", "--set", "nope")

    assert (refusal.code, unknown.code) == (2, 1)
    assert "is frozen" in refusal.err
    assert "no replay set is called 'nope'" in unknown.err


@pytest.mark.parametrize(
    ("amount", "said"), [(0, "0 USD"), (0.00123, "0.0012 USD"), (1234.5, "1,234.50 USD")]
)
def test_dollars_have_the_digits_that_say_something(amount: float, said: str) -> None:
    """A run may cost a fraction of a cent."""
    assert dollars(amount) == said


@pytest.mark.parametrize(
    ("seconds", "said"), [(4.4, "4 s"), (75, "1 min 15 s"), (3 * 3600 + 240, "3 h 04 min")]
)
def test_times_have_two_units(seconds: float, said: str) -> None:
    """The smaller ones say nothing."""
    assert duration(seconds) == said
