"""Lists taken away as files: nothing in them is live; a large one waits for the county head (BARS A 13, A 28)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.http import HttpResponse, QueryDict
from django.test import Client

from hongyan.core import audit, clock, scope
from hongyan.core.models import AuditAlert, AuditEvent, OpenedAuditEvent
from hongyan.customer.models import SourceParty
from hongyan.customer.tests import factory as people
from hongyan.customer.tests.factory import Given
from hongyan.desk import exports
from hongyan.desk.codes import ExportFormat, ExportState
from hongyan.desk.exports import Found, Source, Value
from hongyan.desk.models import Notification
from hongyan.desk.tests.exporting import (
    ask,
    content_of,
    exported,
    last_export,
    lines_of,
    sheet_of,
    write_all,
)
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import DivisionLevel, Match, Right, Role, Viewer
from hongyan.org.models import (
    Approval,
    Division,
    LoginEvent,
    Place,
    Postcode,
    PostRequest,
    Reorganisation,
    Staff,
)
from hongyan.org.rights import PRIVILEGED, RIGHTS
from hongyan.org.tests.factory import post_row
from tests.security.world import make_world

pytestmark = pytest.mark.django_db

# --- nothing is live (BARS D: prefix ' on = + - @ tab CR, also full-width)

STARTS = [f"{before}{sign}" for sign in "=+-@＝＋－＠\t\r\n" for before in ("", " ", "\u3000")]
LISTS = {
    "alerts": "inspection", "applications": "verify", "approvals": "roster", "archived": "inspection",
    "audit": "inspection", "bank_intake": "verify", "blacklist": "verify", "cases": "verify", "class_moves": "verify",
    "customer_files": "verify", "customers": "verify", "deliveries": "verify",
    "divisions": "roster", "facts": "verify",
    "log-ins": "inspection", "post-requests": "roster", "postcodes": "roster", "quality": "verify",
    "quarantine": "verify",
    "reorganisations": "roster", "second_looks": "verify", "staff": "roster", "units": "roster", "unknown": "verify",
}  # fmt: skip
NARROWED = {"facts": "?unit=370102001", "divisions": "?q=370102"}
OF_THE_AUDIT = frozenset({"alerts", "archived", "audit", "log-ins"})


def _one_of_each() -> None:
    """An auditor of the group, and a row for each list that the world leaves empty."""
    with scope.bulk():
        take_in_posts([post_row("shen", "沈审计", "1000", Role.AUDITOR)], actor=audit.SYSTEM)
        top, now = Staff.objects.get(staff_no="top"), clock.now()
        place = Place.objects.get(unit__code="370102")
        PostRequest.objects.create(
            staff=top, role=Role.READER, place=place, valid_to=clock.business_date(), reason="x", maker=top,
            maker_post=top.posts.get(), requested_at=now,
        )  # fmt: skip
        Reorganisation.objects.create(
            tree="postal", unit_codes=["370102"], parent=place.parent.unit, effective_on=clock.business_date(),
            reason="x", maker=top, requested_at=now, preview={},
        )  # fmt: skip
        Division.objects.get_or_create(
            code="370102", defaults={"level": DivisionLevel.COUNTY, "name": "历下区", "is_standard": False}
        )
        Postcode.objects.create(
            postcode="250000", province="山东省", city="济南市", county="历下区", match=Match.NONE
        )
        SourceParty.objects.create(
            system="yy", key="nobody", party_type="P", first_seen_at=now, last_seen_at=now
        )
        LoginEvent.objects.create(
            at=now, staff=top, outcome=LoginEvent.Outcome.values[0], address="127.0.0.1"
        )
        OpenedAuditEvent.objects.create(
            id=1, at=now, actor="x", act="customer.open", subject_kind="customer", subject="y", result="done",
            mac=b"", month=now.date(), until=now + timedelta(days=1),
        )  # fmt: skip
    with scope.acting(scope.EVERYTHING):
        AuditAlert.objects.create(
            raised_at=now, actor="x", actor_name="某", org_no=1, since=now, until=now, count=1000
        )


def test_every_registered_list_is_tried_here() -> None:
    """All tables of rows; what a source writes by itself is tried where it is made (`test_person_file`)."""
    assert [source.key for source in exports.sources() if source.write is None] == list(LISTS)


@pytest.mark.parametrize("file_format", [ExportFormat.XLSX, ExportFormat.CSV])
def test_no_cell_of_any_list_is_live(file_format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every column of every list, its name too, led by every way to begin a formula."""
    make_world()
    _one_of_each()
    live = []
    for key, purpose in LISTS.items():
        monkeypatch.setitem(exports._sources, key, _hostile(exports._sources[key]))
        client = people.log_in(Client(), "shen") if key in OF_THE_AUDIT else people.log_in(Client(), "top")
        answer = ask(
            client, key, NARROWED.get(key, ""), purpose=purpose, file_format=file_format, note="=1+1"
        )
        assert answer.status_code == 302, key
        write_all()
        cells = _texts(client.get(f"{answer['Location']}file/"), file_format)
        assert sum("1+1" in cell for cell in cells) > len(STARTS), key
        live += [(key, cell) for cell in cells if _is_live(cell)]
    assert live == []


def _hostile(source: Source) -> Source:
    """The list with each of its columns once for every start; what stood there follows it."""

    def read(viewer: Viewer, query: QueryDict) -> Found:
        found = source.read(viewer, query)
        columns = [
            (f"{start}1+1 {label}", partial(_led, start, value))
            for label, value in found.columns
            for start in STARTS
        ]
        return replace(found, columns=columns)

    return replace(source, read=read)


def _led(start: str, value: Value, row: Any) -> str:
    return f"{start}1+1 {value(row)}"


def _texts(answer: HttpResponse, file_format: str) -> list[str]:
    if file_format == ExportFormat.CSV:
        return [cell for line in lines_of(answer) for cell in line]
    return [text for row in sheet_of(content_of(answer)) for _kind, text in row]


def _is_live(cell: str) -> bool:
    """Whether a spreadsheet that is given this text by a paste, or as CSV, would calculate."""
    return cell[:1] in {"\t", "\r", "\n"} or cell.lstrip()[:1] in set("=+-@＝＋－＠")


# --- the house's own lists: by right, only what is in scope


def test_staff_and_units_leave_only_from_ones_own_scope(county: Client) -> None:
    rows = exported(county, "staff", purpose="roster")
    assert {row["工号"] for row in rows} == {people.ZHANG, people.WANG, ASKING}
    assert {row["手机"] for row in rows} == {"", "138****5678"}
    units = exported(county, "units", purpose="roster")
    assert {row["机构编码"] for row in units} == {"370102", "370102001", "370102002"}
    assert exported(county, "units", "?q=370102001", purpose="roster")[0]["上级机构"]


def test_approvals_leave_as_far_as_they_concern_one(outlet: Client, county: Client) -> None:
    people.take(*(Given(f"周客{number:05}", f"N{number}") for number in range(MANY)))
    ask(outlet, "customers", "?q=周客")
    assert [row["申请人"] for row in exported(county, "approvals", "?box=todo", purpose="review")] == [
        "陈所长"
    ]
    assert ask(county, "approvals", "?box=mine", purpose="review").status_code == 422


@pytest.mark.parametrize(
    "key", ["staff", "units", "approvals", "divisions", "deliveries", "log-ins", "archived"]
)
def test_without_the_right_no_list_leaves(key: str, town: None) -> None:
    zhang = people.log_in(Client(), people.ZHANG)
    assert zhang.get(f"/exports/new/{key}/").status_code == 403
    assert ask(zhang, key, purpose="roster").status_code == 403


# --- customers: whose, masked, by whose leave

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
ASKING = "chen"
MANY = 1_001


@pytest.fixture
def town() -> Iterator[None]:
    with clock.frozen(NOW):
        people.make_town()
        with scope.bulk():
            posts = [
                post_row(ASKING, "陈所长", people.LIXIA_OUTLET, Role.OUTLET_HEAD),
                post_row("shen", "沈审计", "3700", Role.AUDITOR),
            ]
            take_in_posts(posts, actor=audit.SYSTEM)
        yield


@pytest.fixture
def outlet(town: None) -> Client:
    """The head of an outlet in 历下, who asks."""
    return people.log_in(Client(), ASKING)


@pytest.fixture
def county(town: None) -> Client:
    """The head of 历下, who decides."""
    return people.log_in(Client(), people.WANG)


def test_who_may_export_customers_needs_a_second_factor() -> None:
    may = {role for role, rights in RIGHTS.items() if Right.CUSTOMER_EXPORT in rights}
    assert may == {
        Role.GROUP_ADMIN, Role.PROVINCE_ADMIN, Role.CITY_ADMIN, Role.COUNTY_HEAD, Role.OUTLET_HEAD, Role.STEWARD
    }  # fmt: skip
    assert Right.CUSTOMER_EXPORT in PRIVILEGED


def test_customers_leave_masked_and_only_ones_own(outlet: Client) -> None:
    rows = exported(outlet, "customers")
    assert [row["名称"] for row in rows] == ["济南市鼎盛食品有限公司", "王小明"]
    assert (rows[1]["手机"], rows[1]["证件号码"]) == ("138****5678", "1101**********002X")
    assert rows[1]["板块"] == "邮务"
    told = str(rows)
    assert not [secret for secret in people.SECRETS if secret in told]
    assert "王小丽" not in told


def test_an_export_that_nobody_in_scope_matches_leaves_nothing(outlet: Client) -> None:
    assert ask(outlet, "customers", "?q=王小丽").status_code == 422


def test_the_order_and_conditions_are_the_lists(outlet: Client) -> None:
    assert [row["名称"] for row in exported(outlet, "customers", "?sort=-name")] == [
        "王小明",
        "济南市鼎盛食品有限公司",
    ]
    assert [row["名称"] for row in exported(outlet, "customers", "?type=P")] == ["王小明"]


def test_a_thousand_customers_wait_for_the_county_head(outlet: Client, county: Client) -> None:
    """Acceptance 5: it waits; he approves; the file carries the watermark and no live formula; those who watch hear."""
    people.take(*(Given(f"周客{number:05}", f"N{number}") for number in range(MANY)))
    asked = ask(outlet, "customers", "?q=周客", file_format="xlsx", note="县局客户清单核对")
    write_all()
    assert last_export().state == ExportState.WAITING
    assert outlet.get(f"{asked['Location']}file/").status_code == 404

    inbox = county.get("/approvals/").content.decode()
    approval = Approval.objects.get()
    assert f"/approvals/{approval.pk}/" in inbox
    facts = county.get(f"/approvals/{approval.pk}/").content.decode()
    assert all(text in facts for text in ("客户", f"{MANY:,}", "信息核实", "县局客户清单核对", "陈所长"))
    county.post(f"/approvals/{approval.pk}/decide/", {"verdict": "approve", "version": approval.version})
    assert last_export().state == ExportState.QUEUED
    write_all()

    sheet = sheet_of(content_of(outlet.get(f"{asked['Location']}file/")))
    watermark = sheet[0][0][1]
    assert all(
        text in watermark
        for text in (
            last_export().number,
            "陈所长",
            ASKING,
            "2026-11-22 12:00",
            "信息核实",
            "县局客户清单核对",
        )
    )
    assert len(sheet) == MANY + 2
    assert not [text for row in sheet for _kind, text in row if _is_live(text)]
    assert Notification.objects.filter(recipient="shen", kind="export.large").count() == 1
    with scope.bulk():
        acts = AuditEvent.objects.filter(act__startswith="export.").order_by("id").values_list("act", "count")
        assert list(acts) == [
            ("export.requested", MANY),
            ("export.written", MANY),
            ("export.downloaded", MANY),
        ]
