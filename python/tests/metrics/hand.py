"""A question with its rows as a person has worked them out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from metrics.question import Question, World
from metrics.shop import SHOP


@dataclass(frozen=True)
class Hand:
    """What is asked, and what is right."""

    name: str
    question: Question
    rows: list[tuple[Any, ...]]
    world: World = SHOP
