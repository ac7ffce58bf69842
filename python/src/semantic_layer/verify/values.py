"""What SQL makes of values: three-valued logic, comparisons, arithmetic. In plain Python.

A value is None (NULL), a truth, an int, a Decimal, a float, a text, a date, a datetime, a timedelta
or bytes. Whole numbers and decimals are exact; what was divided is a float. Where databases differ
in a way that is not known here, `Unchecked` is raised: a wrong guess would be a false alarm.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import MAX_EMAX, MIN_EMIN, ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from typing import Any

Value = Any
EXACT = Context(prec=200, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""Keeps every digit of what a database can hold."""
_LARGEST = 2**63 - 1
TEXTS_IN_ANY_CASE = frozenset({"mysql", "tsql"})
"""The dialects whose texts are equal, unless a column says otherwise, when their letters are."""
# Whose texts stand in the order of their characters' numbers.
_BY_CODE_POINT = frozenset({"sqlite", "duckdb"})


class Unchecked(Exception):
    """Something that this evaluator does not know well enough to judge the database by.

    `part` is what it is, for people; where it was met is added by whoever knows.
    """

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part
        self.place = ""


def negated(value: bool | None) -> bool | None:
    """NOT."""
    return None if value is None else not value


def both(left: bool | None, right: bool | None) -> bool | None:
    """AND."""
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def either(left: bool | None, right: bool | None) -> bool | None:
    """OR."""
    if left is True or right is True:
        return True
    return None if left is None or right is None else False


def truth(value: Value) -> bool | None:
    """Return a value as a condition; a number is true unless it is 0."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (int, Decimal, float)):
        return value != 0
    raise Unchecked("a condition that is no truth")


def is_number(value: Value) -> bool:
    """Whether a value is a number; a truth is none."""
    return isinstance(value, (int, Decimal, float)) and not isinstance(value, bool)


def as_number(value: Value) -> Any:
    """Return a number to reckon with; raises `Unchecked` for anything else."""
    if isinstance(value, bool):
        return int(value)
    if not is_number(value):
        raise Unchecked(f"arithmetic with {kind_of(value)}")
    if isinstance(value, float) and not math.isfinite(value):
        raise Unchecked("NaN or infinity")
    return value


def kind_of(value: Value) -> str:
    """Return what a value is, for people."""
    if isinstance(value, (date, timedelta)):
        return "a time" if isinstance(value, date) else "an interval"
    return {str: "a text", bool: "a truth", bytes: "bytes"}.get(type(value), "a number")


class Comparing:
    """Compares values as one dialect does."""

    def __init__(self, dialect: str, instant: Callable[[date], datetime]) -> None:
        """Prepare for a dialect; `instant` makes dates and times comparable."""
        self.dialect = dialect
        self._instant = instant

    def equal(self, left: Value, right: Value) -> bool | None:
        """`=`."""
        if left is None or right is None:
            return None
        if isinstance(left, str) and isinstance(right, str):
            return self._equal_texts(left, right)
        return self._order(left, right) == 0

    def same(self, left: Value, right: Value) -> bool:
        """IS NOT DISTINCT FROM."""
        if left is None or right is None:
            return left is None and right is None
        return self.equal(left, right) is True

    def order(self, left: Value, right: Value) -> int | None:
        """Return -1, 0 or 1, or None when one is NULL."""
        if left is None or right is None:
            return None
        if isinstance(left, str) and isinstance(right, str) and left != right:
            if not self.orders_texts(left, right):
                raise Unchecked("the order of texts, which a database's collation decides")
            return -1 if left < right else 1
        return self._order(left, right)

    def orders_texts(self, left: str, right: str) -> bool:
        """Whether the order of two texts is known: by code points, or the same in every one."""
        if self.dialect in _BY_CODE_POINT:
            return True
        return _in_every_order(left) and _in_every_order(right)

    def _equal_texts(self, left: str, right: str) -> bool:
        if left != right and self.dialect in TEXTS_IN_ANY_CASE:
            if left.rstrip().casefold() == right.rstrip().casefold():
                raise Unchecked("texts that differ in their capitals or blanks only")
            if not (left.isascii() and right.isascii()):
                raise Unchecked("texts that a collation may take for equal")
        return left == right

    def _order(self, left: Value, right: Value) -> int:
        one, two = self._comparable(left, right)
        return int(one > two) - int(one < two)

    def _comparable(self, left: Value, right: Value) -> tuple[Any, Any]:
        if isinstance(left, date) and isinstance(right, date):
            return self._instant(left), self._instant(right)
        if isinstance(left, bool) is not isinstance(right, bool) and self.dialect != "sqlite":
            raise Unchecked(f"a comparison of {kind_of(left)} with {kind_of(right)}")
        if isinstance(left, (int, Decimal, float)) and isinstance(right, (int, Decimal, float)):
            return _numbers(left, right)
        if type(left) is type(right):
            return left, right
        raise Unchecked(f"a comparison of {kind_of(left)} with {kind_of(right)}")

    def key(self, value: Value) -> Any:
        """Return what equal values have in common, as a key of a dictionary."""
        if isinstance(value, str):
            if self.dialect in TEXTS_IN_ANY_CASE and not value.isascii():
                raise Unchecked("texts that a collation may take for equal")
            return value.rstrip().casefold() if self.dialect in TEXTS_IN_ANY_CASE else value
        if isinstance(value, bool):
            return int(value) if self.dialect == "sqlite" else ("truth", value)
        if isinstance(value, date):
            return "time", self._instant(value)
        if isinstance(value, (Decimal, float)):
            number = as_number(value)
            return int(number) if number == int(number) else number
        return value


def _in_every_order(text: str) -> bool:
    return text.isascii() and text.isalnum() and text.lower() == text


def _numbers(left: Any, right: Any) -> tuple[Any, Any]:
    one, two = as_number(left), as_number(right)
    # A decimal beside a float is a float to every database that has both.
    if isinstance(one, float) and isinstance(two, Decimal):
        return one, float(two)
    if isinstance(one, Decimal) and isinstance(two, float):
        return float(one), two
    return one, two


def reckoned(operator: str, left: Value, right: Value) -> Value:
    """Return the sum, difference or product of two numbers; NULL when one is."""
    if left is None or right is None:
        return None
    one, two = _numbers(left, right)
    if isinstance(one, float) or isinstance(two, float):
        one, two = float(one), float(two)
        found: Any = {"+": one + two, "-": one - two, "*": one * two}[operator]
        return as_number(found)
    if isinstance(one, Decimal) or isinstance(two, Decimal):
        step = {"+": EXACT.add, "-": EXACT.subtract, "*": EXACT.multiply}[operator]
        return step(Decimal(one), Decimal(two))
    return whole({"+": one + two, "-": one - two, "*": one * two}[operator])


def whole(value: int) -> int:
    """Return a whole number that a database can hold; some turn larger ones into floats."""
    if abs(value) > _LARGEST:
        raise Unchecked("whole numbers beyond 64 bits")
    return value


def divided(left: Value, right: Value) -> Value:
    """Return a real quotient; NULL when the divisor is zero."""
    if left is None or right is None:
        return None
    one, two = as_number(left), as_number(right)
    return None if two == 0 else as_number(float(one) / float(two))


def remainder(left: Value, right: Value) -> Value:
    """Return what a division leaves, with the sign of the dividend; NULL when dividing by zero."""
    if left is None or right is None:
        return None
    one, two = as_number(left), as_number(right)
    if isinstance(one, float) or isinstance(two, float):
        raise Unchecked("`%` of numbers that are not whole")
    if two == 0:
        return None
    if isinstance(one, Decimal) or isinstance(two, Decimal):
        return EXACT.remainder(Decimal(one), Decimal(two))
    return int(math.copysign(abs(one) % abs(two), one)) if one else 0


def quotient(left: Value, right: Value) -> Value:
    """Return a whole quotient; NULL when dividing by zero."""
    if left is None or right is None:
        return None
    one, two = as_number(left), as_number(right)
    if not isinstance(one, int) or not isinstance(two, int) or one < 0 or two < 0:
        raise Unchecked("a whole division of other than positive whole numbers")
    return one // two if two else None


_TIE = 1e-9


def rounded(value: Value, places: int = 0) -> Value:
    """Return a number rounded half away from zero; raises where a float may lie on either side."""
    if value is None:
        return None
    number = as_number(value)
    if isinstance(number, int) and places >= 0:
        return number
    exact = Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    scaled = EXACT.scaleb(exact, places)
    if isinstance(number, float):
        fraction = abs(scaled) % 1
        if abs(fraction - Decimal("0.5")) < Decimal(_TIE) * max(Decimal(1), abs(scaled)):
            raise Unchecked("the rounding of a number that is halfway")
    found = EXACT.scaleb(scaled.to_integral_value(ROUND_HALF_UP, EXACT), -places)
    if isinstance(number, float):
        return float(found)
    return int(found) if isinstance(number, int) else found


def cut(value: Value) -> Value:
    """Return a number without its fraction."""
    number = as_number(value)
    if isinstance(number, int):
        return number
    if isinstance(number, float):
        return math.trunc(number)
    return int(number.to_integral_value(ROUND_DOWN, EXACT))
