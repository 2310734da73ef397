"""Uploads that unfold (BARS A 29): refused while they are read, in little memory, and nothing lands beside them."""

from __future__ import annotations

import gzip
import io
import json
import os
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from hongyan.config.home import CHECKOUT
from hongyan.core.models import ParameterValue
from hongyan.customer.tests.factory import HEAD, log_in
from hongyan.integration.actions import check
from hongyan.integration.models import Delivery
from hongyan.integration.parameters import MAX_UNPACKED_MB
from hongyan.integration.readers import packed
from hongyan.integration.tests.factory import customer, day, kgc_file, loaded, received

MEGABYTE = 1 << 20
LARGEST_PEAK_MB = 200
HUGE_MB = 400
SHEET = "xl/worksheets/sheet1.xml"


def archive(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in entries:
            target.writestr(name, content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def lying_archive() -> bytes:
    """A bomb whose directory says that it is small."""
    honest = archive((SHEET, bytes(HUGE_MB * MEGABYTE)))
    size = (HUGE_MB * MEGABYTE).to_bytes(4, "little")
    return honest.replace(size, (10).to_bytes(4, "little"))


def nested(depth: int) -> bytes:
    content = bytes(50 * MEGABYTE)
    for level in range(depth):
        content = archive((f"xl/{level}.zip", content))
    return content


def link() -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("xl/link")
    entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return entry


BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "zeros": ("xlsx", lambda: archive((SHEET, bytes(HUGE_MB * MEGABYTE)))),
    "many parts": ("xlsx", lambda: archive(*((f"xl/{n}.xml", bytes(20 * MEGABYTE)) for n in range(20)))),
    "lying sizes": ("xlsx", lying_archive),
    "archives in archives": ("xlsx", lambda: nested(3)),
    "gzip": ("gz", lambda: gzip.compress(bytes(HUGE_MB * MEGABYTE))),
    "members in a row": ("gz", lambda: gzip.compress(bytes(8 * MEGABYTE)) * 60),
}
READ = """
import json, resource, sys
from pathlib import Path
from hongyan.core.errors import SourceError
from hongyan.integration.descriptors import Field, RecordKind, Target
from hongyan.integration.readers import Reading, packed, workbook

KIND = RecordKind("ORG", "", "Units", Target.UNIT, (Field("a"),), sheet="a")
LIMIT = 100 << 20

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

def pieces(path):
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            yield piece

def consume(path):
    if path.suffix == ".gz":
        return sum(map(len, packed.unpacked(pieces(path), limit=LIMIT)))
    return sum(1 for _ in workbook.read(pieces(path), KIND, Reading(), limit=LIMIT))

before, codes = peak(), {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        codes[path.stem] = consume(path)
    except SourceError as error:
        codes[path.stem] = error.code
print(json.dumps({"codes": codes, "peak_mb": peak() - before, "whole_mb": peak()}))
"""


def test_no_bomb_unfolds_in_memory(tmp_path: Path) -> None:
    """In a process of its own, since a peak never comes down."""
    for name, (ending, make) in BOMBS.items():
        (tmp_path / f"{name}.{ending}").write_bytes(make())
    done = subprocess.run(
        [sys.executable, "-c", READ, str(tmp_path)],
        cwd=CHECKOUT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "hongyan.config.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert found["codes"].keys() == BOMBS.keys()
    assert set(found["codes"].values()) <= {"bomb", "too_large", "workbook"}
    assert found["peak_mb"] < LARGEST_PEAK_MB, found


def test_what_packs_as_text_does_is_no_bomb() -> None:
    """Repeated rows pack well; the ratio of a bomb is far beyond."""
    text = kgc_file([customer(number) for number in range(1, 3000)])
    content = gzip.compress(text)
    assert len(text) / len(content) < packed.LARGEST_RATIO
    assert b"".join(packed.unpacked([content], limit=len(text))) == text


@pytest.fixture
def home(settings: object) -> Path:
    return Path(settings.HOME.root)  # type: ignore[attr-defined]


def files_below(*folders: Path) -> set[Path]:
    return {path for folder in folders for path in folder.rglob("*")}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("organisation")
@pytest.mark.parametrize(
    "entries",
    [
        [("../../../../tmp/hongyan-escaped.txt", b"x")],
        [("/tmp/hongyan-escaped.txt", b"x")],  # noqa: S108  a name, not a place
        [("..\\..\\hongyan-escaped.txt", b"x")],
        [(link(), b"/etc/passwd"), ("xl/link/hongyan-escaped", b"x")],
    ],
    ids=["parents", "absolute", "backslashes", "link"],
)
def test_an_archive_writes_nothing_beside_itself(entries: list[tuple[str, bytes]], home: Path) -> None:
    """Parts of a workbook are read in memory; no name in it is ever a place."""
    before = files_below(home)
    delivery = loaded(archive(*entries), f"erp_org_{day()}.xlsx", "erp")
    assert delivery.refusal["code"] in {"workbook", "sheet_missing"}
    assert {path.suffix for path in files_below(home) - before if path.is_file()} <= {".sealed"}
    assert not Path("/tmp/hongyan-escaped.txt").exists()  # noqa: S108  it must not be there


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("organisation")
def test_packed_twice_is_read_as_what_it_is() -> None:
    """One layer is unpacked; what is inside is then no file of the system."""
    twice = gzip.compress(gzip.compress(kgc_file([customer(1)])))
    name = f"YY_MAIL_{day()}.txt.gz"
    delivery = check(received(twice, name, "yy").id, in_background=False)
    assert delivery.refusal is not None


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("organisation")
@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(1000),
        b"MZ" + bytes(1000),
        b"%PDF-1.7\n",
        archive(("a.txt", b"x")),
        b"<html></html>",
    ],
    ids=["picture", "program", "pdf", "zip", "page"],
)
def test_what_a_file_is_shows_in_its_content(content: bytes) -> None:
    """A right name does not make a right file."""
    delivery = loaded(content, f"KG_CUST_{day()}.txt")
    assert (delivery.state, delivery.received) == ("refused", 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("organisation")
def test_the_limit_is_a_parameter() -> None:
    ParameterValue.objects.create(
        key=MAX_UNPACKED_MB.key, value=1, effective_from="2020-01-01", set_at="2020-01-01T00:00Z", set_by="t"
    )
    delivery = loaded(archive((SHEET, os.urandom(2 * MEGABYTE))), f"erp_org_{day()}.xlsx", "erp")
    assert delivery.refusal["code"] == "too_large"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("organisation")
def test_a_bomb_sent_by_the_page_is_kept_sealed_and_never_unfolds_in_the_request() -> None:
    """The page only receives; unpacking is the worker's, behind the limits."""
    bomb = io.BytesIO(gzip.compress(bytes(50 * MEGABYTE)))
    bomb.name = f"KG_CUST_{day()}.txt"
    answer = log_in(Client(), HEAD).post("/intake/upload/", {"system": "kgc", "sent": bomb})
    assert answer.status_code == 200
    delivery = Delivery.objects.get()
    assert delivery.size == len(bomb.getvalue()) < MEGABYTE
    assert check(delivery.id, in_background=False).state == "refused"
