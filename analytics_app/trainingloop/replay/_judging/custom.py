"""Checks of one's own, as a file of checks describes them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Something that no answer may say or do; all that is given must hold for it to be found."""

    name: str
    text: str = ""
    """A regular expression that what is said must not match."""
    tool: str = ""
    """A pattern of names of tools that must not be called: at all, or as is said below."""
    argument: str = ""
    """The path of an argument of the tool."""
    matches: str = ""
    """A regular expression that the argument must not match."""
    above: float | None = None
    """The most that the argument may be, or without a tool any amount of money that is said."""
