"""What an introspection finds: tables, columns and foreign keys, whatever the database."""

# Annotations are read as objects by Model, so this module does not postpone them.
from collections.abc import Iterable

from semantic_layer.data.model import Model


class LiveDatabaseColumn(Model):
    """A column; `type` is the database's own word for it.

    `kept_as` says what its values are where the type says nothing of that: a storage of times, as
    `unix`, or `iso`, `number` or `other`.
    """

    name: str
    type: str
    nullable: bool
    primary_key: bool
    comment: str | None = None
    kept_as: str | None = None


class LiveDatabaseForeignKey(Model):
    """One column of a foreign key; those of a composite key follow each other under one name.

    `to_table` has its schema in front when that is not the table's own.
    """

    from_column: str
    to_table: str
    to_column: str
    constraint_name: str | None = None


class LiveDatabaseTable(Model):
    """A table or a view."""

    catalog: str | None
    db: str | None
    name: str
    comment: str | None = None
    columns: list[LiveDatabaseColumn]
    foreign_keys: list[LiveDatabaseForeignKey] = []


class DatabaseIntrospectionRows(Model):
    """Everything found in the schemas that were read; what could not be read is in `warnings`."""

    schemas: list[str]
    tables: list[LiveDatabaseTable]
    warnings: list[str] = []


class Collector:
    """Puts rows about columns and keys to their tables, which come first."""

    def __init__(self) -> None:
        self._tables: dict[object, LiveDatabaseTable] = {}

    def add_table(
        self, key: object, catalog: str | None, db: str | None, name: str, comment: str | None
    ) -> None:
        """Add a table under a key that columns and foreign keys name it by."""
        self._tables[key] = LiveDatabaseTable(
            catalog=catalog, db=db, name=name, comment=comment or None, columns=[]
        )

    def add_column(
        self,
        key: object,
        name: str,
        type_: str,
        nullable: bool,
        primary: bool,
        comment: str | None,
        kept_as: str | None = None,
    ) -> None:
        """Add the next column of a table; one of a table that was not added is left out."""
        if key in self._tables:
            column = LiveDatabaseColumn(
                name=name,
                type=type_,
                nullable=nullable,
                primary_key=primary,
                comment=comment or None,
                kept_as=kept_as,
            )
            self._tables[key].columns.append(column)

    def add_foreign_key(
        self, key: object, columns: tuple[str, str], to_table: str, constraint: str | None
    ) -> None:
        """Add one column of a foreign key, and the column that it refers to."""
        if key in self._tables:
            self._tables[key].foreign_keys.append(
                LiveDatabaseForeignKey(
                    from_column=columns[0],
                    to_table=to_table,
                    to_column=columns[1],
                    constraint_name=constraint,
                )
            )

    def rows(
        self, schemas: Iterable[str], warnings: Iterable[str] = ()
    ) -> DatabaseIntrospectionRows:
        """Return the tables in the order that they were added."""
        return DatabaseIntrospectionRows(
            schemas=list(schemas), tables=list(self._tables.values()), warnings=list(warnings)
        )


def plain_text(value: object) -> str:
    """Return a name as the driver gives it as text; bytes that are no UTF-8 are escaped."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).decode("utf-8", "backslashreplace")
    return str(value)


def optional_text(value: object) -> str | None:
    """Return `plain_text` of a value, or None for NULL."""
    return None if value is None else plain_text(value)
