"""The second wall, read from the catalogue: what is protected, by what, and that nothing shows through (BARS A 19).

A new table fails here until it is walled, or named among the open ones with what it holds. So do a view that would
look with its owner's eyes, a function that runs as its owner, and a walled table without a row to prove its wall.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from django.db import connection

from hongyan.core import clock, jobs, scope
from hongyan.core.audit import SYSTEM
from hongyan.core.models import JobRun, OpenedAuditEvent
from hongyan.customer.models import Customer, IdentityModel, ModelPair, ResolutionCount, SourceParty
from hongyan.customer.tests.factory import (
    CONTACT_PHONE,
    ID,
    OTHER_PHONE,
    PHONE,
    Given,
    make_organisation,
    take,
)
from hongyan.ledger.codes import FactKind
from hongyan.ledger.tests.factory import book_rows
from hongyan.org.codes import Role
from hongyan.org.models import Place
from hongyan.org.queries.viewers import find_viewer
from tests.security.world import UNIT, Area, World, make_world, staff_no

pytestmark = pytest.mark.django_db

OPEN = {
    "consent_consenttext": "what customers agree to: texts of the house",
    "classes_classrun": "days and rules of classifications, how many were classified",
    "core_auditguard": "a key of the owner's own, which no working role may read",
    "core_calendarday": "the calendar",
    "core_calendaryear": "the calendar",
    "core_exceptionevent": "where the program failed: kinds, places, counts",
    "core_jobrun": "progress of jobs: names, numbers, no data",
    "core_numberseries": "the last number issued",
    "core_parametervalue": "parameters",
    "core_rate": "how often a token was used",
    "customer_identitymodel": "weights by which customers are compared, and figures of a training",
    "customer_layout": "how forms and panels are arranged: names of fields and headings",
    "customer_modeluse": "which model was asked for and in force, by whom, why",
    "desk_mail": "which message was sent to whom of the house's people by mail; no words, no address",
    "desk_noticesettings": "how one of the house's people wants to hear of things; the address sealed",
    "desk_notification": "who may read one is decided by its recipient; names numbers of things, never people",
    "desk_savedview": "names and filters, of which none may hold personal data",
    "integration_delivery": "files received: names, counts, sums",
    "integration_submission": "keys under which programs sent deliveries",
    "ledger_product": "products",
    "quality_qualityrun": "days and rules of scorings, how many were scored",
    "ledger_productfamily": "products",
    "ledger_sourceproduct": "products",
}
"""Tables without a wall, and what they hold instead of customers."""

OF_THE_HOUSE = ("org_", "integration_systemstate", "integration_sourcesystem")
"""Rooms whose tables say who works where, not who is a customer; their walled ones are walled all the same."""

FOREIGN_ID = "320102198001010016"
NOT_OURS = ("django_", "procrastinate_", "auth_")

FOR_THE_GROUP = {"core_auditseal", "ledger_factmove"}
"""Walled tables that no post in a scope sees anything of."""

FOR_NO_POST = {
    "classes_blacklistkey",
    "classes_classdue",
    "customer_candidatekey",
    "customer_relationkey",
    "customer_touchedcustomer",
    "customer_valuecount",
    "quality_qualitydue",
}
"""Walled tables that the role of bulk jobs alone may read."""

DEFINERS = {
    "core_drop_audit_month": "drops a month of the audit that is archived",
    "core_make_audit_months": "makes partitions of the audit ahead of time",
    "ledger_make_partitions": "makes partitions of facts ahead of time",
}
"""Functions that run as their owner, past every policy."""


def tables(condition: str) -> set[str]:
    """Our tables, partitions left out, that meet a condition of the catalogue."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            f" AND NOT relispartition AND ({condition})"
        )
        return {name for (name,) in cursor.fetchall() if not name.startswith(NOT_OURS)}


def rows(names: Iterable[str]) -> dict[str, int]:
    """Table → rows that the present role and scope show."""
    with connection.cursor() as cursor:
        counts = {}
        for name in sorted(names):
            cursor.execute(f'SELECT count(*) FROM "{name}"')
            counts[name] = cursor.fetchone()[0]
    return counts


WALLED = "relrowsecurity AND relforcerowsecurity"


def test_every_table_is_walled_or_named_with_what_it_holds() -> None:
    without = {name for name in tables(f"NOT ({WALLED})") if not name.startswith(OF_THE_HOUSE)}
    assert without == OPEN.keys()


def test_a_wall_has_one_policy_for_posts_in_a_scope_and_one_for_the_group() -> None:
    """And none that lets the application see everything."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename, roles::text[], qual FROM pg_policies"
            " WHERE schemaname = 'public' AND cmd IN ('ALL', 'SELECT')"
        )
        policies = cursor.fetchall()
    of_the_application = {table for table, roles, _ in policies if "hongyan_app" in roles}
    assert of_the_application == tables(WALLED) - FOR_THE_GROUP - FOR_NO_POST - READ_BY_ALL
    wide_open = {table for table, roles, qual in policies if "hongyan_app" in roles and qual == "true"}
    assert wide_open == set()
    assert {table for table, roles, _ in policies if "public" in roles} == READ_BY_ALL


def test_views_look_with_the_eyes_of_whoever_asks() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('v', 'm') AND NOT coalesce(reloptions, '{}') @> '{security_invoker=true}'"
        )
        assert cursor.fetchall() == []


def test_functions_that_run_as_their_owner_are_known() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, coalesce(proconfig::text, '') FROM pg_proc"
            " WHERE pronamespace = 'public'::regnamespace AND prosecdef AND proname NOT LIKE 'procrastinate%'"
        )
        found = dict(cursor.fetchall())
    assert found.keys() == DEFINERS.keys()
    assert all("search_path=public, pg_temp" in config for config in found.values())


@pytest.fixture
def world() -> World:
    """The world of the matrix, and in two of its areas what that leaves out: see `_add_what_is_rare`."""
    world = make_world()
    for area, id_no, phone in ((Area.OWN, ID, PHONE), (Area.FOREIGN, FOREIGN_ID, OTHER_PHONE)):
        _add_what_is_rare(area, id_no, phone)
    return world


def _add_what_is_rare(area: Area, id_no: str, phone: str) -> None:
    """A credential with a phone that changed, somebody else with the same one, an item of mail and its event; an act of
    an archived month that is laid open; what models and counts of resolution say of the area.
    """
    unit = UNIT[area]

    def person(key: str, name: str, **secrets: str) -> Given:
        fields = {"credential_type": "01"}
        secrets = {"credential_no": id_no, **secrets}
        return Given(name, f"{key}{area.name}", unit=unit, manager="", secrets=secrets, fields=fields)

    take(person("A", "张晓丽", mobile=phone))
    take(person("A", "张晓丽", mobile=CONTACT_PHONE))
    take(person("B", "王建国"))
    with scope.bulk():
        OpenedAuditEvent.objects.create(
            id=list(Area).index(area), at=clock.now(), actor="x", act="customer.open", subject_kind="customer",
            subject="y", result="done", mac=b"", org_no=Place.objects.get(unit__code=unit).lo,
            month=clock.business_date(), until=clock.now(),
        )  # fmt: skip
        _measure(area, Place.objects.get(unit__code=unit).lo)
    number = f"EB00071761{list(Area).index(area)}HK"
    book_rows(
        FactKind.MAIL_ITEM,
        {"number": number, "key": f"A{area.name}", "unit_code": unit},
        system="kgc",
        line="02",
    )
    book_rows(
        FactKind.MAIL_EVENT, {"number": number, "code": "01", "unit_code": unit}, system="kgc", line="02"
    )


def _measure(area: Area, org_no: int) -> None:
    """A pair by which models were compared, and how many customers the area has."""
    one, other = (SourceParty.objects.get(customer__name=f"{name}") for name in (f"王{area}", f"王{area}甲"))
    model, _ = IdentityModel.objects.get_or_create(
        party_type="P", version=1, defaults={"started_from": 0, "made_by": "x", "made_at": clock.now()}
    )
    ModelPair.objects.create(
        model=model, customer_id=one.customer_id, candidate_id=other.customer_id, party=one, other_party=other,
        before=80, after=95, band_before="review", band_after="join",
    )  # fmt: skip
    ResolutionCount.objects.create(
        org_no=org_no, party_type="P", measure="parties", key="", count=1, counted_at=clock.now()
    )


NO_ROW_IN_THE_WORLD = {"core_auditalert", "core_auditarchive", "core_auditseal", "ledger_factmove"}
"""Walled tables without a row in this world."""

READ_BY_ALL = {"core_auditarchive"}
"""Months of the audit that were put away, and their roots: no more than that is written there."""


def test_without_a_scope_every_walled_table_is_empty_and_with_one_it_shows_a_part(world: World) -> None:
    walled = tables(WALLED) - FOR_NO_POST
    with scope.bulk():
        stored = rows(walled)
    assert {table for table, count in stored.items() if not count} == NO_ROW_IN_THE_WORLD
    scope.enter(scope.NOTHING)
    assert {table: count for table, count in rows(walled).items() if count} == {}
    scope.enter(find_viewer(staff_no(Role.MANAGER)).scope)
    own = rows(walled)
    assert own["customer_customer"] == 7
    assert {table for table, count in own.items() if stored[table] and not 0 < count < stored[table]} == set()
    scope.enter(scope.EVERYTHING)
    assert rows(walled) == stored


@pytest.mark.django_db(transaction=True)
def test_a_job_sees_nothing_until_it_enters_a_scope_and_leaves_none_behind() -> None:
    """DESIGN 3: jobs carry a scope. One that forgot it reads nothing, also behind one that saw everything."""
    make_organisation()
    take(Given("王历下", "K1"))
    seen: list[int] = []

    def wide(_run: jobs.Run) -> None:
        with scope.acting(scope.EVERYTHING):
            seen.append(Customer.objects.count())

    def forgetful(_run: jobs.Run) -> None:
        seen.append(Customer.objects.count())

    for task in (forgetful, wide, forgetful):
        jobs._tasks["test"] = task
        run = JobRun.objects.create(task="test", created_by=SYSTEM.code, created_at=clock.now())
        jobs.carry_out("test", run.pk, {})
    del jobs._tasks["test"]
    assert seen == [0, 1, 0]
