"""What a candidate is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.chat import JsonObject
    from trainingloop.replay.endpoints import Endpoint

LOCAL: Final = "local"
"""The base URL of the model that comes with trainingloop; where it answers is known only later."""
LOCAL_MODEL: Final = "smollm2-135m-instruct"
"""What that model is called: a small one, for a look at how replays work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """One change of a system prompt: a text found in it becomes another."""

    find: str
    replace: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemChange:
    """What becomes of the recorded system prompt; nothing where everything is empty."""

    replace: str | None = None
    """The whole new prompt."""
    template: str | None = None
    """The whole new prompt, with ``{{ placeholders }}`` for what differs between decisions."""
    patches: tuple[Patch, ...] = ()
    prepend: str = ""
    append: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookChange:
    """The playbook the candidate stands for."""

    version: str = ""
    """A label."""
    settings: Mapping[str, object] = field(default_factory=dict[str, object])
    """What a template may say; over the recorded settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolsChange:
    """What becomes of the tools that were offered; they are schemas, and nothing calls them."""

    replace: tuple[JsonObject, ...] | None = None
    """All tools, in the form of the chat API."""
    add: tuple[JsonObject, ...] = ()
    """More of them; one that was offered under the same name gives way."""
    remove: tuple[str, ...] = ()
    change: Mapping[str, JsonObject] = field(default_factory=dict[str, "JsonObject"])
    """By name, what is said otherwise: ``description``, ``parameters``, ``strict``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Who is asked instead, and what is said to it otherwise than was recorded."""

    name: str
    endpoint: Endpoint
    model: str | None = None
    """None asks the model that was recorded."""
    params: Mapping[str, object] = field(default_factory=dict[str, object])
    """Over the recorded ones; None takes a recorded one away."""
    system: SystemChange = SystemChange()
    playbook: PlaybookChange = PlaybookChange()
    tools: ToolsChange = ToolsChange()

    @property
    def is_local(self) -> bool:
        """Whether the model that comes with trainingloop is asked."""
        return self.endpoint.base_url == LOCAL

    @property
    def playbook_version(self) -> str:
        """The label of the playbook it stands for; "" for the recorded one."""
        return self.playbook.version

    def document(self) -> JsonObject:
        """Return it as `candidate_from` takes it."""
        place = {"endpoint": LOCAL} if self.is_local else {"base_url": self.endpoint.base_url}
        said: JsonObject = {
            "name": self.name,
            **place,
            "api": self.endpoint.api,
            "model": self.model,
            "params": dict(self.params),
            "system": _system(self.system),
            "playbook": _present(
                {"version": self.playbook.version, "settings": dict(self.playbook.settings)}
            ),
            "tools": _tools(self.tools),
        }
        # An empty name says something: this endpoint is given no key.
        return {**_present(said), "key_variable": self.endpoint.key_variable}


def _system(change: SystemChange) -> JsonObject:
    if change.replace is not None:
        return {"replace": change.replace}
    if change.template is not None:
        return {"template": change.template}
    added = _present({"prepend": change.prepend, "append": change.append})
    patches = [{"find": patch.find, "replace": patch.replace} for patch in change.patches]
    steps = [*patches, *({name: text} for name, text in added.items())]
    return {"patch": steps} if steps else {}


def _tools(change: ToolsChange) -> JsonObject:
    replace = {} if change.replace is None else {"replace": list(change.replace)}
    more = {
        "add": list(change.add),
        "remove": list(change.remove),
        "change": dict(change.change),
    }
    return {**replace, **_present(more)}


def _present(said: Mapping[str, object]) -> JsonObject:
    """What is said; an empty answer is none."""
    return {name: value for name, value in said.items() if value not in (None, "", {}, [])}
