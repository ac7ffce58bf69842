"""Columns and rows as SQL Server writes them: what COLMETADATA and ROW of TDS 7.4 are made of."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Context, Decimal
from typing import Any, NamedTuple
from uuid import UUID

_COLLATION = bytes.fromhex("0904d00034")  # Latin1_General_CI_AS
_NO_TEXT, _NO_LONG_TEXT = b"\xff\xff", b"\xff" * 8
_YEAR_ONE, _EPOCH = date(1, 1, 1).toordinal(), datetime(1900, 1, 1)


class Type(NamedTuple):
    """A type: the bytes of its TYPE_INFO, and what writes a value; None is written by `none`."""

    info: bytes
    write: Callable[[Any], bytes]
    none: bytes = b"\x00"


class Table(NamedTuple):
    """An answer."""

    columns: Sequence[tuple[str, Type]]
    rows: Sequence[Sequence[Any]]


def _short(data: bytes) -> bytes:
    return bytes([len(data)]) + data


def _long(data: bytes) -> bytes:
    return struct.pack("<H", len(data)) + data


def _in_chunks(data: bytes) -> bytes:
    middle = len(data) // 2
    parts = [part for part in (data[:middle], data[middle:]) if part]
    chunks = b"".join(struct.pack("<I", len(part)) + part for part in parts)
    return struct.pack("<Q", len(data)) + chunks + bytes(4)


def integer(size: int) -> Type:
    """Return tinyint, smallint, int or bigint."""
    return Type(
        bytes([0x26, size]), lambda value: _short(value.to_bytes(size, "little", signed=size > 1))
    )


def decimal(precision: int, scale: int) -> Type:
    """Return decimal(precision, scale)."""

    def write(value: Decimal) -> bytes:
        digits = abs(int(value.scaleb(scale, Context(prec=40))))
        return _short(bytes([value >= 0]) + digits.to_bytes(16, "little"))

    return Type(bytes([0x6A, 17, precision, scale]), write)


def floating(size: int) -> Type:
    """Return real or float."""
    return Type(
        bytes([0x6D, size]),
        lambda value: _short(struct.pack("<f" if size == 4 else "<d", value)),
    )


def nvarchar(length: int) -> Type:
    """Return nvarchar(length)."""
    return Type(
        b"\xe7" + struct.pack("<H", length * 2) + _COLLATION,
        lambda value: _long(value.encode("utf-16-le")),
        _NO_TEXT,
    )


def varchar(length: int) -> Type:
    """Return varchar(length)."""
    return Type(
        b"\xa7" + struct.pack("<H", length) + _COLLATION,
        lambda value: _long(value.encode("cp1252")),
        _NO_TEXT,
    )


def varbinary(length: int) -> Type:
    """Return varbinary(length)."""
    return Type(b"\xa5" + struct.pack("<H", length), _long, _NO_TEXT)


def moment(scale: int) -> Type:
    """Return datetime2(scale)."""
    return Type(
        bytes([0x2A, scale]), lambda value: _short(_clock(value.time(), scale) + _day(value))
    )


def clock(scale: int) -> Type:
    """Return time(scale)."""
    return Type(bytes([0x29, scale]), lambda value: _short(_clock(value, scale)))


def moment_with_zone(scale: int) -> Type:
    """Return datetimeoffset(scale), of a moment in UTC."""
    return Type(
        bytes([0x2B, scale]),
        lambda value: _short(_clock(value.time(), scale) + _day(value) + struct.pack("<h", 0)),
    )


def _clock(value: time, scale: int) -> bytes:
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    ticks = (seconds * 1_000_000 + value.microsecond) * 10 // int(10 ** (7 - scale))
    return ticks.to_bytes(3 if scale < 3 else 4 if scale < 5 else 5, "little")


def _day(value: date) -> bytes:
    return (value.toordinal() - _YEAR_ONE).to_bytes(3, "little")


def _old_moment(value: datetime) -> bytes:
    span = value - _EPOCH
    return _short(struct.pack("<iI", span.days, span.seconds * 300))


def _money(value: Decimal) -> bytes:
    high, low = divmod(int(value * 10000), 2**32)
    return _short(struct.pack("<iI", high, low))


def _identifier(value: UUID) -> bytes:
    return _short(value.bytes_le)


BIT = Type(b"\x68\x01", lambda value: bytes([1, value]))
DATE = Type(b"\x28", lambda value: _short(_day(value)))
DATETIME = Type(b"\x6f\x08", _old_moment)
MONEY = Type(b"\x6e\x08", _money)
UNIQUEIDENTIFIER = Type(b"\x24\x10", _identifier)
NVARCHAR_MAX = Type(
    b"\xe7\xff\xff" + _COLLATION,
    lambda value: _in_chunks(value.encode("utf-16-le")),
    _NO_LONG_TEXT,
)
VARBINARY_MAX = Type(b"\xa5\xff\xff", _in_chunks, _NO_LONG_TEXT)
XML = Type(
    b"\xf1\x00",
    lambda value: _in_chunks(value.encode("utf-16")),
    _NO_LONG_TEXT,
)


def table_tokens(table: Table) -> bytes:
    """Return COLMETADATA and the rows; one with several NULLs is compressed, as SQL Server does."""
    parts = [b"\x81" + struct.pack("<H", len(table.columns))]
    for name, type_ in table.columns:
        nullable = struct.pack("<IH", 0, 1)
        parts.append(nullable + type_.info + bytes([len(name)]) + name.encode("utf-16-le"))
    types = [type_ for _, type_ in table.columns]
    parts += [_row(types, row) for row in table.rows]
    return b"".join(parts)


def _row(types: Sequence[Type], row: Sequence[Any]) -> bytes:
    if sum(value is None for value in row) > 1:
        bits = sum(1 << place for place, value in enumerate(row) if value is None)
        written = [
            type_.write(value) for type_, value in zip(types, row, strict=True) if value is not None
        ]
        return b"\xd2" + bits.to_bytes((len(row) + 7) // 8, "little") + b"".join(written)
    return b"\xd1" + b"".join(
        type_.none if value is None else type_.write(value)
        for type_, value in zip(types, row, strict=True)
    )
