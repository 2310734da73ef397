"""Where a run keeps its stages, and how its files appear."""

# ruff: noqa: S608 - the query is made of our own names; the file's path is quoted
from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path

import duckdb

from hongyan.identity.batch.records import Records, RecordsError
from hongyan.identity.model.weights import Model, write_model

MANIFEST = "run.json"
_NOT_IN_FOLDERS = frozenset("'*?[")
"""What DuckDB takes for the end of a name or for a pattern of names."""


def check_targets(targets: Sequence[Path], sources: Sequence[Path]) -> None:
    """Before hours of work: whether every file to write has a place, and none takes another's.

    Errors: RecordsError.
    """
    seen = {path.resolve() for path in sources}
    for target in targets:
        if target.resolve() in seen:
            raise RecordsError(f"{target.name}: the same file is read or written already; take another name")
        seen.add(target.resolve())
        if not os.access(target.absolute().parent, os.W_OK | os.X_OK):
            raise RecordsError(f"{target}: there is no such folder, or nobody may write there")


@contextmanager
def enough() -> Iterator[None]:
    """Errors: RecordsError where memory or disk did not suffice; the stages that are whole stay."""
    try:
        yield
    except (duckdb.OutOfMemoryException, duckdb.IOException, OSError, BrokenProcessPool) as error:
        raise RecordsError(
            "memory or disk did not suffice: set another --memory-gb, or --work to a folder with more room"
            f" ({str(error).splitlines()[0]})"
        ) from error


@contextmanager
def work_directory(
    records: Records, models: Sequence[Model], work: Path | None, besides: Sequence[Path] = ()
) -> Iterator[Path]:
    """A folder for the stages: the one given, or one that is removed in the end; ``besides``: other files it rests on.

    Errors: RecordsError when the one given holds the stages of other files or another model.
    """
    if work is None:
        work = Path(tempfile.mkdtemp(prefix="hongyan-identity-"))
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)
        return
    if _NOT_IN_FOLDERS & set(str(work)):
        raise RecordsError(f"{work}: a folder for the stages has none of {' '.join(sorted(_NOT_IN_FOLDERS))}")
    work.mkdir(parents=True, exist_ok=True)
    manifest = work / MANIFEST
    wanted = {"files": [_stamp(path) for path in (records.path, *besides)], "models": models_digest(models)}
    if manifest.exists() and json.loads(manifest.read_text("utf-8")) != wanted:
        raise RecordsError(f"{work} holds the stages of another file or model; take another folder")
    manifest.write_text(json.dumps(wanted), "utf-8")
    yield work


def models_digest(models: Sequence[Model]) -> str:
    """The same for the same models."""
    return hashlib.sha256("".join(map(write_model, models)).encode()).hexdigest()


def _stamp(path: Path) -> list[str | int]:
    stat = path.stat()
    return [path.name, stat.st_size, stat.st_mtime_ns]


def write_csv(con: duckdb.DuckDBPyConnection, path: Path, source: str, columns: str, order: str) -> None:
    """A file for people, appearing only when it is whole."""
    part = path.with_name(path.name + ".part")
    quoted = str(part).replace("'", "''")
    con.execute(
        f"COPY (SELECT {columns} FROM ({source}) ORDER BY {order}) TO '{quoted}' (FORMAT csv, HEADER)"
    )
    part.replace(path)
