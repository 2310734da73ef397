"""Files on a customer's page: contracts, licences and papers with their last day (XMN-008, KGX-i01)."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hongyan.core import clock, scope
from hongyan.core.models import AuditEvent
from hongyan.customer.tests.cases import set_value
from hongyan.customer.tests.factory import LI, SUN, WANG, ZHANG, code_of, log_in, viewer
from hongyan.customer.tests.test_views import MOST_QUERIES, queries_of
from hongyan.desk.actions.files import erase_files
from hongyan.desk.actions.scan_files import scan_waiting
from hongyan.desk.models import Notification, RecordFile
from hongyan.desk.parameters import FILES_OF_RECORD
from hongyan.desk.record_files import path_of

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def png(width: int = 2, height: int = 2) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + b"\x08\x02\0\0\0"


def jpeg(width: int = 2, height: int = 2) -> bytes:
    thumbnail = b"\xff\xe1" + struct.pack(">H", 8) + b"\xff\xc0abcd"  # a frame within metadata does not count
    return (
        b"\xff\xd8" + thumbnail + b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\0"
    )


def docx(**parts: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", "<w/>")
        for name, said in parts.items():
            package.writestr(f"word/{name}", said)
    return content.getvalue()


@pytest.fixture
def zhang(town: None, client: Client) -> Client:
    return log_in(client, ZHANG)


@pytest.fixture
def code(zhang: Client) -> str:
    return code_of("王小明")


def bring(client: Client, code: str, *contents: bytes, name: str = "合同.pdf", **said: str) -> Any:
    files = [SimpleUploadedFile(name, one) for one in contents]
    sent = {"category": "contract", "sent": files, **said}
    return client.post(f"/records/customer/{code}/files/new/", sent)


def files() -> list[RecordFile]:
    with scope.bulk():
        return list(RecordFile.objects.order_by("id"))


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def seen_at(client: Client, address: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', client.get(address).content.decode())
    return found[1] if found else ""


def acts(act: str) -> int:
    with scope.bulk():
        return AuditEvent.objects.filter(act=act, subject_kind="customer").count()


def test_a_file_is_kept_sealed_and_read_by_whoever_sees_the_customer(zhang: Client, code: str) -> None:
    answer = bring(zhang, code, PDF, remark="鲁合 2026", valid_until="2030-05-31")
    assert (answer.status_code, answer["Location"]) == (302, f"/customers/{code}/files/")
    (file,) = files()
    assert (file.media, file.size, file.state, file.remark) == ("pdf", len(PDF), "unscanned", "鲁合 2026")
    assert b"PDF" not in path_of(file).read_bytes()
    page = zhang.get(answer["Location"]).content.decode()
    assert all(text in page for text in ("合同.pdf", "鲁合 2026", "2030-05-31", "未扫描"))

    head = log_in(Client(), WANG)
    shown = head.get(f"/files/{file.pk}/")
    assert "frame-src 'self'" in shown["Content-Security-Policy"]
    viewed = head.get(f"/files/{file.pk}/view/")
    assert (body(viewed), viewed["Content-Type"]) == (PDF, "application/pdf")
    assert viewed["Content-Disposition"].startswith("inline")
    kept = head.get(f"/files/{file.pk}/download/")
    assert (body(kept), kept["X-Content-Type-Options"]) == (PDF, "nosniff")
    assert "filename*=utf-8''%E5%90%88%E5%90%8C.pdf" in kept["Content-Disposition"]
    assert kept["Content-Security-Policy"].endswith("sandbox")
    assert (acts("file.added"), acts("file.viewed"), acts("file.downloaded")) == (1, 1, 1)


def test_out_of_scope_there_is_no_file_and_a_purpose_is_asked_as_for_the_customer(
    zhang: Client, code: str
) -> None:
    bring(zhang, code, PDF)
    (file,) = files()
    li = log_in(Client(), LI)
    assert bring(li, code, png()).status_code == 404
    for part in ("", "view/", "download/", "change/", "replace/"):
        assert li.get(f"/files/{file.pk}/{part}").status_code == 404
    assert li.post(f"/files/{file.pk}/remove/").status_code == 404
    with scope.acting(viewer(LI).scope):
        assert not RecordFile.objects.exists()
    province = log_in(Client(), SUN)
    assert province.get(f"/files/{file.pk}/download/").status_code in {302, 403}
    assert (acts("file.viewed"), acts("file.downloaded"), len(files())) == (0, 0, 1)
    purpose = {"purpose": "verify", "next": f"/files/{file.pk}/"}
    assert province.post(f"/customers/{code}/purpose/", purpose).status_code == 302
    assert body(province.get(f"/files/{file.pk}/download/")) == PDF
    with scope.bulk():
        assert AuditEvent.objects.get(act="file.downloaded").purpose == "verify"


BOMB = docx(**{"big.bin": b"\0" * (11 << 20)})


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "空"),
        (b"MZ\x90\0 program", "只收"),
        (b"<svg onload=alert(1)>", "只收"),
        (b"PK\x03\x04 broken", "打不开"),
        (png(0, 1), "打不开"),
        (png(40_000, 40_000), "过大"),
        (jpeg(40_000, 40_000), "过大"),
        (jpeg()[:9], "打不开"),
        (docx(**{"vbaProject.bin": b"x"}), "宏"),
        (BOMB, "过大"),
    ],
)
def test_only_a_few_kinds_by_content_and_nothing_that_bursts(
    zhang: Client, code: str, content: bytes, why: str
) -> None:
    set_value(_unpacked(), "10")
    answer = bring(zhang, code, PDF, content)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert files() == [], "all or none"
    assert list(_folder().glob("*")) == []


@pytest.mark.parametrize(
    ("content", "media"), [(png(), "png"), (jpeg(), "jpg"), (docx(), "docx"), (PDF, "pdf")]
)
def test_what_it_is_stands_behind_its_name(zhang: Client, code: str, content: bytes, media: str) -> None:
    bring(zhang, code, content, name="../<b>扫描件.exe")
    (file,) = files()
    assert (file.media, file.name) == (media, f"<b>扫描件.exe.{media}")
    page = zhang.get(f"/files/{file.pk}/").content.decode()
    assert "&lt;b&gt;扫描件" in page
    assert "<b>扫描件" not in page


def test_words_without_numbers_of_people_and_a_limit_on_everything(zhang: Client, code: str) -> None:
    assert bring(zhang, code, PDF, remark="电话13812345678").status_code == 422
    assert bring(zhang, code, PDF, category="song").status_code == 422
    assert bring(zhang, code).status_code == 422
    assert files() == []
    assert bring(zhang, code, PDF, name="张13812345678.pdf").status_code == 302
    assert files()[0].name == "张138****5678.pdf"
    assert "已经有了" in bring(zhang, code, PDF).content.decode()
    set_value(FILES_OF_RECORD, "1")
    assert bring(zhang, code, png()).status_code == 422
    assert len(files()) == 1
    assert len(list(_folder().glob("*"))) == 1


def test_a_new_version_takes_the_place_of_the_old_which_stays(zhang: Client, code: str) -> None:
    bring(zhang, code, PDF, valid_until="2026-12-31")
    (first,) = files()
    address = f"/files/{first.pk}/replace/"
    sent = {"category": "contract", "valid_until": "2028-12-31", "seen": seen_at(zhang, address)}
    assert (
        zhang.post(address, {**sent, "seen": "other", "sent": SimpleUploadedFile("b.png", png())}).status_code
        == 409
    )
    answer = zhang.post(address, {**sent, "sent": SimpleUploadedFile("b.png", png())})
    assert answer.status_code == 302
    first, second = files()
    assert (first.is_current, second.is_current, second.version) == (False, True, 2)
    assert body(zhang.get(f"/files/{first.pk}/download/")) == PDF
    page = zhang.get(f"/customers/{code}/files/").content.decode()
    assert ("b.png" in page, "合同.pdf" in page) == (True, False)
    assert "已被替换" in zhang.get(f"/files/{first.pk}/").content.decode()
    assert zhang.post(address, {**sent, "sent": SimpleUploadedFile("c.png", png(3))}).status_code == 409
    assert len(files()) == 2

    address = f"/files/{second.pk}/change/"
    sent = {"category": "licence", "remark": "历下区市场监管局", "seen": seen_at(zhang, address)}
    assert zhang.post(address, sent).status_code == 302
    assert zhang.post(address, sent).status_code == 409
    assert (files()[1].category, files()[1].valid_until) == ("licence", None)


def test_what_is_taken_away_can_be_put_back_for_thirty_days(zhang: Client, code: str) -> None:
    bring(zhang, code, PDF)
    (file,) = files()
    zhang.post(f"/files/{file.pk}/remove/", {"seen": file.mark})
    assert "恢复" in zhang.get(f"/customers/{code}/files/").content.decode()
    assert zhang.get(f"/files/{file.pk}/download/").status_code == 409
    with clock.frozen(clock.now() + timedelta(days=31)):
        later = log_in(Client(), ZHANG)
        assert "合同.pdf" not in later.get(f"/customers/{code}/files/").content.decode()
        assert later.post(f"/files/{file.pk}/restore/").status_code == 409
    assert zhang.post(f"/files/{file.pk}/restore/").status_code == 302
    assert body(zhang.get(f"/files/{file.pk}/download/")) == PDF
    assert path_of(file).exists()


def test_a_scanner_decides_before_anybody_reads(zhang: Client, code: str, settings: LazySettings) -> None:
    settings.SCAN_COMMAND = ["sh", "-c", "if grep -q EICAR; then echo 'stream: Eicar FOUND'; exit 1; fi"]
    bring(zhang, code, PDF)
    (file,) = files()
    assert file.state == "checking"
    assert zhang.get(f"/files/{file.pk}/download/").status_code == 409
    assert scan_waiting() == 1
    assert body(zhang.get(f"/files/{file.pk}/download/")) == PDF

    address = f"/files/{file.pk}/replace/"
    sent = {"category": "contract", "seen": seen_at(zhang, address)}
    zhang.post(address, {**sent, "sent": SimpleUploadedFile("b.pdf", PDF + b"EICAR")})
    assert scan_waiting() == 1
    first, second = files()
    assert (second.state, second.is_current, first.is_current) == ("infected", False, True)
    assert second.finding == "stream: Eicar FOUND"
    assert zhang.get(f"/files/{second.pk}/download/").status_code == 409
    assert "有病毒" in zhang.get(f"/files/{second.pk}/").content.decode()
    assert Notification.objects.filter(recipient=ZHANG, kind="file.infected").count() == 1

    settings.SCAN_COMMAND = ["sh", "-c", "exit 2"]
    bring(zhang, code, jpeg())
    scan_waiting()
    assert files()[2].state == "failed"
    settings.SCAN_COMMAND = []
    assert scan_waiting() == 1
    assert files()[2].state == "unscanned"


def test_erasing_a_person_leaves_nothing_of_their_files(
    zhang: Client, code: str, django_capture_on_commit_callbacks: Any
) -> None:
    bring(zhang, code, PDF, remark="合同一", valid_until="2030-01-01")
    (file,) = files()
    with django_capture_on_commit_callbacks(execute=True), scope.bulk():
        assert erase_files("customer", [file.record_id]) == 1
    (file,) = files()
    assert (file.state, file.name, file.remark, file.digest, file.valid_until) == ("erased", "", "", "", None)
    assert not path_of(file).exists()
    assert zhang.get(f"/files/{file.pk}/download/").status_code == 409


def test_the_timeline_tells_of_files_and_which_end_soon(zhang: Client, code: str) -> None:
    """V36-005: what was brought, and on top what ends, loudly when that is over."""
    today = clock.business_date()
    for number, days in enumerate((-1, 20, 400)):
        bring(
            zhang,
            code,
            PDF + bytes([number]),
            name=f"{number}.pdf",
            valid_until=str(today + timedelta(days=days)),
        )
    page = zhang.get(f"/customers/{code}/timeline/").content.decode()
    due = page.partition('class="events is-due"')[2].partition("</ol>")[0]
    assert [name in due for name in ("0.pdf", "1.pdf", "2.pdf")] == [True, True, False]
    assert (due.count("tone-bad"), due.count("tone-warn")) == (1, 1)
    assert page.count("上传文件") >= 3
    assert queries_of(zhang, f"/customers/{code}/timeline/") <= MOST_QUERIES


def test_the_pages_take_few_queries(zhang: Client, code: str) -> None:
    bring(zhang, code, *(PDF + bytes([number]) for number in range(9)))
    assert queries_of(zhang, f"/customers/{code}/files/") <= MOST_QUERIES
    assert queries_of(zhang, f"/files/{files()[0].pk}/") <= MOST_QUERIES


@pytest.fixture(autouse=True)
def _no_content_is_left(settings: LazySettings) -> Iterator[None]:
    """The folder is the worker's: other tests keep files there too, and roll their rows back."""
    _clear()
    yield
    _clear()


def _clear() -> None:
    for one in _folder().glob("*"):
        one.unlink()


def _folder() -> Path:
    return path_of(RecordFile()).parent


def _unpacked() -> Any:
    from hongyan.desk.parameters import FILE_UNPACKED_MB

    return FILE_UNPACKED_MB
