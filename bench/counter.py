"""Files of the counter system (营业信息系统) with their trailers, written as fast as DuckDB draws the lines."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb

SYSTEM = "yy"
BLOCK_ROWS = 100_000


def write_file(file: Path, *, kind: str, lines: str, total: Callable[[int], str], seed: int) -> Path:
    """One file, unless it is there already. `lines` is a query of (line, what the control sum adds up, an integer).

    The file's name ends in its day; `total` writes the control sum. The same seed draws the same lines.
    """
    if file.exists():
        return file
    draft = file.with_suffix(".draft")
    rows, added, checksum = 0, 0, 0
    with draft.open("wb") as out:
        out.write(f"H|YYXT|{kind}|{file.stem[-8:]}|1.0\n".encode())
        for block, count, amount in _blocks(lines, seed):
            out.write(block)
            checksum = zlib.crc32(block, checksum)
            rows += count
            added += amount
        out.write(f"T|{rows}|{total(added)}|{checksum:08X}\n".encode())
    return draft.replace(file)


def yuan(fen: int) -> str:
    """A control sum of money.

    >>> yuan(12305)
    '123.05'
    """
    return f"{fen // 100}.{fen % 100:02}"


def _blocks(lines: str, seed: int) -> Iterator[tuple[bytes, int, int]]:
    """Blocks of lines in GB18030, how many there are, and what they add up to."""
    with duckdb.connect() as engine:
        engine.execute(f"SELECT setseed({seed % 1000 / 1000})")
        for block in engine.execute(lines).to_arrow_reader(BLOCK_ROWS):
            texts, amounts = block.column(0).to_pylist(), block.column(1).to_pylist()
            yield "".join(texts).encode("gb18030"), len(texts), sum(amounts)
