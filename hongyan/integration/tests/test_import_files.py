"""What people's files hold that cannot be read right, and what can (BARS D; issue 6)."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook

from hongyan.core.errors import SourceError
from hongyan.core.scope import acting
from hongyan.customer.models import Customer
from hongyan.integration.actions.bring_import import bring
from hongyan.integration.actions.import_errors import refused_rows
from hongyan.integration.codes import ImportState
from hongyan.integration.readers import people
from hongyan.integration.tests.factory import ID, OTHER_ID
from hongyan.integration.tests.importing import brought, csv_of, loaded, person

LIMIT = 10_000_000
HEAD = ("姓名", "身份证号", "出生日期", "手机")


def book_of(*rows: tuple[Any, ...], spoil: Callable[[Workbook], None] | None = None) -> bytes:
    """A workbook of one sheet."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEAD, *rows):
        sheet.append(row)
    if spoil:
        spoil(book)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def look(content: bytes) -> people.Looked:
    return people.look(lambda: iter([content]), limit=LIMIT)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_text_is_read_whatever_its_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    text = f"姓名{delimiter}手机\r\n王𠮷{delimiter}13812345678\r\n".encode(encoding)
    found = look(text)
    assert (found.headers, found.rows) == (("姓名", "手机"), (("王𠮷", "13812345678"),))
    assert found.delimiter == delimiter


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        ("姓名,手机\n".encode("utf-16"), "encoding"),
        ("姓名,\n".encode() + b"\xff\xff\xff", "encoding"),
        (b"a,b\n\0,1\n", "nul"),
        ("姓名,姓名\n".encode(), "same_header"),
        ("姓名,,手机\n".encode(), "blank_header"),
        (b"PK\x03\x04nonsense", "workbook"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(content: bytes, code: str) -> None:
    with pytest.raises(SourceError) as refused:
        look(content)
    assert refused.value.code == code


def test_a_hidden_sheet_is_not_read_but_named() -> None:
    def hide(book: Workbook) -> None:
        book.create_sheet("秘密").sheet_state = "hidden"

    found = look(book_of(("王小明", ID, "", ""), spoil=hide))
    assert (found.sheet, found.hidden) == ("Sheet", ("秘密",))


def test_a_workbook_of_hidden_sheets_is_refused() -> None:
    def hide(book: Workbook) -> None:
        book.create_sheet("空")
        book.worksheets[0].sheet_state = "hidden"

    with pytest.raises(SourceError) as refused:
        look(book_of(("王小明", ID, "", ""), spoil=hide))
    assert refused.value.code == "hidden_only"


@pytest.mark.django_db
@pytest.mark.usefixtures("organisation")
class TestRows:
    def reasons(self, content: bytes, name: str = "名单.xlsx") -> dict[int, str]:
        found = brought(person("zhang"), content, name)
        assert found.state == ImportState.CHECKED, found.refusal
        with acting(person("zhang").scope):
            return {one.row: f"{one.column}：{one.reason}" for one in refused_rows(found, most=99)}

    def test_what_a_workbook_spoils_is_refused_row_by_row(self) -> None:
        def merge(book: Workbook) -> None:
            book.worksheets[0].merge_cells("A6:B6")

        found = self.reasons(
            book_of(
                ("王小明", ID, date(1949, 12, 31), "13812345678"),
                ("李大力", 370102199001011234, "", "13812345679"),
                ("=A2", OTHER_ID, "", "13812345670"),
                ("赵四", "#N/A", "", "13812345671"),
                ("钱五", "", "", "13812345672"),
                ("孙六", "", 45000, "13812345673"),
                spoil=merge,
            )
        )
        assert found == {
            3: "身份证号（B 列）：长数字被表格软件存成了数值，末几位已丢失；请将该列设为文本后重新填写",
            4: "姓名（A 列）：单元格是公式，请改为值",
            5: "身份证号（B 列）：单元格是错误值",
            6: "：行内有合并的单元格",
            7: "出生日期：45000 不是有效日期",
        }

    def test_what_a_spreadsheet_spoilt_in_a_text_is_refused_too(self) -> None:
        found = self.reasons(
            csv_of(
                ("王小明", "1.10105E+17", "", "", ""), ("=HYPERLINK(1)", "", "13812345678", "", ""), ("少",)
            ),
            "名单.csv",
        )
        assert list(found) == [2, 3, 4]
        assert "长数字" in found[2]
        assert "公式" in found[3]
        assert "列" in found[4]

    def test_dates_are_read_in_five_forms(self) -> None:
        days = ("1990-01-02", "1990/1/2", "19900102", "1990年1月2日", "1990.01.02")
        text = csv_of(
            *((f"王小{'甲乙丙丁戊'[n]}", day, f"1381234567{n}") for n, day in enumerate(days)),
            header=("姓名", "出生日期", "手机"),
        )
        loaded(person("zhang"), text)
        with acting(person("zhang").scope):
            assert {str(one.birth_date) for one in Customer.objects.all()} == {"1990-01-02"}

    def test_a_file_is_named_without_numbers_and_its_maker_may_not_be_a_stranger(self) -> None:
        zhang = person("zhang")
        with acting(zhang.scope):
            found = bring(zhang, "王13812345678.csv", io.BytesIO(csv_of(("王", "", "", "", ""))))
        assert "13812345678" not in found.file_name
