"""Every attribute name trainingloop writes or reads, spelled once.

Names without the ``trainingloop.`` prefix are OpenTelemetry semantic conventions. The GenAI ones
are copied as text on purpose: they moved to their own repository in 2026 and the constants of
``opentelemetry-semantic-conventions`` are marked deprecated there.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class DecisionKind(StrEnum):
    """What an assistant decided."""

    MESSAGE = "message"
    """It answered with text."""
    TOOL_CALL = "tool_call"
    """It asked for at least one tool to be called."""
    PLAYBOOK = "playbook"
    """Rules of a playbook were evaluated and some of them applied."""


class EventKind(StrEnum):
    """What happened in a conversation that no model decided."""

    INBOUND = "inbound"
    """The customer wrote."""
    ESCALATION = "escalation"
    """The conversation was handed to a human."""
    CLOSE = "close"
    """The conversation was closed."""
    OUTCOME = "outcome"
    """A business reported what came of it, such as an order that was paid."""


class RedactionStatus(StrEnum):
    """How the redaction of one span ended."""

    OK = "ok"
    """Every value was looked at."""
    PARTIAL = "partial"
    """At least one value could not be looked at and was replaced by ``<REDACTION_FAILED>``."""


# --- OpenTelemetry GenAI -----------------------------------------------------------------------
OPERATION_NAME: Final = "gen_ai.operation.name"
PROVIDER_NAME: Final = "gen_ai.provider.name"
AGENT_NAME: Final = "gen_ai.agent.name"
CONVERSATION_ID: Final = "gen_ai.conversation.id"
REQUEST_MODEL: Final = "gen_ai.request.model"
RESPONSE_MODEL: Final = "gen_ai.response.model"
RESPONSE_ID: Final = "gen_ai.response.id"
FINISH_REASONS: Final = "gen_ai.response.finish_reasons"
INPUT_MESSAGES: Final = "gen_ai.input.messages"
OUTPUT_MESSAGES: Final = "gen_ai.output.messages"
SYSTEM_INSTRUCTIONS: Final = "gen_ai.system_instructions"
TOOL_DEFINITIONS: Final = "gen_ai.tool.definitions"
TOOL_NAME: Final = "gen_ai.tool.name"
TOOL_TYPE: Final = "gen_ai.tool.type"
TOOL_CALL_ID: Final = "gen_ai.tool.call.id"
TOOL_CALL_ARGUMENTS: Final = "gen_ai.tool.call.arguments"
TOOL_CALL_RESULT: Final = "gen_ai.tool.call.result"
INPUT_TOKENS: Final = "gen_ai.usage.input_tokens"
OUTPUT_TOKENS: Final = "gen_ai.usage.output_tokens"
CACHE_READ_TOKENS: Final = "gen_ai.usage.cache_read.input_tokens"
REASONING_TOKENS: Final = "gen_ai.usage.reasoning.output_tokens"
PROMPT_NAME: Final = "gen_ai.prompt.name"
PROMPT_VERSION: Final = "gen_ai.prompt.version"

EVALUATION_EVENT: Final = "gen_ai.evaluation.result"
"""The event that tells what somebody or something thinks of an answer."""
EVALUATION_NAME: Final = "gen_ai.evaluation.name"
EVALUATION_SCORE: Final = "gen_ai.evaluation.score.value"
EVALUATION_LABEL: Final = "gen_ai.evaluation.score.label"
EVALUATION_EXPLANATION: Final = "gen_ai.evaluation.explanation"

OPERATION_CHAT: Final = "chat"
OPERATION_EXECUTE_TOOL: Final = "execute_tool"
OPERATION_INVOKE_AGENT: Final = "invoke_agent"
OPERATION_PLAYBOOK: Final = "evaluate_playbook"

# --- OpenTelemetry, general --------------------------------------------------------------------
ERROR_TYPE: Final = "error.type"
ENDUSER_PSEUDO_ID: Final = "enduser.pseudo.id"
SERVICE_NAME: Final = "service.name"
SERVICE_VERSION: Final = "service.version"
SERVICE_INSTANCE_ID: Final = "service.instance.id"
DEPLOYMENT_ENVIRONMENT: Final = "deployment.environment.name"
VCS_REVISION: Final = "vcs.ref.head.revision"
VCS_BRANCH: Final = "vcs.ref.head.name"

# --- trainingloop: who, where ------------------------------------------------------------------
TENANT_ID: Final = "trainingloop.tenant.id"
CHANNEL: Final = "trainingloop.channel"
TURN_INDEX: Final = "trainingloop.turn.index"
EXPERIMENT_ID: Final = "trainingloop.experiment.id"
EXPERIMENT_VARIANT: Final = "trainingloop.experiment.variant"

# --- trainingloop: the decision ----------------------------------------------------------------
DECISION_KIND: Final = "trainingloop.decision.kind"
DECISION_REASON: Final = "trainingloop.decision.reason"
REQUEST_PARAMS: Final = "trainingloop.request.params"
"""JSON object of the request parameters the GenAI conventions have no attribute for."""
OUTPUT_TEXT: Final = "trainingloop.output.text"
"""The text the assistant answered with, for search and lists."""
INPUT_TEXT: Final = "trainingloop.input.text"
"""The newest user message the decision answers, for lists."""
TOOL_CALLS: Final = "trainingloop.tool.calls"
"""JSON list of ``{"id", "name", "arguments", "arguments_hash"}``: what the model asked for."""
TOOL_ARGUMENTS_HASH: Final = "trainingloop.tool.arguments.hash"
"""Hash of the canonical arguments of an executed tool, to find the call it answers."""
TOOLS_NAMES: Final = "trainingloop.tools.names"
"""The names of the tools that were offered."""

# --- trainingloop: the playbook ----------------------------------------------------------------
PLAYBOOK_ID: Final = "trainingloop.playbook.id"
PLAYBOOK_NAME: Final = "trainingloop.playbook.name"
PLAYBOOK_VERSION: Final = "trainingloop.playbook.version"
PLAYBOOK_HASH: Final = "trainingloop.playbook.hash"
PLAYBOOK_SETTINGS: Final = "trainingloop.playbook.settings"
PLAYBOOK_RULES: Final = "trainingloop.playbook.rules"
"""JSON list of ``{"rule", "fired", "reason"}``, in the order they were evaluated."""
PLAYBOOK_RULES_FIRED: Final = "trainingloop.playbook.rules.fired"

# --- trainingloop: the version fingerprint -----------------------------------------------------
PROMPT_HASH: Final = "trainingloop.prompt.hash"
TOOLS_HASH: Final = "trainingloop.tools.hash"
CODE_VERSION: Final = "trainingloop.code.version"
CODE_DIRTY: Final = "trainingloop.code.dirty"
LIBRARY_VERSION: Final = "trainingloop.library.version"
COHORT: Final = "trainingloop.cohort"

# --- trainingloop: conversation events ---------------------------------------------------------
EVENT_KIND: Final = "trainingloop.event.kind"
EVENT_ID: Final = "trainingloop.event.id"
EVENT_TEXT: Final = "trainingloop.event.text"
EVENT_REASON: Final = "trainingloop.event.reason"
EVENT_TARGET: Final = "trainingloop.event.target"
EVENT_OUTCOME: Final = "trainingloop.event.outcome"
"""The name of a reported outcome, such as ``order_paid``."""
EVENT_VALUE: Final = "trainingloop.event.value"
"""Whether the reported outcome came about: ``yes`` or ``no``."""
EVENT_DECISION_ID: Final = "trainingloop.event.decision_id"
"""The decision a reported outcome is about, where the reporter knows it."""

# --- trainingloop: cost ------------------------------------------------------------------------
COST_USD: Final = "trainingloop.usage.cost_usd"
"""What the call cost in US dollars, where the sender says."""

# --- trainingloop: redaction proof -------------------------------------------------------------
REDACTION_VERSION: Final = "trainingloop.redaction.version"
REDACTION_STATUS: Final = "trainingloop.redaction.status"
REDACTION_COUNT: Final = "trainingloop.redaction.count"
REDACTION_ENTITIES: Final = "trainingloop.redaction.entities"
"""JSON object of counts by type, such as ``{"EMAIL": 2}``."""
REDACTION_FAILURES: Final = "trainingloop.redaction.failures"
REDACTION_SECOND_NET: Final = "trainingloop.redaction.second_net"
"""How much of the count the gateway found in a span that had been redacted before."""
REDACTION_POLICY: Final = "trainingloop.redaction.policy"
"""The version of the policy that said what is kept, replaced and dropped."""
REDACTION_KEY_ID: Final = "trainingloop.redaction.key_id"
"""Which of the tenant's keys made the tokens; the id says nothing about the secret."""

# --- trainingloop: loss accounting -------------------------------------------------------------
RECORDER_EMITTED: Final = "trainingloop.recorder.emitted"
"""How many spans this process had handed to the recorder when this one was exported."""
RECORDER_DROPPED: Final = "trainingloop.recorder.dropped"
"""How many of them were lost before this export: a full queue or a failed delivery."""

# --- trainingloop: where a span came from ------------------------------------------------------
SOURCE: Final = "trainingloop.source"
"""Who told it: ``sdk``, ``otlp`` for other instrumentations, ``import``, or ``api``."""
DIALECT: Final = "trainingloop.source.dialect"
"""The convention a foreign span was written in, such as ``openinference``."""
