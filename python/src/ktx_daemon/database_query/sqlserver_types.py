"""The words of SQL Server for the types of columns, of which TDS sends codes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Context, Decimal
from typing import Any

from pytds import tds_base

from ktx_daemon.database_query.answers import Converters

_WORDS = {
    tds_base.SYBBIT: "bit",
    tds_base.SYBBITN: "bit",
    tds_base.SYBINT1: "tinyint",
    tds_base.SYBINT2: "smallint",
    tds_base.SYBINT4: "int",
    tds_base.SYBINT8: "bigint",
    tds_base.SYBREAL: "real",
    tds_base.SYBFLT8: "float",
    tds_base.SYBMONEY4: "smallmoney",
    tds_base.SYBMONEY: "money",
    tds_base.SYBDATETIME4: "smalldatetime",
    tds_base.SYBDATETIME: "datetime",
    tds_base.SYBMSDATE: "date",
    tds_base.SYBTEXT: "text",
    tds_base.SYBNTEXT: "ntext",
    tds_base.SYBIMAGE: "image",
    tds_base.SYBMSXML: "xml",
    tds_base.SYBUNIQUE: "uniqueidentifier",
    tds_base.SYBVARIANT: "sql_variant",
}
# Types that may be NULL come as one code for all their sizes.
_BY_SIZE = {
    tds_base.SYBINTN: {1: "tinyint", 2: "smallint", 4: "int", 8: "bigint"},
    tds_base.SYBFLTN: {4: "real", 8: "float"},
    tds_base.SYBMONEYN: {4: "smallmoney", 8: "money"},
    tds_base.SYBDATETIMN: {4: "smalldatetime", 8: "datetime"},
}
_WITH_LENGTH = {
    tds_base.XSYBVARCHAR: "varchar",
    tds_base.XSYBNVARCHAR: "nvarchar",
    tds_base.XSYBVARBINARY: "varbinary",
}
_WITH_SCALE = {
    tds_base.SYBMSTIME: "time",
    tds_base.SYBMSDATETIME2: "datetime2",
    tds_base.SYBMSDATETIMEOFFSET: "datetimeoffset",
}
_MONEY_SCALE = 4
_DECIMALS = (tds_base.SYBDECIMAL, tds_base.SYBMONEY, tds_base.SYBMONEY4, tds_base.SYBMONEYN)


def type_word(serializer: Any) -> str:
    """Return the word for what the driver reads a column with; "" when it is none of these.

    The driver reads char as varchar; a type that a class defines (geography) has a name of its own.
    """
    code, size = serializer.type, serializer.size
    if code in _BY_SIZE:
        return _BY_SIZE[code].get(size, "")
    if code in _WITH_LENGTH:
        # Without a length of its own it is (max); that of nvarchar comes as half a number of bytes.
        length = int(size) if size and size > 0 else "max"
        return f"{_WITH_LENGTH[code]}({length})"
    if code in _WITH_SCALE:
        return f"{_WITH_SCALE[code]}({serializer.precision})"
    if code == tds_base.SYBDECIMAL:
        return f"decimal({serializer.precision},{serializer.scale})"
    return _WORDS.get(code) or str(getattr(serializer, "type_name", ""))


def exact_converters(serializers: Sequence[Any]) -> Converters:
    """Return what undoes what the driver does to values.

    It drops the zeros at the end of decimals, and leaves XML its mark of the byte order.
    """
    found = [_converter(serializer) for serializer in serializers]
    return {place: convert for place, convert in enumerate(found) if convert}


def _converter(serializer: Any) -> Callable[[Any], Any] | None:
    if serializer.type == tds_base.SYBMSXML:
        return lambda text: text.removeprefix("\ufeff")
    if serializer.type not in _DECIMALS:
        return None
    scale = _MONEY_SCALE if serializer.scale is None else serializer.scale
    step, context = Decimal(1).scaleb(-scale), Context(prec=38)
    return lambda value: value.quantize(step, context=context)
