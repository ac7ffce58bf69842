"""Spark in one process, for `engine_worker`: it imports nothing of the tests.

Planning costs more than rows here, so nothing is compiled, broadcast or spread: three times as many
statements a second as with Spark's own settings.
"""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Answer = tuple[list[str], list[tuple[Any, ...]]]

_SETTINGS = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.ui.enabled": "false",
    "spark.default.parallelism": "1",
    "spark.shuffle.compress": "false",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.autoBroadcastJoinThreshold": "-1",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "1",
}


def java_home() -> str | None:
    """Return the folder of a Java that Spark runs on, if this machine has one."""
    for folder in sorted(Path("/usr/lib/jvm").glob("java-17-openjdk-*")):
        if (folder / "bin" / "java").exists():
            return str(folder)
    found = shutil.which("java")
    return str(Path(found).resolve().parent.parent) if found is not None else None


def spark() -> Callable[[str], Answer]:
    """Return a function that runs a statement on a Spark of this process's own."""
    # Values of TIMESTAMP are shown in the zone of this process.
    os.environ["TZ"] = "UTC"
    time.tzset()
    os.environ["JAVA_HOME"] = java_home() or ""
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    from pyspark.sql import SparkSession  # type: ignore[import-not-found]

    # Each failed statement is told there with the server's whole stack.
    logging.getLogger("SQLQueryContextLogger").disabled = True
    builder = SparkSession.builder.master("local[1]")
    for name, value in _SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    atexit.register(_end, session)

    def execute(sql: str) -> Answer:
        found = session.sql(sql)
        return found.columns, [tuple(row) for row in found.collect()]

    return execute


def _end(session: Any) -> None:
    """Let Java end before this process does."""
    gateway = session.sparkContext._gateway
    session.stop()
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait()
