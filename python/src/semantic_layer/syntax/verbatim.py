"""Writing trees as SQL: what a database's own text said is written as it stood.

sqlglot prints a tree in its own words, and some of them mean something else to the database that
the text was read for (`~` of DuckDB compares the whole text, `REGEXP_MATCHES` looks for a part).
So a node that was read keeps a `Template` of its text, with holes where its operands are, and only
what the planner builds itself, or knows to be printed as it was, is printed by sqlglot.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Self

from semantic_layer.syntax.lean_sqlglot import dialect_named
from semantic_layer.syntax.tree import VERBATIM, Node

Step = tuple[str, int | None]
"""An argument of a node, and the place in it if it is a list."""


class Call(tuple[str, int]):
    """A call as it was written: the function's name in small letters, and how many arguments."""

    # No NamedTuple, as in `reading.Span`.
    __slots__ = ()

    def __new__(cls, name: str, arguments: int) -> Self:
        """Make a call."""
        return tuple.__new__(cls, (name, arguments))

    @property
    def name(self) -> str:
        """The function's name."""
        return self[0]

    @property
    def arguments(self) -> int:
        """How many arguments are given."""
        return self[1]


Parts = tuple[str | tuple[Step, ...], ...]


class Template(tuple[Parts, bool, Call | None, bool | None]):
    """The text of a node: words, and between them the paths from the node to its operands.

    It is an argument of the node, so that nodes of different texts are not equal.
    `closed` says that the text keeps its meaning beside any operator, as a call does; `aggregate`
    whether the database aggregates with it, or None where sqlglot's class of the node tells.
    """

    __slots__ = ()

    def __new__(
        cls, parts: Parts, closed: bool, call: Call | None = None, aggregate: bool | None = None
    ) -> Self:
        """Make a template."""
        return tuple.__new__(cls, (parts, closed, call, aggregate))

    @property
    def parts(self) -> Parts:
        """The words, and the paths between them."""
        return self[0]

    @property
    def closed(self) -> bool:
        """Whether the text keeps its meaning beside any operator."""
        return self[1]

    @property
    def call(self) -> Call | None:
        """How it is called, if the whole text is a call."""
        return self[2]

    @property
    def aggregate(self) -> bool | None:
        """Whether the database aggregates with it."""
        return self[3]


def template_of(node: Node) -> Template | None:
    """Return the template of a node that was read, or None for one that sqlglot prints."""
    found: Template | None = node.args.get(VERBATIM)
    return found


def called_name(node: Node) -> str | None:
    """Return the name, in small letters, by which a node was written as a call."""
    template = template_of(node)
    return template.call.name if template is not None and template.call is not None else None


def can_be_replaced(node: Node, *path: Step) -> bool:
    """Whether what stands at the end of a path is written where its text was."""
    template = template_of(node)
    return template is None or path in template.parts


def keep_text(node: Node, text: str) -> None:
    """Let a node be written as a text, whatever is below it."""
    keep_parts(node, text)


def show_replaced(node: Node) -> None:
    """Let a node be written that was put where another was read.

    Above it, what has the text of the other among its words is printed by sqlglot instead.
    """
    above = node.parent
    passed = {id(node)}
    while above is not None:
        template = template_of(above)
        paths = [part for part in template.parts if not isinstance(part, str)] if template else []
        if any(id(operand(above, path)) in passed for path in paths):
            return
        above.set(VERBATIM, None)
        passed.add(id(above))
        above = above.parent


def keep_parts(node: Node, *parts: str | tuple[Step, ...]) -> None:
    """Let a node be written as words with operands between them; the whole must be closed."""
    node.set(VERBATIM, Template(parts, True))


def operand(node: Node, path: tuple[Step, ...]) -> Node:
    """Return what stands at the end of a path; raises LookupError when nothing is left there."""
    found: Any = node
    for key, index in path:
        found = found.args[key] if index is None else found.args[key][index]
    if not isinstance(found, Node):
        raise LookupError(f"nothing is left at {path} of {type(node).__name__}")
    return found


def written(tree: Node, dialect: str = "", **options: Any) -> str:
    """Return the SQL of a tree; raises sqlglot's `UnsupportedError` as its generators do."""
    found = dialect_named(dialect)
    copy = options.pop("copy", True)
    generator = _generator_class(found.generator_class)(dialect=found, **options)
    return str(generator.generate(tree, copy))


@cache
def _generator_class(base: type[Any]) -> type[Any]:
    def sql(self: Any, expression: Any, key: str | None = None, comment: bool = True) -> str:
        if key is None and isinstance(expression, Node):
            template = template_of(expression)
            if template is not None:
                return _filled(self, expression, template)
        text: str = base.sql(self, expression, key, comment)
        return text

    return type(f"Verbatim{base.__name__}", (base,), {"sql": sql})


def _filled(generator: Any, node: Node, template: Template) -> str:
    # What is printed in several lines is indented, which must not change what is in quotes.
    line_break = generator.SENTINEL_LINE_BREAK if generator.pretty else "\n"
    texts = [
        part.replace("\n", line_break)
        if isinstance(part, str)
        else generator.sql(operand(node, part))
        for part in template.parts
    ]
    return "".join(texts)
