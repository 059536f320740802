"""A name for what a policy says, however it is written."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from trainingloop.processor._policy.model import Category

if TYPE_CHECKING:
    from trainingloop.processor._policy.model import Policy


def fingerprint(policy: Policy) -> str:
    """Twelve hexadecimal digits, the same for policies that say the same of one tenant."""
    wildcards = {pattern.pattern: asdict(rule) for pattern, rule in policy.keys.wildcards}
    says = {
        "engine": policy.engine or "fast",
        "names": policy.names,
        "canary": sorted(policy.canary),
        "content": {category: policy.content_action(category) for category in Category},
        "keys": {name: asdict(rule) for name, rule in policy.keys.exact.items()},
        "wildcards": wildcards,
        "entities": dict(policy.entities),
        "allow": [sorted(policy.allow.values), sorted(policy.allow.patterns)],
        "known_values": sorted(policy.known_values),
        "recognizers": sorted(json.dumps(asdict(each)) for each in policy.recognizers),
        "predefined": sorted(policy.predefined),
    }
    canonical = json.dumps(says, sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]
