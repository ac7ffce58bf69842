"""How well `ktx sl search` and `ktx wiki search` answer the questions in questions.toml.

Each question is asked twice: of a project without embeddings (words alone), and of one with them
(hybrid). Meaning alone is the order of the lane `semantic` in the second answer.
"""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
WAYS = ("words", "meaning", "hybrid")
SHOWN = 3
"""What a reader looks at first."""

Ask = Callable[..., Any]
"""Runs ktx with these words and returns what it prints as JSON."""


@dataclass(frozen=True)
class Question:
    """What somebody asks, and the names that are right. `held`: not to tune with."""

    within: str
    kind: str
    words: str
    right: tuple[str, ...]
    held: bool


@dataclass(frozen=True)
class Found:
    """The names that a question found, the best first, by way."""

    question: Question
    names: dict[str, list[str]]

    def recall(self, way: str) -> float:
        """Which share of what is right is among the first three."""
        right = self.question.right
        return len(set(right) & set(self.names[way][:SHOWN])) / min(len(right), SHOWN)

    def reciprocal_rank(self, way: str) -> float:
        """One by the place of the first that is right; 0 when none is found."""
        places = (
            place for place, name in enumerate(self.names[way], 1) if name in self.question.right
        )
        return 1 / next(places, float("inf"))


@dataclass(frozen=True)
class Quality:
    """Recall within the first three and mean reciprocal rank of some questions."""

    recall: float
    reciprocal_rank: float


def read_questions() -> list[Question]:
    """The questions in the order of the file."""
    document = tomllib.loads((HERE / "questions.toml").read_text())
    return [Question(**each | {"right": tuple(each["right"])}) for each in document["question"]]


def quality(found: Iterable[Found], way: str) -> Quality:
    """Of one way, over at least one question."""
    every = list(found)
    return Quality(
        mean(each.recall(way) for each in every), mean(each.reciprocal_rank(way) for each in every)
    )


class Searches:
    """The projects of the questions below a folder, each with and without embeddings."""

    def __init__(self, folder: Path, demo: Path, ask: Ask) -> None:
        """`demo` is what `ktx setup demo` made."""
        self._folder = folder
        self._ask = ask
        for name, project in (("demo", demo), ("company", HERE / "company")):
            for backend in ("none", "onnx"):
                copy = folder / f"{name}-{backend}"
                shutil.rmtree(copy, ignore_errors=True)
                shutil.copytree(project, copy)
                with (copy / "ktx.yaml").open("a") as config:
                    config.write(f"embeddings:\n  backend: {backend}\n")

    def ask_all(self, questions: Sequence[Question]) -> list[Found]:
        """Asks each question in both ways."""
        return [self._found(question) for question in questions]

    def _found(self, question: Question) -> Found:
        by_words, by_both = (self._items(question, backend) for backend in ("none", "onnx"))
        near = {_name(item): rank for item in by_both if (rank := _semantic_rank(item))}
        if not near:
            raise RuntimeError(f"the lane semantic found nothing for {question.words!r}")
        ways = {
            "words": [_name(item) for item in by_words],
            "meaning": sorted(near, key=lambda name: near[name]),
            "hybrid": [_name(item) for item in by_both],
        }
        return Found(question, ways)

    def _items(self, question: Question, backend: str) -> list[Any]:
        pages = question.within == "pages"
        project = self._folder / f"{'company' if pages else question.within}-{backend}"
        place = ("--project-dir", str(project), "--limit", "100", "--json")
        answer = self._ask(
            "--quiet", "wiki" if pages else "sl", "search", *place, "--", question.words
        )
        items: list[Any] = answer["data"]["items"]
        return items


def _name(item: Any) -> str:
    name: str = item["key" if "key" in item else "name"]
    return name


def _semantic_rank(item: Any) -> int | None:
    (lane,) = [lane for lane in item["lanes"] if lane["lane"] == "semantic"]
    rank: int | None = lane.get("rank")
    return rank
