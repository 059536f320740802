"""``version``: what is installed."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from typing import Final

import click

from trainingloop.cli._output import examples, print_json

_LIBRARIES: Final = (
    "opentelemetry-sdk",
    "opentelemetry-instrumentation-genai-openai",
    "openai",
    "clickhouse-connect",
    "chdb",
    "presidio-analyzer",
    "streamlit",
)


@click.command(
    epilog=examples(
        "trainingloop version --json",
    )
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def version(as_json: bool) -> None:
    """Show the version of trainingloop and of what it stands on."""
    versions = {
        "trainingloop": installed_version("trainingloop"),
        "python": platform.python_version(),
        **{name: _version_of(name) for name in _LIBRARIES},
    }
    if as_json:
        print_json(versions)
        return
    for name, number in versions.items():
        click.echo(f"{name} {number or 'is not installed'}")


def _version_of(name: str) -> str | None:
    try:
        return installed_version(name)
    except PackageNotFoundError:
        return None
