"""Texts as shapes: what is left out, what makes a text not plain, and the words never left out."""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlglot
from sqlglot.dialects.dialect import Dialect

from semantic_layer.duplicate_check import _canonical
from semantic_layer.parser import DIALECTS, ExpressionParser
from semantic_layer.validate import fingerprints
from semantic_layer.validate.fingerprints import Fingerprint, Fingerprinter
from semantic_layer.validate.samples import Samples

WORDS = Path(fingerprints.__file__).with_name("sqlglot_words.txt")
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
READ_BY = ["parser.py", "tokens.py", "tokenizer_core.py", "helper.py", "time.py"]
READ_BY += ["parsers/*.py", "dialects/*.py", "expressions/*.py"]


def words_of_the_tables(dialect: str) -> Iterator[str]:
    """The words in every table of a dialect's tokenizer and parser."""
    found = Dialect.get_or_raise(dialect)
    for owner in (found.tokenizer_class, found.parser_class, type(found)):
        for base in owner.__mro__:
            for table in vars(base).values():
                if isinstance(table, (dict, set, frozenset, tuple, list)):
                    for entry in table:
                        yield from WORD.findall(entry.upper()) if isinstance(entry, str) else []


def words_of_the_source() -> Iterator[str]:
    """The words in capitals that sqlglot's source compares with what it reads."""
    folder = Path(sqlglot.__file__).parent
    for path in sorted(path for pattern in READ_BY for path in folder.glob(pattern)):
        for text in re.findall(r"""(?<!\w)["']([A-Za-z_][A-Za-z0-9_ ]*)["']""", path.read_text()):
            if text == text.upper():
                yield from WORD.findall(text)


def restored(fingerprint: Fingerprint) -> str:
    """The text that a fingerprint is of."""
    return fingerprints.PLACEHOLDER.sub(
        lambda found: fingerprint.words()[found[0]], fingerprint.text
    )


def test_every_word_that_sqlglot_knows_is_special() -> None:
    """With KTX_UPDATE_GOLDEN, writes the list of them anew."""
    known = {word for dialect in DIALECTS for word in words_of_the_tables(dialect)}
    known.update(words_of_the_source())
    assert {"SELECT", "SUM", "YEAR", "SEPARATOR", "NEXT", "OVERFLOW"} <= known
    if os.environ.get("KTX_UPDATE_GOLDEN"):
        lines = textwrap.wrap(" ".join(sorted(known)), 160, break_long_words=False)
        WORDS.write_text("\n".join(lines) + "\n")
        fingerprints.special_words.cache_clear()
    assert known - fingerprints.special_words() == set()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sum(price)", "sum(amount2)"),
        ("price / owner_id", "qty2 / price"),
        ("orders9.price + 1", "clients9.qty2 + 1"),
        ("price = 'open'", "qty2 = 'paid at last'"),
        ("price in ('open', 'a', 3)", "qty2 in ('b', 'b', 4)"),
        ("case when price > 5 then 'x' else 7 end", "case when qty2 > 6.5 then 'y' else 8 end"),
        ("max(price - 157)", "max(qty2 - 0.5)"),
        ("price + 1 - 2", "qty2 + 3 - 4"),
    ],
)
def test_texts_of_one_shape(one: str, other: str) -> None:
    reader = Fingerprinter()
    first, second = reader.read(one), reader.read(other)
    assert first is not None
    assert second is not None
    assert (first.text, first.placed) == (second.text, second.placed)
    assert (restored(first), restored(second)) == (one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("price / price", "price / qty2"),
        ("sum(price)", "max(price)"),
        ("sum(year)", "sum(price)"),
        ("price(1)", "qty2(1)"),
        ("percentile(price, 0.9)", "percentile(price, 2)"),
        ("interval '1 day'", "interval '1 hour'"),
        ("price / 0", "price / 1"),
        ("price / -1", "price / -2"),
        ("price - 3 / 0", "price - 3 / 1"),
        ("2 - price", "3 - price"),
        ("date_trunc('month', price)", "date_trunc('week', price)"),
    ],
)
def test_texts_of_different_shapes(one: str, other: str) -> None:
    reader = Fingerprinter()
    first, second = reader.read(one), reader.read(other)
    assert first is not None
    assert second is not None
    assert first.text != second.text


@pytest.mark.parametrize(
    "text",
    """price -- qty|price /* qty */|"price"|`price`|[price]|a.b.c|a.1|1.a|.5|1.|1e5|0x1F|x'ab'|$1|:p
    @v|{{price}}|price::int|a -> b|a => b|price % s|s.*|preis_für|'it''s'|'a\\b'|zq0c|x#y|a;b|a?b
    1.5.2|price . qty|price. qty""".replace("\n    ", "|").split("|"),
)
def test_texts_that_are_not_plain(text: str) -> None:
    assert Fingerprinter().read(text) is None


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_a_shape_prints_is_what_the_text_prints(dialect: str) -> None:
    reader, samples, parser = Fingerprinter(), Samples(dialect), ExpressionParser(dialect)
    texts = """sum(price)|s1.price + 1|price in ('open', 'paid')|price = ' a:b ' and qty2 <> 5
        case when price > 5.25 then 'x' else owner end|position(price in qty2)|count(distinct kind)
        strpos(qty2, price)|extract(year from made)|extract(made from price)|sum( Price )|a != 'x'
        coalesce(price, 0) * -1|price between 1 and qty2|not price|cast(price as kind)"""
    compared = 0
    for text in texts.replace("\n        ", "|").split("|"):
        fingerprint = reader.read(text)
        assert fingerprint is not None
        printed = samples.canonical(fingerprint)
        if printed is not None:
            assert printed == _canonical(text, parser)
            compared += 1
    assert compared > 10
    changed = reader.read("extract(made from price)")
    assert changed is not None
    assert samples.canonical(changed) is None  # prints the unit in capitals
