"""A county moves to another city: who sees what before and after, and that neither facts nor audit are touched.

The walls move in one transaction: a kill leaves everything as it was, and the job starts again (DESIGN 3, BARS C 3).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from time import sleep
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from hongyan.cli.org import org
from hongyan.core import clock, jobs, scope
from hongyan.core.models import AuditEvent, JobRun, ParameterValue
from hongyan.customer.actions.take_in import hold_identity
from hongyan.customer.models import Customer
from hongyan.customer.tests.factory import (
    HEAD,
    HUAIYIN_OUTLET,
    LI,
    SUN,
    TESTER,
    WANG,
    ZHANG,
    Given,
    log_in,
    make_town,
    take,
    viewer,
)
from hongyan.integration.tests.factory import customer, day, kgc_file, loaded
from hongyan.ledger.codes import FactKind
from hongyan.ledger.tests.factory import book_rows, sell
from hongyan.org import numbered
from hongyan.org.actions import reorganise
from hongyan.org.actions.take_in import take_in_posts, take_in_units
from hongyan.org.codes import Level, ReorganisationState, Role
from hongyan.org.models import Approval, Place, Reorganisation, Unit
from hongyan.org.tests.factory import post_row, unit_row
from hongyan.org.tests.killing import move_and_die

COUNTY, OLD_CITY, NEW_CITY = "370104", "3701", "3702"
GAO, QING, XI = "gao", "qing", "xi"
LILI, MING = "王小丽", "王小明"
BAD_ID = "110105194912310021"

UNTOUCHED = ("ledger_", "core_auditevent", "core_auditseal", "customer_sourcerecord", "customer_link")
"""What a reorganisation leaves as it is, byte for byte: facts, audit, what the systems said, who is who."""


def make_world() -> None:
    """The town, a second city, an administrator for each city, one for the system; facts, and a row in quarantine."""
    make_town()
    with scope.bulk():
        take_in_units([unit_row(NEW_CITY, "青岛市分公司", Level.CITY, "3700")], actor=TESTER)
        people = ((GAO, "高市", OLD_CITY, Role.CITY_ADMIN), (QING, "青市", NEW_CITY, Role.CITY_ADMIN))
        system = (XI, "奚系统", "1000", Role.SYSTEM_ADMIN)
        take_in_posts([post_row(*person) for person in (*people, system)], actor=TESTER)
    book_rows(FactKind.TRANSACTION, sell("S1", "7.00", "K4", unit_code=HUAIYIN_OUTLET))
    bad = customer(2, 归属机构代码=HUAIYIN_OUTLET, 证件类型="1", 证件号码=BAD_ID)
    loaded(kgc_file([bad, *(customer(number) for number in range(10, 50))]), f"KG_CUST_{day()}.txt")


@pytest.fixture
def world(db: None) -> None:
    make_world()


def sent(**changes: object) -> dict[str, object]:
    on = clock.business_date().isoformat()
    return {
        "tree": "postal", "units": COUNTY, "parent": NEW_CITY, "effective_on": on, "reason": "文件 12 号", **changes,
    }  # fmt: skip


def ask(client: Client, **changes: object) -> HttpResponse:
    return client.post("/organisation/moves/new/", sent(confirm="1", **changes))


def approve(client: Client) -> HttpResponse:
    with scope.bulk():
        approval = Approval.objects.latest("pk")
    return client.post(
        f"/approvals/{approval.pk}/decide/", {"verdict": "approve", "version": approval.version, "reason": ""}
    )


def requested() -> Reorganisation:
    """A move that was asked for and approved through the doors, not carried out yet."""
    assert ask(log_in(Client(), HEAD)).status_code == 302
    assert approve(log_in(Client(), XI)).status_code == 302
    return Reorganisation.objects.get()


def run(row: Reorganisation) -> JobRun:
    """What the worker does with the job that approval started."""
    assert row.run_id is not None
    jobs.carry_out(reorganise.TASK, row.run_id, {"reorganisation_id": row.pk})
    return JobRun.objects.get(pk=row.run_id)


def seen(staff_no: str) -> set[str]:
    """Names on the list of customers, and what the database itself shows: both have to agree."""
    page = log_in(Client(), staff_no).get("/customers/").content.decode()
    with scope.acting(viewer(staff_no).scope):
        in_database = set(Customer.objects.values_list("name", flat=True))
    listed = {name for name in (LILI, MING) if name in page}
    assert listed == in_database & {LILI, MING}
    return listed


def found(staff_no: str, text: str = LILI) -> bool:
    """Whether a search by name finds a customer."""
    answer = log_in(Client(), staff_no).post("/search/suggestions/", {"q": text})
    return any(text == item.title for group in answer.context["groups"] for item in group.items)


def digest(tables: tuple[str, ...] = ("",), *, upto: int | None = None) -> Mapping[str, Any]:
    """Table → a hash of its rows, of tables whose names begin so; of the audit only rows up to a number."""
    with scope.bulk(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            " AND NOT relispartition AND has_table_privilege(oid, 'SELECT')"
        )
        names = [name for (name,) in cursor.fetchall() if name.startswith(tables)]
        digests = {}
        for name in names:
            until = f"WHERE id <= {upto}" if name == "core_auditevent" and upto is not None else ""
            cursor.execute(
                f"SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM {name} t {until}"
            )
            digests[name] = cursor.fetchone()
    return digests


def last_event() -> int:
    with scope.bulk():
        return AuditEvent.objects.latest("id").pk


@pytest.mark.usefixtures("world")
def test_scope_follows_at_every_level_and_facts_and_audit_stay() -> None:
    everybody = (LI, ZHANG, WANG, GAO, QING, SUN, HEAD)
    before = {staff_no: seen(staff_no) for staff_no in everybody}
    assert before == {
        LI: {LILI}, ZHANG: {MING}, WANG: {MING}, GAO: {LILI, MING}, QING: set(), SUN: {LILI, MING}, HEAD: {LILI, MING},
    }  # fmt: skip
    row = requested()
    event = last_event()
    untouched = digest(UNTOUCHED, upto=event)
    assert run(row).state == JobRun.State.DONE
    assert {staff_no: seen(staff_no) for staff_no in everybody} == {**before, GAO: {MING}, QING: {LILI}}
    assert {staff_no: found(staff_no) for staff_no in (LI, GAO, QING, SUN)} == {
        LI: True, GAO: False, QING: True, SUN: True,
    }  # fmt: skip
    assert digest(UNTOUCHED, upto=event) == untouched
    row.refresh_from_db()
    assert (row.state, row.result["units"]) == (ReorganisationState.DONE, 2)


@pytest.mark.usefixtures("world")
def test_what_was_foreseen_is_what_happens() -> None:
    row = requested()
    assert (row.preview["units"], row.preview["staff"]) == (2, 1)
    assert row.preview["agreed"]["parameters"] == []
    run(row)
    row.refresh_from_db()
    assert row.result["rows"] == row.preview["rows"]
    assert set(row.result["rows"]) == {one.table for one in numbered.tables()}
    assert (
        min(row.result["rows"][table] for table in ("customer_customerscope", "integration_quarantinedrow"))
        > 0
    )
    reach = {(one["unit"], one["gains"]) for one in row.preview["reach"]}
    assert reach == {(OLD_CITY, False), (NEW_CITY, True)}


@pytest.mark.usefixtures("world")
def test_the_preview_names_what_changes_and_writes_nothing() -> None:
    with scope.bulk():
        city = Unit.objects.get(code=NEW_CITY)
        ParameterValue.objects.create(
            key="org.delegation_days", value=7, unit_id=city.pk, effective_from=clock.business_date(),
            set_at=clock.now(), set_by=HEAD,
        )  # fmt: skip
    head = log_in(Client(), HEAD)
    before = digest()
    answer = head.post("/organisation/moves/new/", sent())
    page = answer.content.decode()
    assert answer.status_code == 200
    assert all(
        text in page for text in ("将不再看到调整的机构", "将能看到调整的机构", "代理最长多少天", "提交审批")
    )
    changed = {table for table, value in digest().items() if before[table] != value}
    assert changed <= {"django_session"}


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"units": "9999"}, "没有 9999"),
        ({"parent": "9999"}, "没有 9999"),
        ({"units": "1000"}, "是最上级机构"),
        ({"units": "3700", "parent": OLD_CITY}, "不能调整到自己或自己的下级机构"),
        ({"parent": "370102"}, "层级必须低于"),
        ({"parent": OLD_CITY}, "已在这个上级机构"),
        ({"units": f"{COUNTY} {HUAIYIN_OUTLET}"}, "随它的上级机构一起调整"),
        ({"effective_on": "2001-01-01"}, "不能早于今天"),
    ],
)
def test_a_move_that_cannot_be_is_refused_in_words(changes: dict[str, object], told: str) -> None:
    answer = ask(log_in(Client(), HEAD), **changes)
    assert (answer.status_code, told in answer.content.decode()) == (422, True)
    assert Reorganisation.objects.count() == 0


@pytest.mark.usefixtures("world")
def test_it_takes_the_top_of_the_group_and_a_second_person() -> None:
    assert ask(log_in(Client(), SUN)).status_code == 403
    with scope.bulk():
        take_in_posts([post_row("ping", "平系统", "3700", Role.SYSTEM_ADMIN)], actor=TESTER)
    assert ask(log_in(Client(), "ping")).status_code == 403
    assert Reorganisation.objects.count() == 0
    head = log_in(Client(), HEAD)
    assert ask(head).status_code == 302
    assert approve(head).status_code == 403
    assert Reorganisation.objects.get().state == ReorganisationState.PENDING


@pytest.mark.usefixtures("world")
def test_it_waits_for_its_day() -> None:
    day_after = clock.business_date() + timedelta(days=2)
    assert ask(log_in(Client(), HEAD), effective_on=day_after.isoformat()).status_code == 302
    assert approve(log_in(Client(), XI)).status_code == 302
    row = Reorganisation.objects.get()
    assert (row.state, row.run_id, reorganise.start_due()) == (ReorganisationState.WAITING, None, 0)
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert (reorganise.start_due(), reorganise.start_due()) == (1, 0)


@pytest.mark.usefixtures("world")
def test_what_is_no_longer_possible_on_its_day_is_said_and_nothing_moves() -> None:
    row = requested()
    with scope.bulk():
        take_in_units([_county_in(NEW_CITY)], actor=TESTER)
    places = list(Place.objects.order_by("pk").values())
    run(row)
    row.refresh_from_db()
    assert row.state == ReorganisationState.FAILED
    assert "已在这个上级机构" in row.result["refused"]
    assert list(Place.objects.order_by("pk").values()) == places


def _new_outlet() -> None:
    take_in_units([unit_row("370104009", "新开支局", Level.OUTLET, COUNTY)], actor=TESTER)


def _other_city_above() -> None:
    take_in_units([unit_row("3799", "大区", Level.PROVINCE, "1000")], actor=TESTER)
    take_in_units([unit_row(NEW_CITY, "青岛市分公司", Level.CITY, "3799")], actor=TESTER)


def _parameter_of_the_city() -> None:
    ParameterValue.objects.create(
        key="org.delegation_days", value=7, unit_id=Unit.objects.get(code=NEW_CITY).pk,
        effective_from=clock.business_date(), set_at=clock.now(), set_by=HEAD,
    )  # fmt: skip


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("happens", "told"),
    [
        (_new_outlet, "预览以后多了：新开支局"),
        (_other_city_above, "将能看到它们的上级机构变了"),
        (_parameter_of_the_city, "因调整而变化的参数取值变了"),
    ],
)
def test_what_is_no_longer_what_was_approved_stops_and_says_so(
    happens: Callable[[], None], told: str
) -> None:
    """ADR 0023: nobody agreed to what stands there now."""
    row = requested()
    with scope.bulk():
        happens()
    places = list(Place.objects.order_by("pk").values())
    run(row)
    row.refresh_from_db()
    assert row.state == ReorganisationState.STALE
    assert list(Place.objects.order_by("pk").values()) == places
    head = log_in(Client(), HEAD)
    page = head.get(f"/organisation/moves/{row.pk}/").content.decode()
    assert told in page
    assert "请重新预览并提交审批" in page
    assert ask(head).status_code == 302
    assert approve(log_in(Client(), XI)).status_code == 302
    again = Reorganisation.objects.latest("pk")
    assert run(again).state == JobRun.State.DONE
    again.refresh_from_db()
    assert again.state == ReorganisationState.DONE


@pytest.mark.usefixtures("world")
def test_lists_name_the_units_that_would_move() -> None:
    """By name in the inbox of whoever decides and among the moves; a code says nothing to them (issue 4)."""
    head = log_in(Client(), HEAD)
    ask(head)
    with scope.bulk():
        county, city = (str(Unit.objects.get(code=code)) for code in (COUNTY, NEW_CITY))
    inbox = log_in(Client(), XI).get("/approvals/").content.decode()
    assert f"{county} → {city}，{clock.business_date()} 起" in inbox
    assert f">{county}</a>" in head.get("/organisation/moves/").content.decode()


@pytest.mark.usefixtures("world")
def test_people_and_customers_may_come_and_go_till_the_day() -> None:
    row = requested()
    with scope.bulk():
        take_in_posts([post_row("new1", "新一", HUAIYIN_OUTLET, Role.MANAGER)], actor=TESTER)
    take(Given("王新来", "K9", unit=HUAIYIN_OUTLET, manager=LI))
    run(row)
    row.refresh_from_db()
    assert row.state == ReorganisationState.DONE


@pytest.mark.usefixtures("world")
def test_a_file_that_knows_no_better_does_not_move_it_back() -> None:
    run(requested())
    place = Place.objects.get(unit__code=COUNTY)
    with scope.bulk():
        take_in_units([_county_in(OLD_CITY)], actor=TESTER)
    assert Place.objects.get(unit__code=COUNTY).parent.unit.code == NEW_CITY
    assert Place.objects.get(unit__code=COUNTY).lo == place.lo
    with scope.bulk():  # the source has caught up, and rules again
        take_in_units([_county_in(NEW_CITY)], actor=TESTER)
        take_in_units([_county_in(OLD_CITY)], actor=TESTER)
    assert Place.objects.get(unit__code=COUNTY).parent.unit.code == OLD_CITY


@pytest.mark.usefixtures("world")
def test_the_command_foresees_and_asks() -> None:
    given = [COUNTY, "--to", NEW_CITY, "--as", HEAD, "--json"]
    foreseen = CliRunner().invoke(org, ["move", *given])
    assert (foreseen.exit_code, '"units": 2' in foreseen.output) == (0, True)
    assert Reorganisation.objects.count() == 0
    asked = CliRunner().invoke(org, ["move", *given, "--reason", "文件 12 号"])
    assert (asked.exit_code, Reorganisation.objects.get().state) == (0, ReorganisationState.PENDING)
    assert CliRunner().invoke(org, ["move", *given[:-3], "--as", SUN]).exit_code == 1


@pytest.mark.django_db(transaction=True)
def test_a_kill_in_the_middle_leaves_everything_and_the_job_starts_again(owner_dsn: str) -> None:
    make_world()
    row = requested()
    before = digest()
    assert move_and_die(row.pk, owner_dsn=owner_dsn) == -9
    assert digest() == before
    run(row)
    row.refresh_from_db()
    assert row.state == ReorganisationState.DONE
    assert (seen(GAO), seen(QING)) == ({MING}, {LILI})
    once = digest()
    assert reorganise.carry_out(row.pk) == row.result
    assert digest() == once


@pytest.mark.django_db(transaction=True)
def test_customers_who_are_taken_in_at_that_moment_follow_too() -> None:
    """Their rows carry the number that was read before; the job waits for them, and moves them with the others."""
    make_world()
    row = requested()
    wrote, go_on = Event(), Event()

    def take_in_slowly() -> None:
        with transaction.atomic():
            hold_identity()
            take(Given("王新来", "K9", unit=HUAIYIN_OUTLET, manager=LI))
            wrote.set()
            assert go_on.wait(10)
        connection.close()

    def move() -> None:
        reorganise.carry_out(row.pk)
        connection.close()

    with ThreadPoolExecutor(2) as pool:
        taking = pool.submit(take_in_slowly)
        assert wrote.wait(10)
        moving = pool.submit(move)
        sleep(0.5)
        assert not moving.done()
        go_on.set()
        taking.result(10)
        moving.result(10)
    with scope.acting(viewer(QING).scope):
        assert set(Customer.objects.values_list("name", flat=True)) == {LILI, "王新来"}


@pytest.mark.django_db
def test_every_table_with_a_units_number_follows_or_is_known_to_stay() -> None:
    """A new table with `org_no` fails here until its room declares it, or it is named as one that stays."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
            " WHERE a.attname = 'org_no' AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
            " AND c.relnamespace = 'public'::regnamespace"
        )
        carrying = {name for (name,) in cursor.fetchall()}
    assert carrying - STAY == {one.table for one in numbered.tables()}


STAY = {"core_auditevent", "core_openedauditevent", "core_auditalert"}
"""The audit, and what was noticed in it, keep the numbers they were written under (DESIGN 3)."""


def _county_in(city: str) -> Any:
    return unit_row(COUNTY, "槐荫县分公司", Level.COUNTY, city)
