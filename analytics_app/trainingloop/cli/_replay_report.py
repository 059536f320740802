"""What ``replay`` tells people of runs: what one will take, and how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import click

from trainingloop.cli._output import console, counted, first_line, listed, print_table, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from trainingloop.replay.reasons import Reason
    from trainingloop.replay.runs import Run, RunStatus

_MINUTE_S: Final = 60
_HOUR_S: Final = 3600
_MOST_CHANGES: Final = 12
_SMALL_USD: Final = 0.01
_ADVICE: Final[Mapping[str, str]] = {
    "connection": "{url} was not reached or hung up: check the address and that it is up",
    "garbled": "what came from {url} is no answer as OpenAI's: check the path, which mostly "
    "ends in /v1, and --api",
    "rate_limited": "{url} takes no more for now: resume later, or with a smaller --concurrency",
    "rejected": "{url} refused the question itself, mostly for a parameter it does not take or "
    "a prompt that is too long: trainingloop replay export tells the reason of each",
    "server_error": "{url} says that it failed: resume later",
    "timeout": "no answer came in {timeout} s: resume with a longer --timeout, or a smaller "
    "--concurrency",
    "unauthorized": "{url} refused the key that is read from {variable}, or that was not set: set "
    "it where the run is resumed",
    "unknown_model": "{url} does not know {model}: begin a new run with a model it has",
}
"""What to do about answers that did not come, by their state."""
_PARTS: Final = {"params": "parameters", "system": "system prompt"}
_RUN_COLUMNS: Final = {
    "run_id": "run",
    "name": "name",
    "state": "state",
    "created_at": "made (UTC)",
    "reason": "because",
}


def print_forecast(answer: Mapping[str, object]) -> None:
    """Print what the action ``replay/runs`` says a run will take, and what is asked otherwise."""
    expected = cast("Mapping[str, Any]", answer["estimate"])
    out = console(stderr=True)
    out.print(f"{answer['name']}")
    changes = list(_changes(cast("list[Mapping[str, Any]]", answer["differences"])))
    if not changes and expected["decisions"]:
        changes = ["nothing is asked otherwise than was recorded"]
    for line in changes:
        out.print(f"  {line}")
    if parts := cast("list[str]", answer["redacted"]):
        named = listed([_PARTS.get(part, part) for part in parts])
        out.print(
            f"redacted in the candidate's {named}: personal data is asked as the tokens that "
            "recorded prompts have"
        )
    for line in _forecast(expected, cast("Mapping[str, int]", answer["unfit"])):
        out.print(line)
    for note in cast("list[str]", answer["notes"]):
        out.print(note)


def _forecast(expected: Mapping[str, Any], unfit: Mapping[str, int]) -> Iterator[str]:
    """Yield what an estimate says, a sentence each."""
    tokens = f"about {expected['input_tokens']:,} tokens in and {expected['output_tokens']:,} out"
    yield (
        f"{counted(expected['decisions'], 'decision')}, "
        f"{counted(expected['questions'], 'question')}: {tokens}"
    )
    cost, seconds = expected["cost_usd"], expected["seconds"]
    price = "no price is known for the model" if cost is None else f"about {dollars(cost)}"
    time = "" if seconds is None else f", about {duration(seconds)}"
    yield f"{price}{time}"
    for reason, count in unfit.items():
        yield f"left out: {counted(count, 'decision')}{_explained(reason)}"


def _explained(reason: str) -> str:
    """Return why decisions cannot be asked again, after "3 decisions"."""
    from trainingloop.replay.cases import explained  # heavy

    # What a candidate cannot be asked is a sentence of its own.
    return f": {reason}" if " " in reason else f" {explained(reason)}"


def dollars(amount: float) -> str:
    """Return an amount of US dollars, with as many digits as say something."""
    if amount == 0:
        return "0 USD"
    return f"{amount:.4f} USD" if amount < _SMALL_USD else f"{amount:,.2f} USD"


def duration(seconds: float) -> str:
    """Return a time in the two largest units."""
    whole = round(seconds)
    if whole < _MINUTE_S:
        return f"{whole} s"
    if whole < _HOUR_S:
        return f"{whole // _MINUTE_S} min {whole % _MINUTE_S:02d} s"
    return f"{whole // _HOUR_S} h {whole % _HOUR_S // _MINUTE_S:02d} min"


def print_runs(runs: Sequence[Run]) -> None:
    """Print a line for each run."""
    rows = [
        {
            "run_id": run.run_id,
            "name": run.name,
            "state": run.state.value,
            "created_at": run.created_at,
            "reason": run.reason,
        }
        for run in runs
    ]
    print_table(
        _RUN_COLUMNS,
        rows,
        empty="nothing was replayed here yet: trainingloop replay run",
        flexible="reason",
    )


def print_status(status: RunStatus, reasons: Sequence[Reason]) -> None:
    """Print how far a run is, and why answers did not come."""
    run = status.run
    click.echo(f"{run.run_id}: {printable(run.name)}")
    because = f" ({printable(run.reason)})" if run.reason else ""
    state = run.state.value.replace("_", " ")
    click.echo(f"{state}{because}: {status.final:,} of {status.all:,} settled")
    for arm, held in status.arms.items():
        states = ", ".join(
            f"{count:,} {state.value.replace('_', ' ')}" for state, count in held.states.items()
        )
        cached = f", {held.cached:,} known from before" if held.cached else ""
        click.echo(f"  {arm.value}: {states}{cached}")
        for one in reasons:
            if one.arm is arm:
                click.echo(f"    {_why(one)}")
    unpriced = sum(held.unpriced for held in status.arms.values())
    known = dollars(status.cost_usd) if status.cost_usd or not unpriced else ""
    unknown = f"{counted(unpriced, 'answer')} at a price nobody told" if unpriced else ""
    price = " and ".join(part for part in (known, unknown) if part)
    click.echo(f"paid for: {status.tokens:,} tokens, {price}")
    for state in status.states:
        if advice := _ADVICE.get(state):
            click.echo(f"{state.replace('_', ' ')}: {advice.format(**_asked(run))}")


def _why(one: Reason) -> str:
    from trainingloop.replay.cases import explained  # heavy

    # Of a decision that cannot be asked again a code is stored, of anything else a sentence.
    is_code = one.state.value == "unfit" and " " not in one.reason
    reason = f"decisions {explained(one.reason)}" if is_code else printable(one.reason)
    return f"{one.answers:,} {one.state.value.replace('_', ' ')}: {reason}"


def _asked(run: Run) -> dict[str, object]:
    """Return whom a run asks, for advice."""
    return {
        "url": printable(str(run.candidate.get("base_url", "the local model"))),
        "model": printable(str(run.candidate.get("model") or "the recorded model")),
        "variable": printable(str(run.candidate.get("key_variable") or "no variable")),
        "timeout": f"{run.options.timeout_s:g}",
    }


def _changes(differences: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield what is asked otherwise, what is so of most decisions first."""
    # Prompts tend to differ between decisions, and so do their changes: together they say more.
    prompts = sum(int(change["decisions"]) for change in differences if _is_prompt(change))
    if prompts:
        yield f"system prompt: changed in {counted(prompts, 'decision')}"
    others = [change for change in differences if not _is_prompt(change)]
    for change in others[:_MOST_CHANGES]:
        yield _change(change)
    if (more := len(others) - _MOST_CHANGES) > 0:
        yield f"and {counted(more, 'more difference')}"


def _is_prompt(change: Mapping[str, Any]) -> bool:
    return change["part"] == "system" and not change["note"]


def _change(change: Mapping[str, Any]) -> str:
    held = f"in {counted(int(change['decisions']), 'decision')}"
    if change["note"]:
        return f"{change['part']}: left out {held}: {change['note']}"
    before, after = _short(change["recorded"]), _short(change["candidate"])
    return f"{change['part']}: {before} becomes {after} {held}"


def _short(value: str) -> str:
    return first_line(value, characters=40) or "nothing"
