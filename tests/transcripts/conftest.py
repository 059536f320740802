"""Writing transcript files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from support.transcripts import WritesRows


@pytest.fixture
def write(tmp_path: Path) -> WritesRows:
    """Writes rows of transcripts; text is written as it is."""

    def _write(content: object, name: str = "chats.json") -> Path:
        path = tmp_path / name
        if isinstance(content, str):
            path.write_text(content)
        elif path.suffix == ".jsonl":
            rows = cast("list[object]", content)
            path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        else:
            path.write_text(json.dumps(content))
        return path

    return _write
