"""A Spark Connect server of the test's own; KTX_SPARK names the environment that has Spark."""

from __future__ import annotations

import ast
import json
import os
import re
import signal
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from google.protobuf.descriptor_pb2 import FileDescriptorProto

from support.spark_worker import java_home
from support.worker import NoEngine

TOKEN = "t0ken-Of-The-Tests"
_SETTINGS = {
    "spark.connect.authenticate.token": TOKEN,
    "spark.connect.grpc.binding.address": "127.0.0.1",
    "spark.connect.grpc.binding.port": "0",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.ui.port": "0",
}
_LISTENS = re.compile(r"Spark Connect server started at: .*?:(\d+)")
_SHOWS = re.compile(r"Successfully started service 'SparkUI' on port (\d+)")


@dataclass
class SparkServer:
    """Where the server listens, and where it says what it does."""

    port: int
    shown_at: str
    home: Path

    @property
    def url(self) -> str:
        """Its address, with the token that it asks for."""
        return f"sc://127.0.0.1:{self.port}/;token={TOKEN}"

    def released_messages(self) -> dict[str, list[set[tuple[str, int, int | str]]]]:
        """Return the fields of each message of Spark's definitions: name, number, kind."""
        found: dict[str, list[set[tuple[str, int, int | str]]]] = {}
        for path in sorted(self.home.glob("sql/connect/proto/*_pb2.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and "AddSerializedFile" in ast.dump(node.func):
                    file = FileDescriptorProto.FromString(ast.literal_eval(node.args[0]))
                    _add_messages(file.message_type, found)
        return found

    def running_jobs(self) -> int:
        """Return how many jobs the server says are running."""
        (application,) = _json(f"{self.shown_at}/api/v1/applications")
        return len(
            _json(f"{self.shown_at}/api/v1/applications/{application['id']}/jobs?status=running")
        )


@contextmanager
def spark_server(folder: Path) -> Iterator[SparkServer]:
    """Start a server whose files are below `folder`, and end it; raises NoEngine."""
    environment = os.environ.get("KTX_SPARK")
    java = java_home()
    if not environment or java is None:
        raise NoEngine("there is no Spark: KTX_SPARK names no environment, or there is no Java 17")
    (home,) = Path(environment).glob("lib/python*/site-packages/pyspark")
    settings = _SETTINGS | {"spark.sql.warehouse.dir": str(folder / "warehouse")}
    process = subprocess.Popen(
        [
            str(home / "sbin" / "start-connect-server.sh"),
            *("--wait", "--master", "local[1]"),
            *(word for name, value in settings.items() for word in ("--conf", f"{name}={value}")),
        ],
        cwd=folder,
        env={
            **os.environ,
            "JAVA_HOME": java,
            "SPARK_HOME": str(home),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_LOG_DIR": str(folder),
            "SPARK_PID_DIR": str(folder),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    # What it says after its start is read and dropped, or it would wait for a reader.
    rest = threading.Thread(target=process.stdout.read)
    try:
        server = _started(process.stdout, home)
        rest.start()
        yield server
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if rest.ident is not None:
            rest.join()
        process.stdout.close()


def _started(output: IO[str], home: Path) -> SparkServer:
    """Wait until the server says that it listens."""
    said: list[str] = []
    shown_at = ""
    for line in output:
        said.append(line)
        if found := _SHOWS.search(line):
            shown_at = f"http://127.0.0.1:{found[1]}"
        if found := _LISTENS.search(line):
            return SparkServer(int(found[1]), shown_at, home)
    raise RuntimeError("Spark Connect has ended:\n" + "".join(said))


def _add_messages(messages: Any, found: dict[str, list[set[tuple[str, int, int | str]]]]) -> None:
    for message in messages:
        fields = {
            (field.name, field.number, field.type_name.rpartition(".")[2] or field.type)
            if field.type != field.TYPE_ENUM
            else (field.name, field.number, int(field.TYPE_INT32))  # The same on the wire.
            for field in message.field
        }
        found.setdefault(message.name, []).append(fields)
        _add_messages(message.nested_type, found)


def _json(address: str) -> list[dict[str, str]]:
    with urllib.request.urlopen(address) as reply:
        found: list[dict[str, str]] = json.load(reply)
        return found
