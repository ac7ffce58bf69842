"""Ways from one node to another along joins that give a row at most one row, walked naively."""

from __future__ import annotations

from itertools import pairwise

from oracle.joins import matches
from oracle.model import Case, Join, Row

Step = tuple[Join, bool, str]
"""A join, whether it is followed from its source, and the node it leads to."""
Path = list[Step]


class Refused(Exception):
    """The question has no single right answer, so the planner must refuse it."""


class Routes:
    """The shortest routes of one model."""

    def __init__(self, case: Case, chosen: tuple[tuple[str, ...], ...] = ()) -> None:
        self._case = case
        self._chosen = chosen
        self._found: dict[tuple[str, str], list[Path]] = {}
        self.used: set[tuple[Join, bool]] = set()
        """The joins of the routes that were asked for by `one`, and from which end."""
        self.multiplied = False
        """Whether a row met several rows where it should meet one."""

    def all(self, home: str, node: str) -> list[Path]:
        """Return all routes of the fewest hops."""
        if (home, node) not in self._found:
            self._found[home, node] = self._search(home, node)
        return self._found[home, node]

    def one(self, home: str, node: str) -> Path:
        """Return the one shortest route; none or several are refused."""
        found = self.all(home, node)
        if len(found) != 1:
            raise Refused(f"{len(found)} routes from {home} to {node}")
        self.used |= {(join, forward) for join, forward, _ in found[0]}
        return found[0]

    def _search(self, home: str, node: str) -> list[Path]:
        if home == node:
            return [[]]
        for names in self._chosen:
            if home in names and node in names[names.index(home) + 1 :]:
                return self._along(names[names.index(home) + 1 : names.index(node) + 1], home)
        level: list[Path] = [[]]
        seen = {home}
        while level:
            level = [
                [*path, step]
                for path in level
                for step in self._steps(path[-1][2] if path else home)
                if step[2] not in seen
            ]
            arrived = [path for path in level if path[-1][2] == node]
            if arrived:
                return arrived
            seen |= {path[-1][2] for path in level}
        return []

    def _along(self, names: tuple[str, ...], home: str) -> list[Path]:
        """Return the one way that passes through the named nodes."""
        path: Path = []
        for here, there in pairwise((home, *names)):
            steps = [step for step in self._steps(here) if step[2] == there]
            if len(steps) != 1:
                return []
            path += steps
        return [path]

    def _steps(self, node: str) -> list[Step]:
        source = self._case.source_of(node)
        out: list[Step] = [(join, True, join.end) for join in self._case.joins]
        out = [step for step in out if step[0].source == source and step[2] != node]
        back: list[Step] = [
            (join, False, join.source)
            for join in self._case.joins
            if join.to_one_back and join.target == source and join.alias in (None, node)
        ]
        return out + [step for step in back if step[2] != node]

    def follow(self, path: Path, row: Row) -> Row | None:
        """Return the row at the end of a path, or None when a step finds no match."""
        current: Row | None = row
        for join, forward, _ in path:
            if current is None:
                return None
            current = self._next(join, forward, current)
        return current

    def _next(self, join: Join, forward: bool, row: Row) -> Row | None:
        if forward:
            found = [other for other in self._case.rows[join.target] if matches(join, row, other)]
        else:
            found = [other for other in self._case.rows[join.source] if matches(join, other, row)]
        self.multiplied = self.multiplied or len(found) > 1
        return found[0] if found else None
