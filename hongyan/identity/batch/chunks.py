"""The normalised table, a chunk at a time, on several cores where it is worth it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from hongyan.identity.batch.records import refused_csv
from hongyan.identity.normalise.batch import normalise_table
from hongyan.identity.record import Kind

CHUNK = 100_000
"""Records at a time: enough for names and addresses to repeat, little enough to hold one for each core."""


def normalised_chunks(records: Path, select: str, kind: Kind, folder: Path, threads: int) -> Iterator[Path]:
    """One Parquet file for each chunk of what ``select`` reads; those that are there already stay as they are.

    Errors: RecordsError when a line of the file cannot be read.
    """
    chunks = _chunks(records, select, folder)
    early = list(islice(chunks, 2))
    if (
        threads == 1 or len(early) < 2
    ):  # for one chunk, starting other processes would take longer than the work
        yield from (write_chunk(chunk, kind, path) for chunk, path in chain(early, chunks))
        return
    # Spawned, not forked: DuckDB's threads would not survive a fork.
    with ProcessPoolExecutor(threads, mp_context=get_context("spawn")) as pool:
        waiting: set[Future[Path]] = set()
        for chunk, path in chain(early, chunks):
            waiting.add(pool.submit(write_chunk, chunk, kind, path))
            if len(waiting) > threads:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from sorted(future.result() for future in done)
        yield from sorted(future.result() for future in waiting)


def write_chunk(chunk: pa.Table, kind: Kind, path: Path) -> Path:
    """Normalise one chunk into a file, which appears only when it is whole."""
    if not path.exists():
        part = path.with_suffix(".part")
        pq.write_table(normalised(chunk, kind), part, compression="lz4")
        part.replace(path)
    return path


def normalised(chunk: pa.Table, kind: Kind) -> pa.Table:
    """The normalised table of a chunk, which knows its rows' places in the whole."""
    table = normalise_table(chunk, kind)
    return table.set_column(table.schema.get_field_index("row"), "row", chunk.column("row"))


def _chunks(records: Path, select: str, folder: Path) -> Iterator[tuple[pa.Table, Path]]:
    """(records, where they go); an empty file has one empty chunk."""
    try:
        with duckdb.connect() as con:
            reader = con.execute(select).to_arrow_reader(CHUNK)
            number = 0
            for batch in reader:
                yield pa.Table.from_batches([batch]), folder / f"{number:05}.parquet"
                number += 1
            if not number:
                yield reader.schema.empty_table(), folder / "00000.parquet"
    except duckdb.Error as error:
        raise refused_csv(records, error) from error
