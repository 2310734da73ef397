"""P5 for every medium: rows a second from a file of facts into encrypted Parquet, reading and judging side by side.

Files are made up row by row, as large as asked, without the demo's people: only the medium is measured.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4
from xml.sax.saxutils import quoteattr
from zlib import crc32

from bench.rows import Row, at_least, figure
from hongyan.config.home import Home
from hongyan.integration import staging
from hongyan.integration.blocks import fact_blocks
from hongyan.integration.descriptors import Descriptor, RecordKind, find_descriptor
from hongyan.integration.readers import Reading, Source

STAGED_BAR = 100_000
READ_BYTES = 1 << 20
BLOCK_ROWS = 100_000
UNIT, DAY = "370102001", "20261121"
AMOUNT_FEN = 1_230

Values = Mapping[str, str]
Lines = Iterator[bytes]


@dataclass(frozen=True, slots=True)
class Medium:
    """One feed whose files are made: system, kind, what its columns hold, how a file of so many rows is written."""

    system: str
    kind: str
    values: Callable[[int], Values]
    write: Callable[[Descriptor, RecordKind, Iterable[Values], int], Lines]


def run(size: int, home: Home) -> list[Row]:
    """Stage a file of each medium, and make blocks for the ledger of what was staged."""
    return [row for medium in MEDIA for row in _measured(medium, size, home)]


def _measured(medium: Medium, size: int, home: Home) -> list[Row]:
    descriptor = find_descriptor(medium.system)
    kind = descriptor and descriptor.kind(medium.kind)
    if descriptor is None or kind is None:
        raise RuntimeError(f"no connector {medium.system}/{medium.kind}")
    file, target, record = home.root / "medium.bin", home.root / "staged" / "medium.parquet", uuid4()
    rows = (medium.values(number) for number in range(size))
    with file.open("wb") as out:
        out.writelines(medium.write(descriptor, kind, rows, size))
    source = Source(descriptor, descriptor.format, lambda: _chunks(file), limit=file.stat().st_size + 1)
    references = staging.References({UNIT: "37"}, frozenset(), domestic_items=(r"\d{13}",))
    began, cpu = time.perf_counter(), time.process_time()
    staging.stage(source, kind, target, record=record, references=references, reading=Reading())
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    found = staging.summary(kind, target, record=record)
    if found.good != size:
        raise RuntimeError(f"{medium.system}: {size - found.good} of {size} rows are not good")
    began = time.process_time()
    blocks = fact_blocks(
        kind, target, record=record, system=medium.system, day=None, skip=0, chunk=BLOCK_ROWS
    )
    bytes_out = sum(len(piece) for block in blocks for piece in block.pieces)
    blocking = time.process_time() - began
    name = f"{descriptor.format} ({medium.system} {medium.kind})"
    stored = target.stat().st_size
    file.unlink()
    target.unlink()
    return [
        at_least("P5M", f"{name}: staged", size / took, "rows/s", STAGED_BAR),
        figure("P5M", f"{name}: processor time", cpu / size * 1e6, "µs/row"),
        figure("P5M", f"{name}: blocks for the ledger", blocking / size * 1e6, "µs/row"),
        figure("P5M", f"{name}: staged Parquet", stored / size, "bytes/row"),
        figure("P5M", f"{name}: block", bytes_out / size, "bytes/row"),
    ]


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as content:
        while chunk := content.read(READ_BYTES):
            yield chunk


# --- what columns hold


def _moment(number: int) -> str:
    return f"{DAY}{number % 24:02}{number % 60:02}{number % 59:02}"


def _sale(number: int) -> Values:
    return {
        "流水号": f"LS{number:010}", "客户号": f"YY{number % 50_000:08}" if number % 3 else "", "业务日期": DAY,
        "交易时间": _moment(number), "机构代码": UNIT, "产品代码": f"{1101 + number % 40}", "产品名称": "挂号信",
        "业务类型": "1", "渠道": "1", "件数": "1", "金额": "12.30", "修改序号": "1", "作废标志": "0",
    }  # fmt: skip


def _movement(number: int) -> Values:
    return {
        "流水号": f"{number:012}", "客户号": f"{number % 50_000:012}", "账号": f"6217{number % 80_000:015}",
        "交易时间": _moment(number), "交易机构": UNIT, "产品代码": f"{3101 + number % 40}", "借贷标志": "C",
        "渠道": "3", "金额": str(AMOUNT_FEN), "摘要": "工资", "版本": "1",
    }  # fmt: skip


def _packet(number: int) -> Values:
    return {
        "邮件号码": f"99{number:011}", "客户编码": f"XB{number % 50_000:08}", "收寄时间": _moment(number),
        "收寄机构": UNIT, "产品": "41101", "产品名称": "国内小包", "重量": "200", "邮费": "12.30", "结算": "1",
        "目的地": "370102", "承诺妥投": _moment(number), "版本": "1",
    }  # fmt: skip


def _express(number: int) -> Values:
    return {
        "邮件号码": f"99{number:011}", "客户代码": f"{number % 50_000:017}", "收寄时间": _moment(number),
        "收寄机构": UNIT, "产品代码": "11210", "产品名称": "标准快递", "重量": "500", "资费": "12.30", "保价": "",
        "代收货款": "", "结算": "1", "内件": "1", "上门揽收": "1", "寄达区划": "370102", "承诺时间": _moment(number),
        "版本": "1",
    }  # fmt: skip


def _premium(number: int) -> Values:
    return {
        "流水号": f"{number:012}", "保单号": f"P{number % 80_000:014}", "客户号": f"EC{number % 50_000:010}",
        "缴费时间": _moment(number), "代理网点": UNIT, "险种代码": "4101", "保费": "12.30", "版本": "1", "冲销": "否",
    }  # fmt: skip


# --- how files are written


def _yuan(rows: int) -> str:
    return f"{rows * AMOUNT_FEN // 100}.{rows * AMOUNT_FEN % 100:02}"


def _delimited(descriptor: Descriptor, kind: RecordKind, rows: Iterable[Values], size: int) -> Lines:
    crc = 0
    yield f"H|{descriptor.sender}|{kind.code}|{DAY}|1.0\n".encode()
    for row in rows:
        line = "|".join(row.get(column, "") for column in kind.columns).encode("gb18030") + b"\n"
        crc = crc32(line, crc)
        yield line
    yield f"T|{size}|{_yuan(size)}|{crc:08X}\n".encode()


def _fixed(descriptor: Descriptor, kind: RecordKind, rows: Iterable[Values], size: int) -> Lines:
    trailer = descriptor.trailer
    if trailer is None:
        raise RuntimeError(f"{descriptor.code} has no trailer")
    for row in rows:
        values = (row.get(field.column, "").encode("gb18030").ljust(field.width) for field in kind.fields)
        yield b"".join(values) + b"\n"
    rows_width, sum_width = trailer.widths
    yield f"{trailer.mark}{size:0{rows_width}}{size * AMOUNT_FEN:0{sum_width}}\n".encode()


def _json_lines(_descriptor: Descriptor, kind: RecordKind, rows: Iterable[Values], size: int) -> Lines:
    for row in rows:
        yield json.dumps({"type": kind.tag, **row}, ensure_ascii=False).encode() + b"\n"
    end = {"type": "END", "rows": str(size), kind.controls[0].column: _yuan(size)}
    yield json.dumps(end, ensure_ascii=False).encode() + b"\n"


def _markup(_descriptor: Descriptor, kind: RecordKind, rows: Iterable[Values], size: int) -> Lines:
    yield f'<file rows="{size}" {kind.controls[0].column}="{_yuan(size)}">\n'.encode()
    for row in rows:
        attributes = " ".join(f"{name}={quoteattr(value)}" for name, value in row.items())
        yield f"<{kind.tag} {attributes}/>\n".encode()
    yield b"</file>\n"


def _separated(descriptor: Descriptor, kind: RecordKind, rows: Iterable[Values], size: int) -> Lines:
    line = f"{','.join(kind.columns)}\n".encode()
    crc = crc32(line)
    yield line
    for row in rows:
        line = f"{','.join(row.get(column, '') for column in kind.columns)}\n".encode()
        crc = crc32(line, crc)
        yield line
    mark = descriptor.trailer.mark if descriptor.trailer else ""
    yield f"{mark},{size},{_yuan(size)},{crc:08X}\n".encode()


MEDIA = (
    Medium("yy", "SALE", _sale, _delimited),
    Medium("psb", "TXN", _movement, _fixed),
    Medium("xbd", "ITEM", _packet, _json_lines),
    Medium("ems85", "MAIL", _express, _markup),
    Medium("ecif", "PREMIUM", _premium, _separated),
)
