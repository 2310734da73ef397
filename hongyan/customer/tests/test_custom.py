"""Fields that the house defines itself: by two people, everywhere at once, masked where sealed (GEN-011)."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from hongyan.core import scope
from hongyan.core.errors import Invalid
from hongyan.core.models import AuditEvent
from hongyan.core.parameter_tables import typed_rows
from hongyan.customer.actions.merge import merge
from hongyan.customer.actions.split import split
from hongyan.customer.codes import Kind, PartyType
from hongyan.customer.custom_parameter import CUSTOM_COLUMNS, CUSTOM_FIELDS
from hongyan.customer.exports import read_customers
from hongyan.customer.models import Customer, CustomerMark, GoldenChange, SourceRecord
from hongyan.customer.rules.custom import (
    Class,
    Custom,
    Fault,
    Type,
    custom_of,
    faults_of,
    first_fault,
    is_safe,
)
from hongyan.customer.tests import factory
from hongyan.customer.tests.cases import set_value
from hongyan.customer.tests.factory import HEAD, WANG, ZHANG, Given, code_of, log_in, state_purposes, take
from hongyan.customer.tests.test_correct import form_of
from hongyan.desk.tests.massing import begun, chosen, looked_at, outcomes, undone
from hongyan.identity.tests.people import citizen

SECRET = "SF20261234567"


def row(code: str, zh: str, type_: str = "text", **more: str) -> dict[str, Any]:
    """A row of the table of definitions."""
    plain: dict[str, Any] = {
        "code": code, "zh": zh, "en": zh, "type": type_, "choices": None, "required": "0", "minimum": None,
        "maximum": None, "pattern": None, "party_type": None, "lines": None, "class": "open", "in_list": "0",
        "filter": "0", "retired": "0",
    }  # fmt: skip
    return plain | more


GRADE = row("grade", "信用等级", "choice", choices="A=优,B=良", in_list="1", filter="1")
PLATE = row("plate", "车牌", pattern="[A-Z]\\d{5}", maximum="6")
STAFF = row("staff", "员工数", "int", minimum="1", maximum="99999", party_type="O")
TAXNO = row("taxno", "税务登记号", "number", **{"class": "sensitive"})
HOBBY = row("hobby", "爱好", "choices", choices="R=读书,T=旅游", party_type="P", **{"class": "personal"})
ROWS = [GRADE, PLATE, STAFF, TAXNO, HOBBY]


@pytest.fixture
def defined(town: None) -> None:
    set_value(CUSTOM_FIELDS, ROWS)


@pytest.fixture
def zhang(defined: None) -> Client:
    return log_in(Client(), ZHANG)


def corrected(client: Client, name: str, **said: Any) -> Any:
    typed = {**form_of(client, name), "reason": "客户来电", **said}
    return client.post(f"/customers/{code_of(name)}/correct/", typed)


def custom_values(name: str) -> dict[str, str]:
    with scope.bulk():
        return Customer.objects.get(name=name, survivor=None).custom


@pytest.mark.django_db
class TestDefining:
    def test_one_asks_another_approves_and_it_is_asked_for_at_once(self, town: None) -> None:
        """As every guarded parameter: in a page, with a reason, by two people, without a restart."""
        head = log_in(Client(), HEAD)
        address = "/parameters/customer.custom_fields/"
        assert "自定义字段" in head.get(address).content.decode()
        typed = {
            "value": typed_rows(CUSTOM_COLUMNS, ROWS), "unit": "", "line": "", "effective_from": "2026-01-01",
            "reason": "信用评级试点",
        }  # fmt: skip
        answer = head.post(address, typed)
        assert answer.status_code in (302, 422), answer.content.decode()[:200]
        zhang = log_in(Client(), ZHANG)
        assert "信用等级" not in zhang.get("/customers/new/").content.decode(), "nobody has approved it"
        set_value(CUSTOM_FIELDS, ROWS)
        page = zhang.get("/customers/new/").content.decode()
        assert "信用等级" in page
        assert "税务登记号" in page

    def test_a_field_is_retired_never_removed_or_turned_into_another(self, defined: None) -> None:
        for changed in (
            [PLATE, STAFF, TAXNO, HOBBY],
            [{**GRADE, "choices": "A=优"}, *ROWS[1:]],
            [{**GRADE, "type": "text", "choices": None, "filter": "0"}, *ROWS[1:]],
        ):
            with pytest.raises(Invalid):
                CUSTOM_FIELDS.parse(typed_rows(CUSTOM_COLUMNS, changed))
        CUSTOM_FIELDS.parse(typed_rows(CUSTOM_COLUMNS, [{**GRADE, "retired": "1"}, *ROWS[1:]]))

    @pytest.mark.parametrize(
        ("wrong", "fault"),
        [
            (row("Grade", "x"), Fault.CODE),
            (row("a", "x", "choice"), Fault.CHOICES),
            (row("a", "x", "choice", choices="A=1,A=2"), Fault.CHOICES),
            (row("a", "x", pattern="(a+)+"), Fault.PATTERN),
            (row("a", "x", "int", minimum="9", maximum="1"), Fault.RANGE),
            (row("a", "x", "number"), Fault.CLASS),
            (row("a", "x", "text", **{"class": "sensitive"}), Fault.CLASS),
            (row("a", "x", "text", in_list="1", **{"class": "personal"}), Fault.CLASS),
            (row("a", "x", "date", filter="1"), Fault.FILTER),
        ],
    )
    def test_a_definition_that_makes_no_sense_is_refused(self, wrong: dict[str, Any], fault: Fault) -> None:
        found = first_fault([custom_of(wrong)])
        assert found
        assert found[2] == fault


class TestValues:
    @given(st.text(max_size=40))
    def test_a_pattern_is_tried_in_little_time_or_refused(self, text: str) -> None:
        """What passes for safe has no groups; so nothing can be repeated within a repetition."""
        if is_safe(text):
            assert "(" not in text.replace("\\(", "").replace("[(", "")

    @given(st.sampled_from(list(Type)), st.text(max_size=30))
    def test_what_is_kept_is_kept_again(self, type_: Type, text: str) -> None:
        field = Custom("f", "字段", "F", type_, choices=(("A", "甲"), ("B", "乙")))
        kept, faults = faults_of([field], {"x_f": text})
        if not faults and kept:
            assert faults_of([field], kept) == (kept, {})

    def test_of_which_kind_and_class_decide_who_is_asked_and_what_lists_show(self) -> None:
        taxno = custom_of(TAXNO)
        assert (taxno.is_sealed, taxno.is_listed, taxno.is_importable) == (True, False, False)
        assert custom_of(STAFF).is_for(PartyType.ORGANISATION)
        assert not custom_of(STAFF).is_for(PartyType.PERSON)
        assert custom_of(HOBBY).field_class == Class.PERSONAL


@pytest.mark.django_db
class TestCustomers:
    def test_somebody_is_entered_with_them(self, zhang: Client) -> None:
        set_value(CUSTOM_FIELDS, [{**GRADE, "required": "1"}, *ROWS[1:]])
        typed = {
            "party_type": "P", "line": "01", "name": "钱学林", "credential_type": "01",
            "credential_no": citizen(sequence=61), "key": str(uuid4()),
        }  # fmt: skip
        wrong = zhang.post("/customers/new/", {**typed, "x_plate": "鲁A1"})
        assert wrong.status_code == 422
        said = {"x_grade": "A", "x_plate": "A12345", "x_taxno": SECRET, "x_hobby": ["T", "R"], "x_staff": "7"}
        answer = zhang.post("/customers/new/", {**typed, **said})
        assert answer.status_code == 302, answer.content.decode()
        masked = f"{SECRET[:4]}*****{SECRET[-4:]}"
        assert custom_values("钱学林") == {"grade": "A", "plate": "A12345", "taxno": masked, "hobby": "R,T"}
        page = zhang.get(f"{answer['Location']}basic/").content.decode()
        for text in ("信用等级", "优", "A12345", "读书、旅游", masked):
            assert text in page
        assert SECRET not in page
        assert "员工数" not in page, "asked of organisations alone"
        with scope.bulk():
            record = SourceRecord.objects.get(party__customer__name="钱学林")
        assert SECRET not in json.dumps(record.fields)

    def test_they_are_corrected_with_history_and_found_in_the_list(self, zhang: Client) -> None:
        assert corrected(zhang, "王小明", x_grade="A", x_plate="A12345").status_code == 302
        assert corrected(zhang, "王小明", x_grade="B", x_plate="A12345").status_code == 302
        assert corrected(zhang, "王小明", x_plate="nonsense").status_code == 422
        assert corrected(zhang, "王小明", x_plate="A12345").status_code == 422, "nothing is changed"
        assert custom_values("王小明") == {"grade": "B", "plate": "A12345"}
        assert corrected(zhang, "王小明", x_plate="").status_code == 302
        assert custom_values("王小明") == {"grade": "B"}
        with scope.bulk():
            changes = GoldenChange.objects.filter(field="x_grade").order_by("id")
            assert list(changes.values_list("before", "after", "actor")) == [
                ("", "A", ZHANG),
                ("A", "B", ZHANG),
            ]
            assert list(CustomerMark.objects.filter(mark__startswith="x-").values_list("mark")) == [
                ("x-grade.B",)
            ]
        history = zhang.get(f"/customers/{code_of('王小明')}/history/").content.decode()
        assert "优 → 良" in history
        with CaptureQueriesContext(connection) as queries:
            page = zhang.get("/customers/?x_grade=x-grade.B").content.decode()
        assert len(queries) <= 12
        assert "王小明" in page
        assert "信用等级" in page
        assert "鼎盛" not in page
        assert "王小明" not in zhang.get("/customers/?x_grade=x-grade.A").content.decode()
        assert "车牌" not in zhang.get("/customers/").content.decode().split("<tbody")[0].split("<thead")[-1]

    def test_they_leave_with_exports_and_the_api_as_their_class_allows(self, zhang: Client) -> None:
        corrected(zhang, "王小明", x_grade="A", x_taxno=SECRET, x_hobby=["R"])
        wang = factory.viewer(WANG)
        with scope.acting(wang.scope):
            found = read_customers(wang, QueryDict(""))
            (line,) = [one for one in found.lines(list(found.rows)) if "王小明" in one]
            labels = [str(label) for label, _value in found.columns]
        assert line[labels.index("信用等级")] == "优"
        assert "税务登记号" not in labels
        assert "爱好" not in labels
        assert not any(SECRET[:4] in str(cell) for cell in line)

    def test_a_sealed_one_is_opened_for_a_purpose_only(self, zhang: Client) -> None:
        corrected(zhang, "王小明", x_taxno=SECRET)
        address = f"/customers/{code_of('王小明')}/reveal/x_taxno/"
        shown = zhang.post(address, {"purpose": "service"})
        assert SECRET in shown.content.decode()
        with scope.bulk():
            opened = AuditEvent.objects.get(act="customer.reveal")
            assert opened.after["field"] == "x_taxno"
            kept = json.dumps(list(AuditEvent.objects.values_list("before", "after")), ensure_ascii=False)
        assert SECRET not in kept
        assert (
            zhang.post(f"/customers/{code_of('王小明')}/reveal/x_plate/", {"purpose": "service"}).status_code
            == 404
        )

    def test_a_merge_and_its_split_take_them_along(self, defined: None) -> None:
        said = {"fields": {"custom": {"grade": "A"}}}
        take(Given("王芳", "R1", system="psb", kind=Kind.REGISTERED))
        take(Given("李娜", "R2", system="psb", kind=Kind.REGISTERED, **said))  # type: ignore[arg-type]
        head = factory.viewer(HEAD)
        with scope.bulk():
            merged = merge(head, code_of("王芳"), code_of("李娜"), reason="同一人")
            assert Customer.objects.get(code=merged.survivor.code).custom == {"grade": "A"}
            split(head, merged.pk, reason="不是同一人")
        assert custom_values("王芳") == {}
        assert custom_values("李娜") == {"grade": "A"}

    def test_many_get_one_and_it_is_undone(self, defined: None) -> None:
        wang = log_in(Client(), WANG)
        run = chosen(wang, query="")
        looked_at(wang, run, "field", value="x_grade:B")
        page = wang.get(f"/mass/{run.pk}/").content.decode()
        assert "信用等级改为良" in page
        begun(wang, run)
        assert outcomes(run) == {"changed": run.size}
        assert custom_values("王小明") == {"grade": "B"}
        undone(wang, run)
        assert outcomes(run) == {"restored": run.size}
        assert custom_values("王小明") == {}

    def test_a_retired_one_keeps_its_value_and_is_asked_for_no_more(self, zhang: Client) -> None:
        corrected(zhang, "王小明", x_grade="A")
        set_value(CUSTOM_FIELDS, [{**GRADE, "retired": "1"}, *ROWS[1:]])
        state_purposes(zhang, code_of("王小明"))
        assert (
            "信用等级"
            not in zhang.get(f"/customers/{code_of('王小明')}/correct/").content.decode().split("<aside")[0]
        )
        assert "信用等级" in zhang.get(f"/customers/{code_of('王小明')}/basic/").content.decode()
        assert "信用等级" not in zhang.get("/customers/").content.decode()
