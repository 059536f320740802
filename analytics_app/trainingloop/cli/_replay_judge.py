"""``replay judge``: have a model say which of two answers is better."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

import click

from trainingloop.cli._output import console, counted, examples, print_json
from trainingloop.cli._reading import one_tenant
from trainingloop.cli._store_option import with_store
from trainingloop.cli._workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from trainingloop.replay.judge_models import JudgeSummary

_NO_WORD: Final = (
    "none of them says which answer is better: the model may not be one that can judge, or the "
    "endpoint may have refused"
)


@click.command(
    epilog=examples(
        "trainingloop replay judge 3f2a91c04d5e --model gpt-5.4 --budget-usd 2",
    )
)
@with_store
@click.argument("name", metavar="RUN")
@click.option("--tenant", help="Whose decisions; needed where there are several.")
@click.option("--model", required=True, help="The model that judges.")
@click.option(
    "--base-url",
    default="",
    help="Where it is asked: any OpenAI-compatible endpoint. Else the one OPENAI_BASE_URL names, "
    "else OpenAI's.",
)
@click.option(
    "--key-variable",
    default="OPENAI_API_KEY",
    show_default=True,
    help="The environment variable that holds the key.",
)
@click.option("--budget-usd", type=click.FloatRange(min=0), help="What it may cost at most.")
@click.option("--budget-tokens", type=click.IntRange(min=0), help="How many tokens it may take.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def judge(
    dsn: str,
    name: str,
    tenant: str | None,
    model: str,
    base_url: str,
    key_variable: str,
    budget_usd: float | None,
    budget_tokens: int | None,
    as_json: bool,
) -> None:
    """Have a model say which answer of each pair that differs is better.

    It reads every pair twice, each answer once in the first place; where it contradicts itself,
    that is a tie. Its word is shown beside that of people, and decides nothing. What it said
    before is not asked again.
    """
    from trainingloop.prices import load_prices  # heavy
    from trainingloop.replay.endpoints import Endpoint, key_of
    from trainingloop.replay.environment import base_url as usual_url
    from trainingloop.replay.judge_models import JudgeModel, ask_judge
    from trainingloop.replay.runs import Budget, Options, run_of

    endpoint = Endpoint(base_url=base_url or usual_url(), key_variable=key_variable)
    with open_workspace(dsn) as workspace, _progress() as show:
        owner = one_tenant(workspace, tenant)
        run_id = run_of(workspace.reads(owner), name).run_id
        summary = ask_judge(
            workspace,
            owner,
            run_id,
            JudgeModel(endpoint=endpoint, model=model),
            key=key_of(endpoint),
            prices=load_prices(),
            options=Options(budget=Budget(usd=budget_usd, tokens=budget_tokens)),
            on_progress=show,
        )
    if as_json:
        print_json(asdict(summary))
    else:
        _print(summary)
    if summary.unusable or summary.not_asked:
        raise click.exceptions.Exit(1)


@contextmanager
def _progress() -> Generator[Callable[[int, int], None]]:
    """Show on a terminal how far the judge is; elsewhere, nothing."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    out = console(stderr=True)
    bar = Progress(
        TextColumn("judging"),
        BarColumn(),
        MofNCompleteColumn(),
        console=out,
        disable=not out.is_terminal,
        transient=True,
    )
    with bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _print(summary: JudgeSummary) -> None:
    from trainingloop.replay.reports import judge_words  # heavy

    click.echo(f"{counted(summary.asked, 'question')} asked now")
    if summary.unusable:
        click.echo(f"{summary.unusable:,} of them brought no preference")
    if summary.given_up:
        click.echo(
            f"the endpoint was given up: one question after the other ended as "
            f"{summary.given_up.value.replace('_', ' ')}. What was judged is stored; "
            f"{counted(summary.not_asked, 'question')} left, which the same command asks when "
            "the endpoint answers again"
        )
    elif summary.not_asked:
        click.echo(f"{counted(summary.not_asked, 'question')} left out: the budget would not hold")
    if summary.report is not None:
        click.echo(judge_words(summary.report))
    elif not summary.given_up:
        click.echo(
            _NO_WORD if summary.asked else "there is no pair that differs, or none was judged"
        )
