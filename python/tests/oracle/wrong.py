"""A wrong answer, told so that it can be understood without a debugger."""

from __future__ import annotations

import json
from typing import Any

import yaml


class Wrong(AssertionError):
    """An answer that is not right, or a refusal of what can be answered.

    `signature` says of which kind it is: two failures that have it are likely one fault.
    """

    def __init__(self, what: str, kinds: list[str], dialect: str, **about: Any) -> None:
        self.signature = (", ".join(kinds) or "plain", what, dialect)
        self.size = len(json.dumps(about.get("question", {}))) + len(str(about.get("model", "")))
        lines = [f"{what} [{', '.join(kinds) or 'plain'}] on {dialect}"]
        lines += [f"-- {name}:\n{_text(value)}" for name, value in about.items()]
        super().__init__("\n".join(lines))


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n".join(f"  {item}" for item in value) or "  (none)"
    # Short lists on one line each, so that a model is not longer than a page.
    return yaml.safe_dump(value, sort_keys=False, width=110, default_flow_style=None).rstrip()
