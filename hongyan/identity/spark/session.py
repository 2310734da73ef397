"""A Spark session as the run needs it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_ON_ONE_MACHINE = {
    # Nobody else on the network has to reach it.
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
}


class NoSpark(RuntimeError):
    """pyspark or Java is missing, or the master does not answer."""


def is_one_machine(master: str) -> bool:
    """Whether a master's address means this process alone.

    >>> is_one_machine("local[2]"), is_one_machine("spark://here:7077")
    (True, False)
    """
    return master.startswith("local")


@contextmanager
def spark_session(master: str, heap_gb: float = 1.0) -> Iterator[SparkSession]:
    """Spark at ``master`` (``local[2]``, ``spark://host:7077``), stopped in the end.

    ``heap_gb``: what Java may hold where all runs on one machine; executors elsewhere have their own settings.
    Errors: NoSpark.
    """
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise NoSpark(
            "the engine spark needs pyspark: .venv/bin/pip install -r requirements/spark.txt"
        ) from error
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    settings = {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.files.maxPartitionBytes": "16m",  # some 100,000 records; they grow as they are normalised
        "spark.ui.showConsoleProgress": "false",
    }
    if is_one_machine(master):
        settings |= {**_ON_ONE_MACHINE, "spark.driver.memory": f"{max(1, int(heap_gb))}g"}
    try:
        spark = (
            SparkSession.builder.master(master).appName("hongyan identity").config(map=settings).getOrCreate()
        )
    except PySparkException as error:
        raise NoSpark("Spark does not start: it needs Java 17, and JAVA_HOME or java on the path") from error
    except Exception as error:  # py4j's errors share no class with pyspark's
        raise NoSpark(f"Spark does not start at {master}") from error
    spark.sparkContext.setLogLevel("ERROR")
    try:
        yield spark
    finally:
        spark.stop()
