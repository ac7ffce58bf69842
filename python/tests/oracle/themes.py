"""What the random search looks at, and how much of its time each part gets."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import strategies as st

from oracle.features import ALONE, FEATURES
from oracle.shapes import SHAPES


class Theme(NamedTuple):
    """Shapes of models, with one feature throughout, or with any few of them."""

    name: str
    shapes: tuple[str, ...]
    feature: str | None
    share: float


def _themes() -> list[Theme]:
    alone = [Theme(shape, (shape,), None, 0.5 / len(SHAPES)) for shape in SHAPES]
    each = 0.5 / len(FEATURES)
    few = {"contradictions": ("any", "snowflake")}
    # A long text takes a hundred times as long as another.
    return alone + [
        Theme(
            name.replace(" ", "_"),
            few.get(name, tuple(SHAPES)),
            name,
            each / 8 if name == "long" else each,
        )
        for name in FEATURES
    ]


THEMES = _themes()


def features_of(theme: Theme) -> st.SearchStrategy[frozenset[str]]:
    """Return the features that a case of the theme has: its own, or two at most."""
    if theme.feature is not None:
        return st.just(frozenset({theme.feature}))
    mixing = [name for name in FEATURES if name not in ALONE]
    return st.lists(st.sampled_from(mixing), max_size=2).map(frozenset)
