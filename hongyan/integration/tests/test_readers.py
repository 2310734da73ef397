"""Readers of the media facts come in: what they give, and what they refuse (BARS A 5, D)."""

from __future__ import annotations

import csv as plain_csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from re import fullmatch
from unittest.mock import patch
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyan.core.errors import SourceError
from hongyan.integration import readers
from hongyan.integration.descriptors import (
    Control,
    Descriptor,
    Field,
    Format,
    RecordKind,
    Target,
    Trailer,
    find_descriptor,
)
from hongyan.integration.readers import Reading, Source, separated
from hongyan.integration.readers import reading as reading_module

NAMES = ("编号", "名称", "金额")
WIDTHS = (6, 12, 10)
MAIL = RecordKind(
    "MAIL",
    "邮件",
    "Mail",
    Target.MAIL_ITEM,
    tuple(map(Field, NAMES)),
    file="x",
    tag="MAIL",
    controls=(Control("金额"),),
)
PARTY = RecordKind(
    "PARTY", "客户", "Parties", Target.PARTY, (Field("编号"), Field("电话")), file="x", tag="PARTY"
)
EVENT = RecordKind(
    "EVENT", "轨迹", "Events", Target.MAIL_EVENT,
    (Field("编号", from_parent=True), Field("时间"), Field("代码")), file="x", tag="EVENT",
)  # fmt: skip
FIXED = replace(
    MAIL, tag="D", fields=tuple(Field(name, width=width) for name, width in zip(NAMES, WIDTHS, strict=True))
)
ROWS = [("000001", "王小明", "12.30"), ("000002", "𫘧与㐂", "-2.30"), ("000003", "", "0.00")]


def system(
    layout: Format, *kinds: RecordKind, trailer: Trailer | None = None, encoding: str = "utf-8"
) -> Descriptor:
    yy = find_descriptor("yy")
    assert yy is not None
    return replace(yy, format=layout, kinds=kinds, trailer=trailer, encoding=encoding, delimiter=",")


def read(
    content: bytes, descriptor: Descriptor, kind: RecordKind | None = None, piece: int = 1 << 20
) -> tuple[list[tuple[object, ...]], Reading]:
    """All rows with their numbers, and what the reader learned; the content comes in pieces."""
    reading = Reading()
    pieces = [content[at : at + piece] for at in range(0, len(content), piece)]
    source = Source(descriptor, descriptor.format, lambda: iter(pieces), limit=1 << 30)
    batches: Iterable = readers.batches(source, kind or descriptor.kinds[0], reading)
    return [tuple(row.values()) for batch in batches for row in batch.to_pylist()], reading


def refused(content: bytes, descriptor: Descriptor, kind: RecordKind | None = None) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read(content, descriptor, kind)
    return caught.value


def total(rows: Sequence[tuple[str, str, str]]) -> Decimal:
    return sum((Decimal(amount) for *_, amount in rows), Decimal(0))


# --- fixed width


HOST = system(Format.FIXED, FIXED, trailer=Trailer(mark="T", widths=(8, 12), crc=True), encoding="gb18030")


def host_file(rows: Sequence[tuple[str, str, str]] = ROWS, *, ends: bytes = b"\n", **stated: object) -> bytes:
    """A file of fixed width; `stated` says what the trailer gets wrong."""
    lines = [
        b"D"
        + b"".join(value.encode("gb18030").ljust(width) for value, width in zip(row, WIDTHS, strict=True))
        for row in rows
    ]
    body = b"".join(line + ends for line in lines)
    says = {"rows": len(rows), "total": total(rows), "crc": crc32(body)} | stated
    return body + f"T{says['rows']:>8}{says['total']:>12}{says['crc']:08X}".encode() + ends


@pytest.mark.parametrize("piece", [1 << 20, 7])
@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
def test_fixed_width_is_cut_by_bytes(piece: int, ends: bytes) -> None:
    rows, reading = read(host_file(ends=ends), HOST, piece=piece)
    assert rows == [(number, *row) for number, row in enumerate(ROWS, 1)]
    assert (reading.received, reading.misfits, reading.controls) == (3, [], {"金额": Decimal("10.00")})


def test_a_line_of_another_length_is_a_misfit() -> None:
    content = host_file([*ROWS, ("000004", "名字太长太长太长", "0.00")])
    rows, reading = read(content, HOST)
    assert len(rows) == 3
    assert [(misfit.row, misfit.code) for misfit in reading.misfits] == [(4, "line_length")]
    assert reading.received == 4


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (host_file(rows=ROWS[:0]), "no_rows"),
        (host_file().rpartition(b"T")[0], "trailer_missing"),
        (host_file()[: len(host_file()) // 2], "trailer_missing"),
        (host_file(crc=1), "crc"),
        (host_file(total="10.01"), "control_sum"),
        (host_file(crc=7).replace(b"T       3", b"T       4"), "trailer_count"),
        (host_file().replace("王".encode("gb18030"), b"\xff\xff"), "encoding"),
        (host_file().replace("王".encode("gb18030"), b"\0\0"), "nul"),
        (host_file().replace(b"T       3", b"T     abc"), "trailer_digits"),
    ],
)
def test_fixed_width_refused_whole(content: bytes, code: str) -> None:
    assert refused(content, HOST).code == code


def test_a_wrong_character_names_its_row() -> None:
    second = host_file().index("𫘧".encode("gb18030"))
    error = refused(host_file()[:second] + b"\xff" + host_file()[second + 1 :], HOST)
    assert (error.code, error.row) == ("encoding", 2)


def test_records_of_several_kinds_are_told_by_their_mark() -> None:
    other = replace(FIXED, code="E", tag="E", controls=())
    descriptor = replace(HOST, kinds=(FIXED, other), trailer=Trailer(mark="T", widths=(8, 12)))
    line = b"E" + b"000009".ljust(28) + b"\n"
    content = line + host_file().rpartition(b"T")[0] + b"T       4       10.00\n"
    assert [row[:2] for row in read(content, descriptor)[0]] == [(2, "000001"), (3, "000002"), (4, "000003")]
    only = replace(descriptor, trailer=Trailer(mark="T", widths=(8,)))
    assert [row[:2] for row in read(line + b"T       1\n", only, other)[0]] == [(1, "000009")]


# --- JSON lines


LINES = system(Format.JSONL, MAIL, PARTY, trailer=Trailer(mark="END"))


def line(row: Sequence[object] = ROWS[0], kind: str = "MAIL", **more: object) -> str:
    return json.dumps({"type": kind, **dict(zip(NAMES, row, strict=True)), **more}, ensure_ascii=False)


def end(rows: object, amount: object = "10.00", **more: object) -> str:
    return json.dumps({"type": "END", "rows": rows, "金额": amount, **more}, ensure_ascii=False)


def jsonl(*lines: str) -> bytes:
    return "".join(f"{each}\n" for each in lines).encode()


PHONE = '{"type":"PARTY","编号":"7","电话":"1"}'
GOOD = [line(row) for row in ROWS]


@pytest.mark.parametrize("piece", [1 << 20, 11])
def test_json_lines(piece: int) -> None:
    content = jsonl(PHONE, *GOOD, end(4, day="20261121"))
    rows, reading = read(content, LINES, piece=piece)
    assert rows == [(number, *row) for number, row in enumerate(ROWS, 2)]
    assert (reading.received, str(reading.day)) == (3, "2026-11-21")
    assert read(content, LINES, PARTY)[0] == [(1, "7", "1")]


def test_numbers_are_taken_as_they_are_written() -> None:
    odd = '{"type":"MAIL","编号":7,"金额":12.30,"名称":null}'
    rows, _ = read(jsonl(odd, end(1, "12.30")), LINES)
    assert rows == [(1, "7", "", "12.30")]


@pytest.mark.parametrize(
    "stray",
    [
        "not json", "[1]", '{"type":"MAIL","编号":"1","颜色":"红"}', '{"type":"OTHER"}', '{"编号":"1"}', "",
        '{"type":"MAIL","编号":"a\\u0000"}', '{"type":"MAIL","编号":"\\ud800"}', '{"type":"MAIL","编号":{"a":1}}',
        '{"type":"MAIL","编号":"1","编号":"2"}', '{"type":"MAIL","编号":true}',
    ],
)  # fmt: skip
def test_an_odd_line_is_a_misfit_and_the_others_are_read(stray: str) -> None:
    rows, reading = read(jsonl(GOOD[0], stray, *GOOD[1:], end(4)), LINES)
    assert [row[0] for row in rows] == [1, 3, 4]
    assert [(misfit.row, misfit.code) for misfit in reading.misfits] == [(2, "record")]
    assert reading.received == 4


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (jsonl(*GOOD), "trailer_missing"),
        (jsonl(*GOOD, end(3))[:-20], "trailer_missing"),
        (jsonl(*GOOD[:2], end(3)), "trailer_count"),
        (jsonl(*GOOD, end(3, "10.01")), "control_sum"),
        (jsonl(*GOOD, '{"type":"END","rows":3}'), "trailer_missing"),
        (jsonl(*GOOD, end(3, day="tomorrow")), "trailer_missing"),
        (jsonl(end(0, 0)), "no_rows"),
        (jsonl(*GOOD, end(3)).replace("王".encode(), b"\xff"), "encoding"),
        (jsonl(*GOOD, end(3)).replace("王".encode(), b"\0"), "nul"),
        (b"[" * 5_000_000, "line_too_long"),
    ],
)
def test_json_lines_refused_whole(content: bytes, code: str) -> None:
    assert refused(content, LINES).code == code


def test_json_lines_with_a_checksum() -> None:
    descriptor = replace(LINES, trailer=Trailer(mark="END", crc=True))
    body = jsonl(*GOOD)
    assert len(read(body + jsonl(end(3, crc=f"{crc32(body):08X}")), descriptor)[0]) == 3
    assert refused(body + jsonl(end(3, crc="00000000")), descriptor).code == "crc"


# --- XML


TREE = system(Format.XML, MAIL, EVENT, trailer=Trailer())


def element(row: Sequence[str], inside: str = "") -> str:
    attributes = " ".join(f'{name}="{value}"' for name, value in zip(NAMES, row, strict=True))
    return f"<MAIL {attributes}>{inside}</MAIL>"


def xml(*elements: str, rows: object = 3, amount: str = "10.00", head: str = "") -> bytes:
    return f'{head}<mail day="2026-11-21" rows="{rows}" 金额="{amount}">{"".join(elements)}</mail>'.encode()


ITEMS = [element(ROWS[0], '<EVENT 时间="1" 代码="01"/><EVENT 时间="2" 代码="05"/>'), *map(element, ROWS[1:])]


@pytest.mark.parametrize("piece", [1 << 20, 5])
def test_elements_and_their_children(piece: int) -> None:
    rows, reading = read(xml(*ITEMS, head='<?xml version="1.0" encoding="UTF-8"?>\n'), TREE, piece=piece)
    assert rows == [(1, *ROWS[0]), (4, *ROWS[1]), (5, *ROWS[2])]
    assert (reading.received, str(reading.day), reading.controls) == (
        3,
        "2026-11-21",
        {"金额": Decimal("10.00")},
    )
    assert read(xml(*ITEMS), TREE, EVENT)[0] == [(2, "000001", "1", "01"), (3, "000001", "2", "05")]


def test_attributes_in_any_order_and_left_out() -> None:
    rows, reading = read(xml('<MAIL 金额="1" 编号="9"/>', '<MAIL 颜色="红"/>', rows=2, amount="1"), TREE)
    assert rows == [(1, "9", "", "1")]
    assert [(misfit.row, misfit.code) for misfit in reading.misfits] == [(2, "record")]


def test_escapes_are_read_and_gb18030_too() -> None:
    rows, _ = read(xml('<MAIL 编号="&lt;&amp;&#x738B;" 名称="" 金额="0"/>', rows=1, amount="0"), TREE)
    assert rows[0][1] == "<&王"
    content = xml(*ITEMS, head='<?xml version="1.0" encoding="GB18030"?>').decode().encode("gb18030")
    assert len(read(content, replace(TREE, encoding="gb18030"))[0]) == 3


LAUGHS = '<!DOCTYPE m [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (xml(*ITEMS)[:-30], "xml"),
        (xml(*ITEMS).replace("王".encode(), b"\xff"), "xml"),
        (xml(*ITEMS).replace("王".encode(), b"\0"), "xml"),
        (b"PK no", "xml"),
        (xml(*ITEMS, head=LAUGHS), "xml_entities"),
        (xml(*ITEMS, head=OUTSIDE), "xml_entities"),
        (xml(*ITEMS, head='<!DOCTYPE m SYSTEM "http://127.0.0.1/x.dtd">'), "xml_entities"),
        (xml(element(ROWS[0], "<EVENT><EVENT><EVENT/></EVENT></EVENT>")), "xml_depth"),
        (xml("<OTHER/>"), "xml_element"),
        (xml(element(ROWS[0], "text")), "xml_text"),
        (xml(*ITEMS[:2]), "trailer_count"),
        (xml(*ITEMS, amount="9.99"), "control_sum"),
        (xml(rows=0, amount="0"), "no_rows"),
        (b"<mail/>", "trailer_missing"),
        (b"<mail x='" + b"a" * 3_000_000, "line_too_long"),
    ],
)
def test_xml_refused_whole(content: bytes, code: str) -> None:
    assert refused(content, TREE).code == code


# --- CSV with a trailer


SHEET = system(Format.CSV, MAIL, trailer=Trailer(mark="END"), encoding="utf-8-sig")


def csv(rows: Sequence[tuple[str, str, str]] = ROWS, *, tail: str = "END,3,10.00\n") -> bytes:
    lines = [",".join(NAMES), *(",".join(row) for row in rows)]
    return ("\ufeff" + "".join(f"{each}\r\n" for each in lines) + tail).encode()


def test_csv_with_a_trailer() -> None:
    rows, reading = read(csv(), SHEET)
    assert rows == [(number, *row) for number, row in enumerate(ROWS, 2)]
    assert (reading.received, reading.controls) == (3, {"金额": Decimal("10.00")})


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (csv(tail=""), "trailer_missing"),
        (csv(ROWS[:2]), "trailer_count"),
        (csv(tail="END,3,10.01"), "control_sum"),
        (csv(tail="END,3"), "trailer_missing"),
        (csv([], tail="END,0,0"), "no_rows"),
        (csv().replace("编号".encode(), "号".encode()), "header"),
    ],
)
def test_csv_refused_whole(content: bytes, code: str) -> None:
    assert refused(content, SHEET).code == code


def test_csv_with_a_checksum() -> None:
    descriptor = replace(SHEET, trailer=Trailer(mark="END", crc=True))
    body = csv(tail="")
    assert len(read(body + f"END,3,10.00,{crc32(body):08X}\n".encode(), descriptor)[0]) == 3
    assert refused(body + b"END,3,10.00,00000000\n", descriptor).code == "crc"


# --- what a trailer states, in every medium


def stating(layout: Format, rows: str, amount: str) -> tuple[bytes, Descriptor]:
    """A file of three rows in a medium whose trailer states these texts."""
    match layout:
        case Format.FIXED:
            return host_file(rows=ROWS).rpartition(b"T")[0] + f"T{rows:>8}{amount:>12}\n".encode(
                "gb18030"
            ), replace(HOST, trailer=Trailer(mark="T", widths=(8, 12)))
        case Format.JSONL:
            return jsonl(*GOOD, end(rows, amount)), LINES
        case Format.XML:
            return xml(*ITEMS, rows=rows, amount=amount), TREE
        case _:
            return csv(tail=f"END,{rows},{amount}\n"), SHEET


MEDIA = (Format.FIXED, Format.JSONL, Format.XML, Format.CSV)
NUMBERS = st.sampled_from(["3", "03", "3E0", "+3", "-3", "0_3", "３", "٣", "3.0", "0x3", "", " ", "3 ", "三"])
SUMS = st.sampled_from(
    ["10.00", "10", "010.0", "1E1", "+10", "1_0.00", "１０.00", "10.000", "10,00", "", "NaN", "Infinity", "-"]
)


@pytest.mark.parametrize("layout", MEDIA)
@given(rows=NUMBERS | st.text("0123E+-_. ３", max_size=4), amount=SUMS)
def test_a_trailer_is_read_as_plain_digits_only(layout: Format, rows: str, amount: str) -> None:
    """int and Decimal read far more than a sender writes: 18E5, 1_000, full-width digits."""
    content, descriptor = stating(layout, rows, amount)
    padded = layout is Format.FIXED
    are_plain = fullmatch("[0-9]+", rows.strip(" ") if padded else rows) and fullmatch(
        r"[0-9]+(\.[0-9]{1,2})?", amount
    )
    if not are_plain:
        assert refused(content, descriptor).code in {"trailer_missing", "trailer_digits"}
    elif int(rows) != len(ROWS):
        assert refused(content, descriptor).code == "trailer_count"
    else:
        assert len(read(content, descriptor)[0]) == len(ROWS)


@pytest.mark.parametrize("crc", ["0x{:06X}", "+{:X}", " {:X}", "{:_X}", "{:X}0"])
def test_a_checksum_is_read_as_plain_digits_only(crc: str) -> None:
    descriptor = replace(SHEET, trailer=Trailer(mark="END", crc=True))
    body = csv(tail="")
    content = body + f"END,3,10.00,{crc.format(crc32(body))}\n".encode()
    assert refused(content, descriptor).code == "trailer_digits"


# --- rows that the control sum cannot count


def with_amount(layout: Format, amount: str, stated: str) -> tuple[bytes, Descriptor]:
    """A file whose second amount is this text, under a trailer that states this sum of all three."""
    rows = [ROWS[0], (*ROWS[1][:2], amount), ROWS[2]]
    match layout:
        case Format.FIXED:
            lines = host_file(ROWS).split(b"\n")
            lines[1] = lines[1][:19] + amount.encode("gb18030").ljust(10)
            return b"\n".join(lines[:3]) + f"\nT{3:>8}{stated:>12}\n".encode(), replace(
                HOST, trailer=Trailer(mark="T", widths=(8, 12))
            )
        case Format.JSONL:
            return jsonl(*map(line, rows), end(3, stated)), LINES
        case Format.XML:
            return xml(*map(element, rows), amount=stated), TREE
        case _:
            return csv(rows, tail=f"END,3,{stated}\n"), SHEET


@pytest.mark.parametrize("layout", MEDIA)
@pytest.mark.parametrize("amount", ["abc", "1_000", "18E5", "12.3O", "1.234", "２.30", "¥2.30"])
def test_a_sum_with_an_amount_that_is_none_is_left_to_a_person_with_the_row(
    layout: Format, amount: str
) -> None:
    """The rows that can be read are taken; that the rest is not proven is said, with the row and the column."""
    content, descriptor = with_amount(layout, amount, "10.00")
    rows, reading = read(content, descriptor)
    (check,) = (one for one in reading.checks.made() if one["check"] == "control_sum")
    assert (len(rows), reading.controls) == (3, {"金额": Decimal("10.00")})
    assert (check["outcome"], check["code"], check["row"]) == ("warned", "control_unread", rows[1][0])
    assert (check["params"]["column"], check["params"]["rows"]) == ("金额", 1)
    assert (check["expected"], check["found"]) == ("10.00", "12.30")


@pytest.mark.parametrize("layout", MEDIA)
def test_a_sum_without_the_amount_that_is_none_is_proven(layout: Format) -> None:
    content, descriptor = with_amount(layout, "abc", "12.30")
    _, reading = read(content, descriptor)
    (check,) = (one for one in reading.checks.made() if one["check"] == "control_sum")
    assert check["outcome"] == "passed"


@pytest.mark.parametrize("layout", MEDIA)
def test_a_row_that_does_not_fit_is_named_where_the_sum_misses_its_amount(layout: Format) -> None:
    """A separator inside a name used to refuse the whole file for its sum, and nobody was told of the row."""
    odd = ("000002", "王", "-2.30", "?")
    match layout:
        case Format.FIXED:
            lines = host_file(ROWS).split(b"\n")
            lines[1] += b"?"
            content, descriptor = (
                b"\n".join(lines[:3]) + f"\nT{3:>8}{'10.00':>12}\n".encode(),
                replace(HOST, trailer=Trailer(mark="T", widths=(8, 12))),
            )
        case Format.JSONL:
            content, descriptor = jsonl(GOOD[0], line(ROWS[1], 颜色="红"), GOOD[2], end(3)), LINES
        case Format.XML:
            strange = element(ROWS[1]).replace("<MAIL", '<MAIL 颜色="红"')
            content, descriptor = xml(element(ROWS[0]), strange, element(ROWS[2])), TREE
        case _:
            content, descriptor = csv([ROWS[0], odd, ROWS[2]]), SHEET  # type: ignore[list-item]
    rows, reading = read(content, descriptor)
    (check,) = (one for one in reading.checks.made() if one["check"] == "control_sum")
    assert (len(rows), [misfit.row for misfit in reading.misfits]) == (2, [check["row"]])
    assert (check["code"], check["params"]["rows"]) == ("control_unread", 1)


def test_a_stray_line_may_be_any_kind_s_amount() -> None:
    """A line of no known type is a misfit of the first kind; the sum of another kind may lack its amount too."""
    descriptor = replace(LINES, kinds=(PARTY, MAIL))
    content = jsonl(PHONE, GOOD[0], '{"type":"MIAL","金额":"-2.30"}', GOOD[2], end(4))
    _, reading = read(content, descriptor, MAIL)
    (check,) = (one for one in reading.checks.made() if one["check"] == "control_sum")
    assert (check["code"], check["row"]) == ("control_unread", 3)


# --- CSV by blocks and by the csv module

OPEN = system(Format.CSV, MAIL, encoding="utf-8-sig")
PLAIN = st.text("a王 ;\u2028\f", max_size=3)
ODD = st.sampled_from(['""', '"a,b"', '"a\r\n\n王"', '""""', 'a"', '"a"b', '"', "\r", "\ufeff"])


def sheets(cells: st.SearchStrategy[str], ends: Sequence[str]) -> st.SearchStrategy[str]:
    """The rows beneath a header, most of the right width; the last line may lack its end."""
    rows = st.lists(cells, min_size=len(NAMES), max_size=len(NAMES)) | st.lists(cells, max_size=4)
    lines = st.tuples(rows.map(",".join), st.sampled_from(ends)).map("".join)
    return st.tuples(st.lists(lines, max_size=12).map("".join), st.sampled_from(["", "1,2,3"])).map("".join)


def by_the_csv_module(text: str) -> tuple[object, ...]:
    """What the csv module makes of a whole sheet: rows with their lines and misfits, or the line it gives up in."""
    reader = plain_csv.reader(io.StringIO(text, newline="\n"), strict=True)
    rows: list[tuple[object, ...]] = []
    misfits: list[tuple[object, ...]] = []
    begins = 1
    try:
        for row in reader:
            (rows if len(row) == len(NAMES) else misfits).append((begins, *row))
            begins = reader.line_num + 1
    except plain_csv.Error:
        return "quotes", begins
    return (rows[1:], misfits) if rows[1:] or misfits else ("no_rows", None)


def by_blocks(text: str, size: int) -> tuple[object, ...]:
    """What the reader makes of it in blocks of about so many bytes."""
    with patch.object(reading_module, "BLOCK_BYTES", size):
        try:
            rows, reading = read(text.encode(), OPEN, piece=size)
        except SourceError as error:
            return error.code, error.row
    misfits = [(misfit.row, *misfit.values) for misfit in reading.misfits]
    assert reading.received == len(rows) + len(misfits)
    assert {check["check"]: check["outcome"] for check in reading.checks.made()}["structure"] == (
        "passed" if text.endswith("\n") else "warned"
    )
    return rows, misfits


@pytest.mark.parametrize("ends", [["\n"], ["\r\n"], ["\n", "\r\n", "\r\r\n"]])
@given(data=st.data(), size=st.sampled_from([1, 24, 1 << 20]))
def test_blocks_without_quotes_are_read_as_the_csv_module_does(
    ends: list[str], data: st.DataObject, size: int
) -> None:
    text = ",".join(NAMES) + "\n" + data.draw(sheets(PLAIN, ends))
    assert by_blocks(text, size) == by_the_csv_module(text)


@given(rows=sheets(PLAIN | ODD, ["\n", "\r\n"]), size=st.sampled_from([1, 24, 1 << 20]))
def test_blocks_with_and_without_quotes_are_read_as_the_csv_module_does(rows: str, size: int) -> None:
    text = ",".join(f'"{name}"' for name in NAMES) + "\n" + rows
    assert by_blocks(text, size) == by_the_csv_module(text)


def test_after_a_block_with_quotes_the_next_is_read_at_once_again() -> None:
    text = f'{",".join(NAMES)}\n1,"a\nb",3\n' + "1,2,3\n" * 9
    with patch.object(separated, "_rows", wraps=separated._rows) as by_rows:
        rows, _ = by_blocks(text, 12)
    assert rows == [(2, "1", "a\nb", "3"), *((row, "1", "2", "3") for row in range(4, 13))]
    assert by_rows.call_count == len(["header", "block with quotes"])


def test_a_field_longer_than_the_csv_module_takes_is_refused() -> None:
    error = refused(csv([*ROWS, ("4", "a" * 140_000, "1")], tail=""), OPEN)
    assert (error.code, error.row) == ("quotes", 5)
