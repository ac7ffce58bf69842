"""A wrong answer, told so that it can be understood without a debugger."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

Signature = tuple[str, str, str]
"""The kinds of parts that a question has, what is wrong, and the dialect where that matters."""


class Wrong(AssertionError):
    """An answer that is not right, or a refusal of what can be answered.

    `signature` says of which kind it is: two failures that have it are likely one fault.
    """

    def __init__(self, what: str, kinds: list[str], dialect: str, **about: Any) -> None:
        super().__init__(what, dialect)
        self.dialect = dialect
        self._about = about
        self._title = f"{what} [{', '.join(kinds) or 'plain'}] on {dialect}"
        by_database = what.startswith(("rows", "error"))
        self.signature: Signature = (", ".join(kinds) or "plain", what, dialect * by_database)

    @property
    def size(self) -> int:
        """How much there is to read."""
        return sum(len(str(self._about.get(name, ""))) for name in ("model", "question"))

    def __str__(self) -> str:
        # Written only when it is read: a search meets many that are known already.
        model, query = self._about["model"], self._about["question"]
        asked = {key: value for key, value in query.items() if value}
        about = {**self._about, "model": relevant(model, query), "question": asked}
        return "\n".join(
            [self._title, *(f"-- {name}:\n{_text(value)}" for name, value in about.items())]
        )


def relevant(model: dict[str, Any], query: dict[str, Any]) -> dict[str, Any]:
    """Return a model without the measures and columns that nothing in the question leads to."""
    measures = [item for source in model.values() for item in source["measures"]]
    columns = [item for source in model.values() for item in source.get("columns", [])]
    rest = [
        [source.get("joins"), source.get("segments"), source.get("grain")]
        for source in model.values()
    ]
    words = json.dumps([query, rest], ensure_ascii=False)
    named: list[Any] = []

    def is_new(item: dict[str, Any]) -> bool:
        name = re.escape(json.dumps(item["name"], ensure_ascii=False)[1:-1])
        return item not in named and bool(re.search(rf"(?<!\w){name}(?!\w)", words))

    while more := [item for item in [*measures, *columns] if is_new(item)]:
        named += more
        words += json.dumps(more, ensure_ascii=False)
    return {
        name: {
            **source,
            **{
                part: [i for i in source[part] if i in named]
                for part in ("columns", "measures")
                if part in source
            },
        }
        for name, source in model.items()
    }


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n".join(f"  {item}" for item in value) or "  (none)"
    # Short lists on one line each, so that a model is not longer than a page.
    text: str = yaml.dump(
        value,
        Dumper=_Plain,
        sort_keys=False,
        width=110,
        default_flow_style=None,
        allow_unicode=True,
    )
    return text.rstrip()
