"""What a question of TPC-H looks like as a semantic query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Question:
    """A question of TPC-H, asked with its validation parameters.

    `columns` names the answer's outputs in the order of the reference's columns; one written
    `name:year` is a date of which the reference has the year. `order` gives the columns that the
    reference orders by. `reads` names the `sql` sources that the query looks into.
    """

    number: int
    query: dict[str, Any]
    columns: tuple[str, ...]
    order: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"q{self.number}"
