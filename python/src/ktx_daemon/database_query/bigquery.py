"""BigQuery over its REST interface; a dry run first says what a statement is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any

import requests
from google.api_core import exceptions
from google.auth.credentials import Credentials
from google.auth.exceptions import GoogleAuthError, TransportError
from google.cloud import bigquery
from google.oauth2 import credentials as oauth2
from google.oauth2 import service_account

from ktx_daemon.database_query.answers import column_of
from ktx_daemon.database_query.driver import Answer, Column, Description, Limits, ReadOnly
from ktx_daemon.database_query.failures import (
    AUTHENTICATION,
    FORBIDDEN,
    MISSING,
    OTHER,
    SYNTAX,
    TIMEOUT,
    UNREACHABLE,
    WRITES,
    category_by_class,
    failure,
)
from ktx_daemon.database_query.settings import Settings

ERRORS: tuple[type[Exception], ...] = (
    exceptions.GoogleAPIError,
    GoogleAuthError,
    requests.RequestException,
    FutureTimeout,
)
READ_ONLY = ReadOnly(True, "a dry run: only what BigQuery itself calls a SELECT is run")
_SCOPES = ("https://www.googleapis.com/auth/bigquery",)
_KINDS: tuple[tuple[type[Exception], str], ...] = (
    (TransportError, UNREACHABLE),
    (GoogleAuthError, AUTHENTICATION),
    (exceptions.Unauthorized, AUTHENTICATION),
    (exceptions.Forbidden, FORBIDDEN),
    (exceptions.NotFound, MISSING),
    (exceptions.BadRequest, SYNTAX),
    (exceptions.RetryError, UNREACHABLE),
    (FutureTimeout, TIMEOUT),
    (requests.exceptions.ReadTimeout, TIMEOUT),
    (requests.RequestException, UNREACHABLE),
)


class _Session:
    def __init__(self, client: bigquery.Client, settings: Settings, limits: Limits) -> None:
        self._client = client
        self._settings = settings
        self._seconds = limits.seconds
        self._limits: dict[str, Any] = {"retry": None, "timeout": limits.seconds}
        self._dataset = settings.text("dataset", "schema")
        self._job: Any = None

    def rows(self, sql: str, limit: int | None) -> Answer:
        """Run one statement, if a dry run says that it is a SELECT."""
        dry = self._start(sql, dry_run=True, use_query_cache=False)
        if dry.statement_type != "SELECT":
            said = f"it is a statement of the type {dry.statement_type}"
            raise failure(WRITES, self._settings, said)
        self._job = self._start(sql, job_timeout_ms=round(self._seconds * 1000))
        result = self._job.result(max_results=limit, job_retry=None, **self._limits)
        columns = [_column(field) for field in result.schema]
        return Answer(columns, [row.values() for row in result])

    def _start(self, sql: str, **options: Any) -> Any:
        most = self._settings.text("maximum_bytes_billed")
        if most is not None:
            options["maximum_bytes_billed"] = int(most)
        if self._dataset:
            options["default_dataset"] = f"{self._client.project}.{self._dataset}"
        config = bigquery.QueryJobConfig(**options)
        location = self._settings.text("location")
        return self._client.query(
            sql, job_config=config, location=location, job_retry=None, **self._limits
        )

    def describe(self, schemas: Sequence[str]) -> Description:
        """Say what is in the project; a schema is a dataset."""
        found = sorted(item.dataset_id for item in self._client.list_datasets(**self._limits))
        wanted = list(schemas) or ([self._dataset] if self._dataset else found)
        count = sum(
            len(list(self._client.list_tables(f"{self._client.project}.{name}", **self._limits)))
            for name in wanted
        )
        return Description(None, self._client.project, found, count)

    def cancel(self) -> None:
        """End the job."""
        if self._job is not None:
            self._job.cancel(retry=None, timeout=2)

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()  # type: ignore[no-untyped-call]


def connect(settings: Settings, limits: Limits) -> _Session:
    """Make a client; BigQuery has no session."""
    settings.read_url(("bigquery",), "dataset")
    credentials, own_project = _credentials(settings)
    project = settings.text("project", "project_id", "host") or own_project
    if project is None:
        settings.required("project", example="my-project")
    endpoint = settings.text("api_endpoint")
    client = bigquery.Client(
        project=project,
        credentials=credentials,
        location=settings.text("location"),
        client_options={"api_endpoint": endpoint} if endpoint else None,
    )
    return _Session(client, settings, limits)


def _credentials(settings: Settings) -> tuple[Credentials | None, str | None]:
    """Return who asks: a service account, a token, or else what the machine is logged in as."""
    token = settings.text("access_token", "token")
    if token is not None:
        return oauth2.Credentials(token), None  # type: ignore[no-untyped-call]
    text = settings.text("credentials_json")
    path = settings.text("credentials_file", "credentials", "keyfile")
    if text is None and path is not None:
        try:
            text = settings.file(path).read_text(encoding="utf-8")
        except (OSError, UnicodeError) as error:
            why = getattr(error, "strerror", None) or "it is no text"
            raise settings.wrong(
                "credentials_file", f"cannot be read: {why}", "Name the key file as JSON."
            ) from None
    if text is None:
        return None, None
    try:
        account = json.loads(text)
        read: Any = service_account.Credentials.from_service_account_info
        made: Credentials = read(account, scopes=_SCOPES)
    except (ValueError, TypeError, KeyError, AttributeError):
        # What it says quotes the key.
        raise settings.wrong(
            "credentials_file", "is no key of a service account", "Name the key file as JSON."
        ) from None
    return made, account.get("project_id")


def _column(field: Any) -> Column:
    word = field.field_type if field.mode != "REPEATED" else f"ARRAY<{field.field_type}>"
    return column_of(field.name, word)


def category_of(error: Exception) -> str:
    """Return what an error is about."""
    return category_by_class(error, _KINDS) or OTHER
