"""Times as plain Python has them: read, cut to periods, and compared, in a stated zone.

SQLite has no times but texts; `sqlite_moment` reads one as its own functions do.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from semantic_layer.verify.values import Unchecked, Value

if TYPE_CHECKING:
    from semantic_layer.times.calendar import Calendar

_EPOCH = datetime(1970, 1, 1)
_JULIAN_EPOCH = 2440587.5
_LITERAL = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[ T]+(\d\d:\d\d)(?::(\d\d))?(?:\.(\d{1,9}))?\s*"
    r"(Z|z|[+-]\d\d(?::?\d\d)?)?)?"
)


def zone_named(name: str) -> tzinfo:
    """Return a time zone; raises `Unchecked` where this Python does not know it."""
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise Unchecked(f"the time zone {name}, which this Python does not know") from None


@lru_cache(maxsize=65536)
def read_time(text: str) -> date | None:
    """Return the date, or the moment with or without a zone, that a text of ISO 8601 is."""
    found = _LITERAL.fullmatch(text.strip())
    if found is None:
        return None
    day, clock, second, fraction, offset = found.groups()
    try:
        if clock is None:
            return date.fromisoformat(day)
        moment = datetime.fromisoformat(f"{day}T{clock}:{second or '00'}")
        moment += timedelta(microseconds=int((fraction or "0").ljust(6, "0")[:6]))
        return moment.replace(tzinfo=_offset(offset)) if offset else moment
    except ValueError:
        return None


def _offset(text: str) -> tzinfo:
    return datetime.fromisoformat(f"2000-01-01T00:00:00{_whole_offset(text)}").tzinfo or UTC


def _whole_offset(text: str) -> str:
    if text in "Zz":
        return "+00:00"
    digits = text[1:].replace(":", "").ljust(4, "0")
    return f"{text[0]}{digits[:2]}:{digits[2:]}"


class Clock:
    """The zone of a question, in which moments are shown and cut, and its calendar."""

    def __init__(self, zone: str, calendar: Calendar | None = None) -> None:
        self.week_start = calendar.week_start if calendar is not None else "monday"
        self.fiscal_year_start = calendar.fiscal_year_start if calendar is not None else None
        self.name = zone
        self.zone = zone_named(zone)

    def local(self, value: date) -> datetime:
        """Return a date or a moment as the zone's clock shows it, without a zone."""
        if not isinstance(value, datetime):
            return datetime(value.year, value.month, value.day)
        if value.tzinfo is None:
            return value
        return value.astimezone(self.zone).replace(tzinfo=None)

    def instant(self, value: date) -> datetime:
        """Return what orders dates and moments of any kind."""
        if isinstance(value, datetime) and value.tzinfo is not None:
            return value.astimezone(UTC)
        return self.local(value).replace(tzinfo=self.zone).astimezone(UTC)


def cut_time(moment: datetime, grain: str) -> datetime:
    """Return the start of the second, …, year that a moment lies in; weeks begin on Mondays."""
    moment = moment.replace(microsecond=0)
    if grain == "second":
        return moment
    if grain == "minute":
        return moment.replace(second=0)
    moment = moment.replace(minute=0, second=0)
    if grain == "hour":
        return moment
    moment = moment.replace(hour=0)
    if grain == "week":
        return moment - timedelta(days=moment.weekday())
    if grain == "month":
        return moment.replace(day=1)
    if grain == "quarter":
        return moment.replace(month=moment.month - (moment.month - 1) % 3, day=1)
    if grain == "year":
        return moment.replace(month=1, day=1)
    return moment


def period(value: Value, grain: str, clock: Clock, dialect: str) -> Value:
    """Return the period of a time as an answer shows it: a date, or a moment within a day."""
    if value is None:
        return None
    moment = sqlite_moment(value) if dialect == "sqlite" else clock.local(as_time(value))
    if moment is None:
        raise Unchecked(f"the value {value!r}, which cannot be read as a time")
    start = _cut_by(clock, moment, grain)
    within_day = grain in ("second", "minute", "hour")
    if dialect == "sqlite":
        return start.strftime("%Y-%m-%d %H:%M:%S" if within_day else "%Y-%m-%d")
    return start if within_day else start.date()


def _cut_by(clock: Clock, moment: datetime, grain: str) -> datetime:
    """Return the start of a period, of weeks and fiscal years too, by counting back to it."""
    day = cut_time(moment, "day")
    if grain == "week":
        while day.strftime("%A").lower() != clock.week_start:
            day -= timedelta(days=1)
        return day
    if grain not in ("fiscal_quarter", "fiscal_year"):
        return cut_time(moment, grain)
    first = datetime.strptime(clock.fiscal_year_start or "january", "%B").month
    months = range(first, first + 12, 3 if grain == "fiscal_quarter" else 12)
    starts = {(month - 1) % 12 + 1 for month in months}
    day = day.replace(day=1)
    while day.month not in starts:
        day = (day - timedelta(days=1)).replace(day=1)
    return day


def as_time(value: Value) -> date:
    """Return a date or a moment; a text is read as a database with times would cast it."""
    if isinstance(value, date):
        return value
    found = read_time(value) if isinstance(value, str) else None
    if found is None:
        raise Unchecked(f"the value {value!r}, which cannot be read as a time")
    return found


_CLOCK_ALONE = re.compile(r"(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?")


@lru_cache(maxsize=65536)
def sqlite_moment(value: str | int | float | Decimal) -> datetime | None:
    """Return the moment, to the millisecond and in UTC, that SQLite's functions read in a value."""
    if isinstance(value, (int, float, Decimal)):
        if not 0 <= value < 5373484.5:
            return None
        millis = round((float(value) - _JULIAN_EPOCH) * 86_400_000)
        return _EPOCH + timedelta(milliseconds=millis)
    text = value.strip()
    alone = _CLOCK_ALONE.fullmatch(text)
    found = read_time(f"2000-01-01 {text}" if alone else text)
    if found is None:
        if re.fullmatch(r"[0-9.]+", text) or text.lower() == "now":
            raise Unchecked(f"the text {value!r} as a time")
        return None
    if not isinstance(found, datetime):
        return datetime(found.year, found.month, found.day)
    moment = found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
    micros = moment.microsecond
    return moment.replace(microsecond=0) + timedelta(milliseconds=(micros + 500) // 1000)


def julian_day(moment: datetime) -> float:
    """Return SQLite's number of a moment."""
    return (moment - _EPOCH) / timedelta(days=1) + _JULIAN_EPOCH


def of_utc(value: Value) -> Value:
    """Return a time without a zone as the instant that it is in UTC."""
    if value is None:
        return None
    found = as_time(value)
    if not isinstance(found, datetime):
        found = datetime(found.year, found.month, found.day)
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def stored(value: Value, storage: str, dialect: str) -> Value:
    """Return the time that a column keeps as `storage` says."""
    if value is None:
        return None
    if storage == "text" and dialect != "sqlite":
        return as_time(value)
    moment = _moment_of(value, storage, dialect)
    if moment is None:
        raise Unchecked(f"the value {value!r}, which cannot be read as a time")
    if dialect != "sqlite":
        return moment.replace(tzinfo=UTC)
    text = moment.strftime("%Y-%m-%d %H:%M:%S") + f".{moment.microsecond // 1000:03d}"
    return text.rstrip("0").rstrip(".")


def _moment_of(value: Value, storage: str, dialect: str) -> datetime | None:
    if storage == "text":
        return sqlite_moment(value)
    if not isinstance(value, (int, float, Decimal)) or isinstance(value, bool):
        return None
    if storage == "julian":
        return sqlite_moment(value)
    millis = value if storage == "unix_ms" else value * 1000
    if dialect == "sqlite":
        millis = round(millis)
    try:
        return _EPOCH + timedelta(microseconds=round(millis * 1000))
    except OverflowError:
        return None


def shifted(moment: date, months: int = 0, span: timedelta | None = None) -> Any:
    """Return a date or moment some months and a span later; short months end on their last day."""
    if months:
        count = moment.year * 12 + moment.month - 1 + months
        year, month = divmod(count, 12)
        day = moment.day
        while True:
            try:
                moment = moment.replace(year=year, month=month + 1, day=day)
                break
            except ValueError:
                day -= 1
    if span:
        moment = moment + span
    return moment
