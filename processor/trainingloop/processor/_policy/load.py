"""A policy file, read and checked as a whole before anything of it is believed."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from trainingloop.processor._policy import schema
from trainingloop.processor._policy.build import build
from trainingloop.processor._policy.model import Policy
from trainingloop.processor._policy.problems import PolicyError
from trainingloop.processor._policy.recognizers import Recognizers, read_recognizers
from trainingloop.processor._policy.tree import read_file

if TYPE_CHECKING:
    from pathlib import Path as FilePath

    from trainingloop.processor._policy.tree import Path, Tree


def load(path: FilePath) -> Policy:
    """The policy of a file.

    Raises:
        PolicyError: It cannot be used; the error holds every reason.
    """
    tree = read_file(path)
    policy = Policy()
    if tree.is_whole:
        schema.check(tree)
        policy = build(tree, _FromFiles(path.parent).recognizers)
    if tree.problems:
        raise PolicyError(tuple(tree.problems))
    return policy


class _FromFiles:
    """Reads recognizers where the policy has them: in place, or in a file beside it."""

    def __init__(self, folder: FilePath) -> None:
        self._folder = folder

    def recognizers(self, tree: Tree, path: Path, has_presidio: bool) -> Recognizers:
        given = tree.value
        for part in path:
            given = cast("dict[str | int, object]", given)[part]
        if not isinstance(given, str):
            return read_recognizers(tree, path, has_presidio=has_presidio)
        own = read_file(self._folder / given)
        if own.is_whole:
            schema.check(own, "recognizer_file")
        if own.problems and not own.problems[0].line:
            # The file as a whole: what has to change is the line that names it.
            tree.object_to(path, str(own.problems[0]))
            return Recognizers()
        found = Recognizers()
        if own.is_whole and isinstance(own.value, dict):
            found = read_recognizers(own, (), has_presidio=has_presidio)
        tree.problems += own.problems
        return found
