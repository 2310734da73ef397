"""Four areas seen from one county: its own, the next county, the city above, another province; the same in each.

Every post of the matrix stands at the county 370102. What lies in an area bears its mark, so that a page which shows
what it must not is found by reading it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from io import BytesIO

from django.db import connection
from django.test import Client

from hongyan.classes.codes import RunState
from hongyan.classes.models import (
    BlacklistEntry,
    BlacklistKey,
    ClassCount,
    ClassDue,
    ClassMove,
    ClassRun,
    CustomerClass,
    CustomerTag,
    Tag,
)
from hongyan.classes.queries.rules import rules_of
from hongyan.consent.actions.silences import silence
from hongyan.consent.actions.texts import publish_text
from hongyan.consent.actions.words import give, withdraw
from hongyan.consent.models import PersonRequest
from hongyan.core import audit, clock, scope, vault
from hongyan.core.bulk import next_ids
from hongyan.core.sealed import uuid_for
from hongyan.customer.actions.keep_contact import add_contact
from hongyan.customer.actions.merge import merge
from hongyan.customer.codes import Kind, PartyType, RelationSource, RelationState, RelationType, Upper
from hongyan.customer.models import (
    Assistant,
    CaseBatch,
    CaseRow,
    Correction,
    Customer,
    CustomerMark,
    Entry,
    Freeze,
    Ownership,
    Relation,
    ReviewCase,
    SecondLook,
    Share,
    SourceParty,
    SourceRecord,
)
from hongyan.customer.parameters import NEW_AT_ONCE
from hongyan.customer.queries.records import find_customer
from hongyan.customer.records import subject_of
from hongyan.customer.rules.entering import Entered
from hongyan.customer.rules.merging import Choices
from hongyan.customer.tests.cases import make_case, set_value
from hongyan.customer.tests.factory import Given, log_in, state_purposes, take
from hongyan.desk.actions.files import Brought, Said, add_files
from hongyan.desk.actions.saved_views import create_view
from hongyan.desk.models import (
    Follow,
    MassItem,
    MassRun,
    Note,
    NoteVersion,
    SavedView,
    Shortcut,
    Task,
    TaskStep,
    WorkItem,
)
from hongyan.desk.tests.exporting import ask_for_export, schedule_customers
from hongyan.integration.models import CustomerImport, Delivery, LeftOutRow, QuarantinedRow
from hongyan.integration.tests.factory import customer, day, kgc_file, loaded
from hongyan.ledger.actions.bank_intake import follow_delivery
from hongyan.ledger.codes import FactKind
from hongyan.ledger.tests.factory import book_rows, hold, sell
from hongyan.lifecycle.actions.payload import sealed_of, uuid_of
from hongyan.lifecycle.models import Application, Inquiry
from hongyan.org.actions.api_tokens import make_api_token
from hongyan.org.actions.approvals import submit
from hongyan.org.actions.take_in import take_in_posts, take_in_units
from hongyan.org.codes import Level, Risk, Role, Viewer
from hongyan.org.models import Place
from hongyan.org.queries.viewers import find_viewer
from hongyan.org.tests.approvals import SAMPLE
from hongyan.org.tests.factory import post_row, unit_row
from hongyan.ownership.models import Belonging, Transfer, TransferItem
from hongyan.quality.models import (
    Campaign,
    CampaignTask,
    CustomerQuality,
    Diligence,
    QualityCount,
    QualityDue,
    QualityRun,
)

COUNTY = "370102"
BAD_ID = "110105194912310021"


class Area(StrEnum):
    """Where something lies, seen from the county; the value is its mark."""

    OWN = "本县"
    SIBLING = "邻县"
    PARENT = "上级"
    FOREIGN = "外省"


UNIT = {Area.OWN: "370102001", Area.SIBLING: "370104001", Area.PARENT: "3701", Area.FOREIGN: "320102001"}
_UNITS = (
    ("1000", "中国邮政集团", Level.GROUP, ""),
    ("3700", "山东省分公司", Level.PROVINCE, "1000"),
    ("3200", "江苏省分公司", Level.PROVINCE, "1000"),
    ("3701", "济南市分公司", Level.CITY, "3700"),
    ("3201", "南京市分公司", Level.CITY, "3200"),
    (COUNTY, "历下县分公司", Level.COUNTY, "3701"),
    ("370104", "槐荫县分公司", Level.COUNTY, "3701"),
    ("320102", "玄武县分公司", Level.COUNTY, "3201"),
    ("370102001", "泉城路支局", Level.OUTLET, COUNTY),
    ("370104001", "经十路支局", Level.OUTLET, "370104"),
    ("320102001", "中山路支局", Level.OUTLET, "320102"),
)


@dataclass(frozen=True, slots=True)
class Things:
    """What lies in one area, as addresses name it."""

    customer: str
    other: str
    merge: int
    relation: int
    declared: int
    contacts: int
    unit: str
    staff: str
    post: int
    row: int
    event: int
    fact: str
    view: int
    approval: int
    export: int
    schedule: int
    case: int
    look: int
    silence: int
    block: int
    tag: int
    mass: int
    transfer: int
    assistant: int
    share: int
    note: int
    file: int
    task: int
    item: int
    belonging: int
    banked: str
    application: int
    request: int
    campaign: int
    running: int
    brought: str


@dataclass(frozen=True, slots=True)
class World:
    """The four areas, and the number of a delivery whose rows are of all of them."""

    things: dict[Area, Things]
    delivery: str


def staff_no(role: Role) -> str:
    """The person who holds a role at the county."""
    return f"post{list(Role).index(role):02}"


def make_world() -> World:
    """Units, a person for each role, and in each area: staff, customers, facts, a bad row, an audited act, a view, an
    export, a scheduled report, and a request for approval, whose kind has to be declared.
    """
    set_value(
        NEW_AT_ONCE, value=True
    )  # so that the doors that enter somebody are open to whoever has the right
    with scope.bulk():
        take_in_units([unit_row(*unit, row=row) for row, unit in enumerate(_UNITS, 2)], actor=audit.SYSTEM)
        at_county = [post_row(staff_no(role), f"岗{role.value}", COUNTY, role) for role in Role]
        in_areas = [post_row(_staff(area), f"员{area}", UNIT[area], Role.MANAGER) for area in Area]
        top = post_row("top", "集团负责人", "1000", Role.GROUP_ADMIN)  # checks what no head below can
        take_in_posts([*at_county, *in_areas, top], actor=audit.SYSTEM)
    _customers()
    _text()
    delivery = loaded(
        kgc_file([_bad_row(number, area) for number, area in enumerate(Area, 2)]), f"KG_CUST_{day()}.txt"
    )
    with scope.bulk():
        for area in Area:  # families do not stop at the borders of units
            if area != Area.OWN:
                _related(f"王{Area.OWN}", f"王{area}")
    return World({area: _things(area) for area in Area}, delivery.number)


def browser(role: Role, world: World) -> Client:
    """A browser in which the county's holder of a role is logged in, with a purpose for every customer there is."""
    customers = (code for things in world.things.values() for code in (things.customer, things.banked))
    return state_purposes(log_in(Client(), staff_no(role)), *customers)


def caller(role: Role) -> Client:
    """A program that holds a token of that post."""
    viewer = find_viewer(staff_no(role))
    with scope.acting(viewer.scope):
        _, text = make_api_token(viewer, name="matrix")
    return Client(headers={"Authorization": f"Bearer {text}"})


def state() -> dict[str, tuple[int, int]]:
    """Table → (rows, a hash of them), of all tables but those that a refused attempt may write to."""
    with scope.bulk(), connection.cursor() as cursor:
        cursor.execute(_TABLES)
        parts = [
            f"SELECT '{name}', count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM {name} t"
            for (name,) in cursor.fetchall()
        ]
        cursor.execute(" UNION ALL ".join(parts))
        return {name: (rows, int(total)) for name, rows, total in cursor.fetchall()}


_TABLES = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname !~ '^(django_|procrastinate_|auth_)'
  AND relname NOT IN ('core_auditevent', 'core_exceptionevent', 'core_rate', 'org_apitoken', 'org_loginevent')
  AND has_table_privilege(oid, 'SELECT')
"""


def _staff(area: Area) -> str:
    return f"in-{area.name.lower()}"


def _customers() -> None:
    take(*(Given(f"王{area}", area.name, system="yy", unit=UNIT[area], manager="") for area in Area))
    take(*(Given(f"王{area}甲", f"{area.name}2", system="yy", unit=UNIT[area], manager="") for area in Area))
    take(*(_walk_in(f"{first}{area}", f"{area.name}{first}", area) for area in Area for first in "并合"))
    bank = [
        Given(
            f"储{area}",
            f"B{area.name}",
            system="psb",
            line="03",
            kind=Kind.FINANCIAL,
            unit=UNIT[area],
            manager="",
        )  # type: ignore[arg-type]
        for area in Area
    ]
    take(*bank)
    for area in Area:
        book_rows(FactKind.TRANSACTION, sell(f"SALE-{area}", "7.00", area.name, unit_code=UNIT[area]))
        account = f"62170000{list(Area).index(area):08}"
        hold(account, f"B{area.name}")
        book_rows(FactKind.BALANCE, {"account": account, "amount": "20000.00"}, system="psb", line="03")
    with scope.bulk():
        follow_delivery(1)


def _text() -> None:
    """What customers of all areas agree to."""
    top = find_viewer("top")
    with scope.acting(top.scope):
        publish_text(
            top,
            purpose="marketing",
            basis="consent",
            text="我同意",
            text_en="I agree",
            valid_from=clock.business_date(),
        )


def _walk_in(name: str, key: str, area: Area) -> Given:
    return Given(name, key, system="jiyou", kind=Kind.REGISTERED, unit=UNIT[area], manager="")


def _merged(area: Area) -> int:
    """Two customers of an area, merged by the top under the name of the second."""
    top = find_viewer("top")
    with scope.acting(top.scope):
        one, other = (Customer.objects.get(name=f"{first}{area}") for first in "并合")
        choices = Choices(fields={"name": SourceParty.objects.get(customer=other).pk})
        return merge(top, one.code, other.code, reason=f"归并{area}", choices=choices).pk


def _related(name: str, other: str, *, is_declared: bool = False) -> int:
    """Two customers who live together, as far as the rules tell; or one who sends to the other, as somebody said."""
    parties = sorted(SourceParty.objects.get(customer__name=one).pk for one in (name, other))
    if is_declared:
        return Relation.objects.create(
            party_id=parties[0], other_party_id=parties[1], type=RelationType.CORRESPONDENCE, role="sender",
            upper=Upper.PARTY, source=RelationSource.DECLARED, state=RelationState.CONFIRMED, confidence=100,
            rule_version=0, since=clock.now(), reason=f"{name}寄给{other}",
        ).pk  # fmt: skip
    return Relation.objects.create(
        party_id=parties[0], other_party_id=parties[1], type=RelationType.FAMILY, role="household",
        source=RelationSource.DERIVED, state=RelationState.PROPOSED, confidence=80, evidence=[["room", ""]],
        rule_version=1, since=clock.now(),
    ).pk  # fmt: skip


def _contact(viewer: Viewer, area: Area) -> int:
    """The party under which somebody of an area wrote the first contact of a customer of the bank down."""
    typed = {"contact_name": f"联{area}", "role": "2", "mobile": f"1375555000{list(Area).index(area)}"}
    record_id = add_contact(viewer, Customer.objects.get(name=f"储{area}").code, typed)
    return SourceRecord.objects.get(pk=record_id).party_id


def _batch(viewer: Viewer, org_no: int) -> None:
    """What somebody of an area began to decide together."""
    CaseBatch.objects.create(
        owner=viewer.staff_no, post_id=viewer.post_id, org_no=org_no, verdict="different", size=1, sample=[],
        until=clock.now(),
    )  # fmt: skip


def _entered(viewer: Viewer, name: str) -> None:
    """That somebody of an area typed a customer in."""
    party = SourceParty.objects.get(customer__name=name)
    Entry.objects.create(
        party=party, customer_id=party.customer_id, outcome="new", reason=f"{name}的客户", maker_id=viewer.staff_id,
        maker_post_id=viewer.post_id, made_at=clock.now(), asked_key=f"{viewer.staff_no}/1",
    )  # fmt: skip


def _corrected(viewer: Viewer, name: str) -> None:
    """That somebody of an area corrected a customer's phone, of which a second person has still to hear."""
    key, customer = f"{viewer.staff_no}/2", Customer.objects.get(name=name)
    Correction.objects.create(
        uuid=uuid_for("customer_correction", key), customer=customer, state="refused", heads=["mobile_masked"],
        fields={}, shown={"mobile_masked": ["", "135****0000"]}, seen="", reason=f"{name}来电",
        maker_id=viewer.staff_id, maker_post_id=viewer.post_id, asked_at=clock.now(), asked_key=key,
    )  # fmt: skip


def _frozen(name: str) -> None:
    """That somebody froze a customer for a time."""
    customer = Customer.objects.get(name=name)
    now = clock.now()
    Freeze.objects.create(customer=customer, since=now, until=now, reason=f"冻结{name}", by="x")


def _said(viewer: Viewer, name: str) -> int:
    """What a customer of an area agreed to, took back, and a wish not to be disturbed, which is answered."""
    code = Customer.objects.get(name=name).code
    agreed = {"purpose": "marketing", "line": "04", "source": "counter"}
    give(viewer, code, **agreed, proof="signed", reference="授权书1")
    withdraw(viewer, code, **agreed, channels=["sms"])
    return silence(viewer, code, channels=["phone"], source="phone").pk


def _applied(viewer: Viewer, name: str, org_no: int) -> int:
    """That somebody of an area applied for an agreement with a customer there."""
    number, now = next_ids(Application, 1)[0], clock.now()
    who = Entered(PartyType.PERSON, name, credential_type="01", credential_no=BAD_ID, mobile="13812340000")
    made = Application.objects.create(
        pk=number, uuid=uuid_of(number), kind="create", state="submitted", line="01", party_type="P", name=name,
        sealed=sealed_of(number, who), customer=Customer.objects.get(name=name), wish="B", families=["1"],
        settlement="1", reason=f"{name}的客户", maker_id=viewer.staff_id, maker_post_id=viewer.post_id,
        unit_id=viewer.unit_id, org_no=org_no, made_at=now, changed_at=now, submitted_at=now,
        asked_key=f"{viewer.staff_no}/application",
    )  # fmt: skip
    Inquiry.objects.create(application=made, system="kgc", org_no=org_no, until=now)
    return made.pk


def _asked(viewer: Viewer, name: str) -> int:
    """That a customer of an area wants to see their data."""
    return PersonRequest.objects.create(
        customer=Customer.objects.get(name=name), kind="copy", source="phone", asked=f"{name}的客户来电",
        received_at=clock.now(), due_on=clock.business_date(), taker_id=viewer.staff_id, post_id=viewer.post_id,
        unit_id=viewer.unit_id,
    ).pk  # fmt: skip


def _brought(viewer: Viewer, name: str) -> str:
    """A file of customers that somebody of an area brought, with a row that was left out."""
    number = next_ids(Delivery, 1)[0]
    identity = uuid_for(CustomerImport._meta.db_table, number)
    brought = CustomerImport.objects.create(
        id=number, uuid=identity, maker=viewer.staff_no, org_no=viewer.scope.lo, file_name=name, digest="0" * 64,
        size=1, layout="csv", encoding="utf-8", delimiter=",", headers=["姓名", "手机"], line="01",
        unit_code=viewer.unit_code, received_at=clock.now(), done_at=clock.now(),
        sample=vault.seal(b'[["x", "y"]]', record=identity, column=CustomerImport.SEALED["sample"]),
    )  # fmt: skip
    LeftOutRow.objects.create(brought=brought, row=2, why="known")
    return brought.number


def _look(case: ReviewCase) -> SecondLook:
    """A check of a decision that somebody else took; the case itself waits still."""
    row = CaseRow.objects.get(pk=case.pk)
    return SecondLook.objects.create(
        case=case, org_no=row.org_no, score=case.score, first="different", first_by="x", drawn_at=clock.now()
    )


def _classified(area: Area, org_no: int) -> None:
    """Classes of a customer of an area, one move, and their count."""
    customer_id = SourceParty.objects.get(customer__name=f"王{area}").customer_id
    run, _ = ClassRun.objects.get_or_create(
        as_of=clock.business_date(), state=RunState.DONE,
        defaults={
            "rules": rules_of(clock.business_date()).stored, "are_rules_new": False, "started_by": "x",
            "started_at": clock.now(), "ended_at": clock.now(),
        },
    )  # fmt: skip
    figures = dict.fromkeys(("month", "month_year_ago", "year", "year_before", "lately", "running"), 7)
    CustomerClass.objects.create(
        customer_id=customer_id, since=run.as_of, registered_on=run.as_of, marks=["worth.high"], **figures
    )
    ClassMove.objects.create(
        run=run, customer_id=customer_id, as_of=run.as_of, dimension="worth", was="low", becomes="high",
        why="business", month=7, year=7,
    )  # fmt: skip
    ClassDue.objects.create(customer_id=customer_id)
    ClassCount.objects.create(org_no=org_no, mark="worth.high", count=1)
    CustomerMark.objects.create(mark="worth.high", customer_id=customer_id)


def _scored(viewer: Viewer, area: Area, org_no: int) -> None:
    """How good the data of a customer of an area are, what was noted of their papers, and the count of the area."""
    customer_id, now = SourceParty.objects.get(customer__name=f"王{area}").customer_id, clock.now()
    QualityRun.objects.get_or_create(
        as_of=clock.business_date(),
        state="done",
        defaults={"rules": {}, "started_by": "x", "started_at": now},
    )
    QualityDue.objects.create(customer_id=customer_id)
    note = Diligence.objects.create(
        customer_id=customer_id, nationality="CHN", maker_id=viewer.staff_id, made_at=now
    )
    CustomerQuality.objects.create(
        customer_id=customer_id, score=40, gaps=["missing.mobile"], flaws=["missing"], as_of=clock.business_date(),
        note_id=None, noted_at=note.made_at, nationality="CHN",
    )  # fmt: skip
    counts = dict.fromkeys(
        ("customers", "points", "sound", "missing", "invalid", "expired", "expiring", "stale"), 1
    )
    QualityCount.objects.create(org_no=org_no, month=clock.business_date().replace(day=1), **counts)


def _campaigns(viewer: Viewer, area: Area, org_no: int) -> tuple[int, int]:
    """A campaign of an area that has not begun, and one that runs, with a customer."""
    made = {
        "items": ["mobile"], "unit_id": viewer.unit_chain[0], "org_no": org_no, "due_on": "2099-01-01",
        "maker_id": viewer.staff_id, "made_at": clock.now(),
    }  # fmt: skip
    draft = Campaign.objects.create(name=f"补录{area}", **made)
    running = Campaign.objects.create(name=f"补录中{area}", state="running", members=1, **made)
    customer_id = SourceParty.objects.get(customer__name=f"王{area}").customer_id
    CampaignTask.objects.create(campaign=running, customer_id=customer_id, org_no=org_no)
    return draft.pk, running.pk


def _blocked(viewer: Viewer, area: Area) -> int:
    """That a customer of an area is on the blacklist of insurance."""
    customer_id = SourceParty.objects.get(customer__name=f"王{area}").customer_id
    entry = BlacklistEntry.objects.create(
        customer_id=customer_id, reason="fraud", note=f"{area}的原因", lines="05", since=clock.business_date(),
        maker_id=viewer.staff_id, made_at=clock.now(),
    )  # fmt: skip
    BlacklistKey.objects.create(hash=bytes(16), entry=entry)
    return entry.pk


def _tagged(viewer: Viewer, area: Area, org_no: int) -> tuple[int, int]:
    """A tag of an area, a customer who bears it, and somebody's act on many that put it on."""
    customer_id, now = SourceParty.objects.get(customer__name=f"王{area}").customer_id, clock.now()
    made = {"org_no": org_no, "maker_id": viewer.staff_id, "made_at": now}
    tag = Tag.objects.create(name=f"标签{area}", colour="good", unit_id=viewer.unit_chain[0], **made)
    run = MassRun.objects.create(
        list_key="customers", act="tag", given={"way": "set", "tag": tag.pk}, reason=f"{area}的名单", state="done",
        owner=viewer.staff_no, staff_id=viewer.staff_id, post_id=viewer.post_id, org_no=org_no, size=1, made_at=now,
        begun_at=now, done_at=now,
    )  # fmt: skip
    MassItem.objects.create(run=run, key=customer_id, outcome="changed", becomes=str(tag.pk), memo={})
    CustomerTag.objects.create(customer_id=customer_id, tag=tag, run=run, set_by=viewer.staff_no, set_at=now)
    return tag.pk, run.pk


def _transfer(viewer: Viewer, org_no: int, name: str) -> int:
    """That somebody of an area chose a customer to be given to another manager."""
    owner = Ownership.objects.get(customer__name=name, line="01", until=None)
    act = Transfer.objects.create(
        act="reassign", state="draft", reason=f"{name}的客户", maker_id=viewer.staff_id, org_no=org_no, size=1,
        made_at=clock.now(),
    )  # fmt: skip
    TransferItem.objects.create(transfer=act, customer_id=owner.customer_id, line="01", before=owner)
    return act.pk


def _assisted(viewer: Viewer, name: str) -> int:
    """That somebody of an area assists with a customer there."""
    return Assistant.objects.create(
        customer=Customer.objects.get(name=name), line="01", staff_id=viewer.staff_id, unit_id=viewer.unit_id,
        since=clock.business_date(), is_present=True, reason=f"{name}的客户", by="x",
    ).pk  # fmt: skip


def _shared(viewer: Viewer, name: str) -> int:
    """That a customer of an area was shared with somebody there, and taken back."""
    today = clock.business_date()
    return Share.objects.create(
        customer=Customer.objects.get(name=name), staff_id=viewer.staff_id, since=today, until=today,
        is_present=False, reason=f"{name}的客户", by="x",
    ).pk  # fmt: skip


def _noted(viewer: Viewer, name: str) -> int:
    """That somebody of an area wrote a note on a customer there, changed it, follows the customer and opened it."""
    customer, now = Customer.objects.get(name=name), clock.now()
    who = {"kind": "customer", "record_id": customer.pk, "staff_id": viewer.staff_id}
    note = Note.objects.create(
        **who, sort="note", text=f"{name}的客户来过", staff_name=viewer.name, at=now, mended_at=now
    )
    NoteVersion.objects.create(note=note, text=f"{name}的客户", until=now)
    Follow.objects.create(**who, staff_no=viewer.staff_no, since=now)
    Shortcut.objects.create(
        staff_id=viewer.staff_id, post_id=viewer.post_id, org_no=viewer.scope.lo, kind="customer", key=customer.code,
        opened_at=now,
    )  # fmt: skip
    return note.pk


def _filed(viewer: Viewer, name: str) -> int:
    """That somebody of an area kept a file on a customer there."""
    subject = subject_of(find_customer(viewer, Customer.objects.get(name=name).code))
    brought = [Brought(f"{name}.pdf", BytesIO(f"%PDF-1.4 {name}".encode()))]
    return add_files(viewer, subject, brought, Said("contract", f"{name}的客户", date(2099, 1, 1)))[0].pk


def _to_do(viewer: Viewer, name: str) -> int:
    """That somebody of an area is to do something about a customer there, and put it off."""
    now = clock.now()
    task = Task.objects.create(
        title=f"{name}的待办", kind="customer", record_id=Customer.objects.get(name=name).pk, due_at=now,
        first_due_at=now, staff_id=viewer.staff_id, staff_no=viewer.staff_no, staff_name=viewer.name,
        org_no=viewer.scope.lo, maker_id=viewer.staff_id, maker_no=viewer.staff_no, maker_name=viewer.name, made_at=now,
        postponed=1,
    )  # fmt: skip
    TaskStep.objects.create(
        task=task, act="postponed", at=now, staff_name=viewer.name, due_at=now, reason=f"{name}出差"
    )
    return task.pk


def _found(viewer: Viewer, name: str, org_no: int) -> int:
    """That a rule found something to do about a customer of an area, which somebody put off."""
    now, today = clock.now(), clock.business_date()
    return WorkItem.objects.create(
        rule="deposit", kind="customer", record_id=Customer.objects.get(name=name).pk, line="03", period=str(today),
        amount=50_000, due_on=today, facts={"count": 1}, rank=50_000, org_no=org_no, staff_id=viewer.staff_id,
        found_at=now, shown_from=today, postponed=1, note=f"{name}出差", said_by=viewer.name, said_at=now,
    ).pk  # fmt: skip


def _belonging(area: Area) -> int:
    """That the rule would have a customer of the bank belong elsewhere."""
    owner = Ownership.objects.get(customer__name=f"储{area}", line="03", until=None)
    return Belonging.objects.create(
        customer_id=owner.customer_id, before=owner, to_unit_id=owner.unit_id, step=1, first=clock.business_date(),
        last=clock.business_date(), state="open", found_at=clock.now(), note=f"储{area}",
        figures=[{"code": UNIT[area], "name": f"{area}", "total": "1.00", "assets": "1.00", "opened": ""}],
    ).pk  # fmt: skip


def _bad_row(number: int, area: Area) -> dict[str, str]:
    return customer(number, 客户名称=f"隔离{area}", 归属机构代码=UNIT[area], 证件类型="1", 证件号码=BAD_ID)


def _things(area: Area) -> Things:
    place = Place.objects.get(unit__code=UNIT[area])
    viewer = find_viewer(_staff(area))
    with scope.acting(viewer.scope):
        event = audit.record(viewer.actor, "customer.open", "customer", f"{area}的客户")
        view = create_view(
            viewer, list_key="customers", path="/customers/", name=f"视图{area}", query="type=O"
        )
        export = ask_for_export(viewer, query=f"q=王{area}")
        schedule = schedule_customers(viewer, name=f"定时{area}")
        request = submit(viewer, SAMPLE.key, f"样品{area}", risk=Risk.LOW, reason=f"申请{area}")
    case, merged = make_case(f"王{area}", f"王{area}甲"), _merged(area)
    with scope.bulk():
        _batch(viewer, place.lo)
        _entered(viewer, f"王{area}")
        _corrected(viewer, f"王{area}")
        _frozen(f"王{area}")
        _classified(area, place.lo)
        _scored(viewer, area, place.lo)
        campaign, running = _campaigns(viewer, area, place.lo)
        tag, mass = _tagged(viewer, area, place.lo)
        return Things(
            customer=Customer.objects.get(name=f"王{area}").code,
            other=Customer.objects.get(name=f"王{area}甲").code,
            merge=merged,
            relation=_related(f"王{area}", f"王{area}甲"),
            declared=_related(f"王{area}", f"王{area}甲", is_declared=True),
            contacts=_contact(viewer, area),
            unit=UNIT[area],
            staff=_staff(area),
            post=viewer.post_id,
            row=QuarantinedRow.objects.get(org_no=place.lo).pk,
            event=event.pk,
            fact=f"SALE-{area}",
            view=SavedView.objects.get(pk=view.pk).pk,
            approval=request.pk,
            export=export.pk,
            schedule=schedule.pk,
            case=case.pk,
            look=_look(case).pk,
            silence=_said(viewer, f"王{area}"),
            block=_blocked(viewer, area),
            tag=tag,
            mass=mass,
            transfer=_transfer(viewer, place.lo, f"王{area}"),
            assistant=_assisted(viewer, f"王{area}"),
            share=_shared(viewer, f"王{area}"),
            note=_noted(viewer, f"王{area}"),
            file=_filed(viewer, f"王{area}"),
            task=_to_do(viewer, f"王{area}"),
            item=_found(viewer, f"王{area}", place.lo),
            belonging=_belonging(area),
            banked=Customer.objects.get(name=f"储{area}").code,
            application=_applied(viewer, f"王{area}", place.lo),
            request=_asked(viewer, f"王{area}"),
            campaign=campaign,
            running=running,
            brought=_brought(viewer, f"名单王{area}.csv"),
        )
