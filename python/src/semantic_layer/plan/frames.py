"""What a measure over time looks at: a window that ends with a period, or an earlier period."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from semantic_layer.data.record import Frozen
from semantic_layer.errors import Origin
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.measure_calls import plain_text
from semantic_layer.syntax.tree import Node
from semantic_layer.syntax.verbatim import called_name
from semantic_layer.times.calendar import FISCAL
from semantic_layer.times.duration import CALENDAR, Duration, read_duration, read_grain


class _Frame(Frozen):
    """What every frame can be asked; two that look at the same are equal."""

    @property
    def is_total(self) -> bool:
        """Whether it looks at other groups, not at another time."""
        return False

    @property
    def needs_period(self) -> bool:
        """Whether it means nothing to a question without periods."""
        return True

    @property
    def named(self) -> tuple[Node, ...]:
        """The dimensions that it names."""
        return ()

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash(tuple(vars(self).values()))


class Window(_Frame):
    """The rows up to a period's end: of a duration, since a longer period began, or since ever.

    `first` lets a period show the value at the end of the first finer period in it, `average` the
    average of the values at the ends of all finer periods in it.
    """

    length: Duration | None = None
    to_grain: str | None = None
    first: bool = False
    average: bool = False

    @property
    def needs_period(self) -> bool:
        """Whether it has a start: since ever, it holds everything where there are no periods."""
        return self.length is not None or self.to_grain is not None or self.average

    @property
    def grain(self) -> str:
        """The grain of the finer periods whose values a coarser period could show."""
        return self.length.grain if self.length is not None else "day"


class Shift(_Frame):
    """The period that lies some time earlier, or that a longer period began with."""

    by: Duration | None = None
    to_grain: str | None = None


class Total(_Frame):
    """All groups of the question that share the dimensions in `trees`."""

    trees: tuple[Node, ...] = ()

    @property
    def is_total(self) -> bool:
        """It is one."""
        return True

    @property
    def needs_period(self) -> bool:
        """Its groups need not be periods."""
        return False

    @property
    def named(self) -> tuple[Node, ...]:
        """The dimensions whose values its groups share."""
        return self.trees


Parse = Callable[[str, Origin], Node]
Frame = Window | Shift | Total
Frames = tuple[Frame, ...]
"""From the outermost to the innermost; only the outermost may be a total, only the innermost a
window."""


def read_dimensions(call: Node, dialect: str, parse: Parse, origin: Origin) -> list[Node]:
    """Return the measure that `total` or `rank` is of, and the names of dimensions behind it."""
    tree = parse(plain_text(call, dialect), origin)
    assert isinstance(tree, exp.Anonymous)
    measure, *names = tree.expressions or [exp.Null()]
    is_value = not isinstance(measure, (exp.Distinct, exp.Order, exp.Ordered, exp.Null))
    if not is_value or not all(isinstance(name, exp.Column) for name in names):
        name = called_name(call) or ""
        raise origin.error(f"`{name}` is not written so.", fix=f"Write {_FORMS[name]}.")
    return [measure, *names]


def read_call(call: Node, parse: Parse, dialect: str, origin: Origin) -> tuple[Node, Frame]:
    """Return the measure that a call is over, and what it looks at."""
    name = called_name(call) or ""
    tree = parse(plain_text(call, dialect), origin)
    assert isinstance(tree, exp.Anonymous)
    measure, *words = tree.expressions or [exp.Null()]
    if not all(isinstance(word, exp.Literal) and word.is_string for word in words):
        raise _wrong(name, origin)
    frame = _frame(name, [word.name for word in words], origin)
    return measure, frame


def _frame(name: str, words: Sequence[str], origin: Origin) -> Frame:
    rest = list(words)
    if name == "offset":
        if len(rest) != 1:
            raise _wrong(name, origin)
        is_duration = any(letter.isdigit() for letter in rest[0])
        if is_duration:
            return Shift(by=read_duration(rest[0], origin))
        return Shift(to_grain=read_grain(rest[0], origin))
    shown = rest.pop() if rest and rest[-1] in ("first", "last", "average") else "last"
    first, average = shown == "first", shown == "average"
    if len(rest) > 1 or (name == "to_date" and not rest):
        raise _wrong(name, origin)
    if name == "to_date":
        return Window(to_grain=read_grain(rest[0], origin), first=first, average=average)
    length = read_duration(rest[0], origin) if rest else None
    return Window(length, first=first, average=average)


_FORMS = {
    "cumulative": "cumulative(orders.revenue), or with a window: "
    "cumulative(orders.revenue, '28 days')",
    "to_date": "to_date(orders.revenue, 'month')",
    "offset": "offset(orders.revenue, '1 year')",
    "total": "total(orders.revenue), or of some groups: total(orders.revenue, customers.region)",
    "rank": "rank(orders.revenue), or among some groups: rank(orders.revenue, customers.region)",
}


def _wrong(name: str, origin: Origin) -> Exception:
    return origin.error(f"`{name}` is not written so.", fix=f"Write {_FORMS[name]}.")


def frame_words(frame: Frame) -> str:
    """Return in words at which time a frame looks."""
    if isinstance(frame, Total):
        return "all groups"
    if isinstance(frame, Shift):
        if frame.by is not None:
            return f"the period that lies {frame.by} earlier"
        return f"the period with which its {frame.to_grain} began"
    end = f"the end of its first {frame.grain}" if frame.first else "its end"
    day, shown = "its last day", ""
    if frame.average:
        end, day = f"the end of each {frame.grain} in it", f"that {frame.grain}"
        shown = ", and shows the average of these values"
    if frame.length is not None:
        return f"the {frame.length} before {end}{shown}"
    since = f", from the start of the {frame.to_grain} that holds {day}" if frame.to_grain else ""
    return f"everything up to {end}{since}{shown}"


def as_calls(tree: Node, frames: Frames) -> Node:
    """Return an expression as the calls that its frames are written as."""
    for frame in reversed(frames):
        tree = _as_call(tree, frame)
    return tree


def _as_call(tree: Node, frame: Frame) -> Node:
    name, words = "cumulative", []
    if isinstance(frame, Total):
        return exp.Anonymous(this="total", expressions=[tree, *(t.copy() for t in frame.trees)])
    if isinstance(frame, Shift):
        name, words = "offset", [str(frame.by or frame.to_grain)]
    elif frame.to_grain is not None:
        name, words = "to_date", [frame.to_grain]
    elif frame.length is not None:
        words = [str(frame.length)]
    if isinstance(frame, Window) and (frame.first or frame.average):
        words.append("first" if frame.first else "average")
    return exp.Anonymous(
        this=name, expressions=[tree, *(exp.Literal.string(word) for word in words)]
    )


def word_of(frames: Frames) -> str:
    """Return what the rows of such frames are, as one word of SQL: `28_days_1_year_earlier`."""
    return "_".join(_word(frame) for frame in reversed(frames))


def _word(frame: Frame) -> str:
    if isinstance(frame, Total):
        return "total"
    if isinstance(frame, Shift):
        words = f"{frame.by} earlier" if frame.by is not None else f"{frame.to_grain} start"
    elif frame.length is not None:
        words = f"{frame.length}"
    else:
        words = f"{frame.to_grain or 'ever'} to date"
    if isinstance(frame, Window):
        words += " first" if frame.first else " average" if frame.average else ""
    return words.replace(" ", "_")


def nested(outer: Frames, inner: Frame, origin: Origin) -> Frames:
    """Return frames with one more inside; raises for a window in or over another frame's window."""
    if isinstance(inner, Total) and outer:
        raise origin.unsupported(
            "a total is of groups, and cannot stand inside of another measure over time.",
            fix="Turn them round: the total of an offset or a cumulative measure is possible.",
        )
    if any(isinstance(frame, Window) for frame in outer):
        raise origin.unsupported(
            "a cumulative measure is of a plain measure, not of a cumulative or an offset one.",
            fix="Turn them round: the offset of a cumulative measure is possible.",
        )
    if isinstance(inner, Window) and inner.average and any(isinstance(f, Shift) for f in outer):
        raise origin.unsupported(
            "the average of a period's values is not looked up at another time.",
            fix="Take the offset of the value at the period's end: leave out `average`.",
        )
    return (*outer, inner)


def averaged(frames: Frames) -> Window | None:
    """Return the window of whose values frames take the average, if they do."""
    inner = frames[-1] if frames else None
    return inner if isinstance(inner, Window) and inner.average else None


def at_grain(frames: Frames, grain: str, origin: Origin) -> Frames:
    """Return frames as a question by a grain has them: a period in which no finer ones are shows
    its own value, and no average."""
    window = averaged(frames)
    if window is None:
        return frames
    if CALENDAR.index(grain.removeprefix("fiscal_")) <= CALENDAR.index(window.grain):
        return (*frames[:-1], window.replaced(average=False))
    if grain in FISCAL and window.grain == "quarter":
        raise origin.unsupported(
            f"a {grain} need not have whole quarters, so there is no average of them.",
            fix="Count the window in months, 3 for a quarter: the average is then one of months.",
        )
    if window.grain == "week":
        raise origin.unsupported(
            f"a {grain} has no whole weeks, so there is no average of them.",
            fix="Count the window in days, 28 for 4 weeks: the average is then one of days.",
        )
    return frames
