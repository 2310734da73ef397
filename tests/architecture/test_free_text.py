"""No text without a rule: every column and every input either is free text, which keeps numbers of people out, or says
here what else it is (BARS A 7). A new one that says nothing does not land.

Free text is `core.free_text`'s `FreeText`, `FreeJSON` and `FreeTextInput`.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from typing import Any

import click
import pytest
from django import forms
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

import hongyan
from hongyan.api.instance import api
from hongyan.cli.main import hongyan as whole_command
from hongyan.core.free_text import FreeJSON, FreeText, FreeTextInput
from tests.architecture.test_safety import TREES, dotted

Register = Mapping[str, str]

CODES: Register = {
    "core.NumberSeries": "name",
    "core.AuditArchive": "digest",
    "core.AuditAlert": "actor actor_name",
    "core.ExceptionEvent": "fingerprint name place references handled_by",
    "core.ParameterValue": "key line set_by",
    "core.CalendarDay": "updated_by",
    "core.CalendarYear": "updated_by",
    "core.JobRun": "task subject error created_by",
    "core.Rate": "key",
    "org.Unit": "code division postcode",
    "org.Place": "moved_from",
    "org.Staff": "password staff_no gender language",
    "org.PastPassword": "password",
    "org.ParameterChange": "key",
    "org.Reorganisation": "unit_codes preview result",
    "org.LoginEvent": "address",
    "org.ApiToken": "created_by",
    "org.Division": "code listed_by",
    "org.Postcode": "postcode listed_by",
    "org.Approval": "kind subject",
    "org.ApprovalStep": "roles",
    "desk.SavedView": "owner list_key",
    "desk.Notification": "recipient kind url",
    "desk.NoticeSettings": "staff_no ways",
    "desk.Mail": "staff_no",
    "desk.Export": "owner list_key language purpose columns digest",
    "desk.Schedule": "owner list_key language purpose",
    "desk.MassRun": "list_key act owner",
    "desk.MassItem": "why",
    "customer.Customer": "code credential_type division postcode industry scale lineage custom",
    "customer.SourceParty": "system key",
    "customer.SourceRecord": "part",
    "customer.Link": "evidence decided_by",
    "customer.ReviewCase": "evidence decided_by second_by held_by",
    "customer.IdentityModel": "content taught measures made_by",
    "customer.ModelUse": "asked_by second_by",
    "customer.Merge": "evidence choices snapshot seen asked_by asked_key second_by split_by split_key",
    "customer.PairDecision": "evidence by second_by",
    "customer.GoldenPin": "field by",
    "customer.CaseRow": "code other_code rule grounds line_codes",
    "customer.SecondLook": "first_by second_by",
    "customer.Correction": "heads seen asked_key second_by",
    "customer.Entry": "asked_key",
    "customer.CaseBatch": "owner",
    "customer.Identifier": "kind",
    "customer.ValueCount": "column",
    "customer.ResolutionCount": "key",
    "customer.CustomerMark": "mark",
    "customer.Relation": "role evidence decided_by ended_by",
    "customer.Relationship": "sub_code agreement_no settlement",
    "desk.Note": "kind",
    "desk.RecordFile": "kind digest",
    "desk.Follow": "kind staff_no",
    "desk.Task": "kind staff_no maker_no",
    "desk.Shortcut": "kind key",
    "desk.WorkItem": "rule kind period",
    "customer.Assistant": "by ended_by",
    "customer.Share": "by ended_by",
    "customer.Ownership": "reason by",
    "customer.GoldenChange": "field actor",
    "customer.ListRow": "code line_codes system_codes division former_codes",
    "customer.ContactPermission": "channel",
    "customer.Freeze": "by ended_by",
    "consent.ConsentText": "published_by",
    "consent.Silence": "channels ended_by",
    "ownership.Transfer": "shares undone_by",
    "ownership.Belonging": "figures decided_by",
    "ledger.ProductFamily": "code",
    "ledger.Product": "code",
    "ledger.SourceProduct": "system code",
    "ledger.Holding": "system currency",
    "ledger.Transaction": "system number",
    "ledger.MailItem": "division system number",
    "ledger.MailEvent": "division system number",
    "ledger.FactMove": "number system",
    "ledger.MonthGrain": "family_code product_code division customer_code sub_code industry manager_no",
    "classes.BlacklistEntry": "lines lifted_by",
    "classes.CustomerTag": "set_by",
    "classes.ClassRun": "rules started_by",
    "classes.CustomerClass": "marks",
    "classes.ClassMove": "dimension was becomes",
    "classes.ClassCount": "mark",
    "quality.Campaign": "items",
    "quality.QualityRun": "rules started_by",
    "quality.CustomerQuality": "gaps flaws",
    "lifecycle.Application": "checks snapshot step mark undone_by asked_key",
    "lifecycle.Inquiry": "system",
    "integration.SystemState": "code unit_code updated_by",
    "integration.Delivery": "system kind digest received_by reach sums signed_by",
    "integration.QuarantinedRow": "kind awaits closed_by",
    "integration.Submission": "caller body_digest answer",
    "integration.CustomerImport": "maker manager_no digest layout encoding delimiter unit_code mapping forecast "
    "signed_by reverted_by",
}
"""Codes, keys and figures: of the house, or of a source and held to a pattern where they come in."""

NAMES: Register = {
    "org.Unit": "name short_name pinyin",
    "org.Staff": "name pinyin email",
    "desk.Note": "staff_name",
    "desk.RecordFile": "staff_name removed_by",
    "desk.Task": "staff_name maker_name",
    "desk.TaskStep": "staff_name to_name",
    "desk.WorkItem": "said_by",
    "org.Division": "name former_names listed_as",
    "org.Postcode": "province city county",
    "customer.Customer": "name name_key sort_key short_name legal_person",
    "customer.ListRow": "name sort_key unit_name manager_name",
    "customer.CaseRow": "name other_name unit_name",
    "customer.SearchToken": "token",
    "ledger.ProductFamily": "name name_en",
    "lifecycle.Application": "name",
    "ledger.Product": "name name_en",
}
"""Names of people, companies, units, places and products, which are in the clear by design; those of sources without
numbers of people, since they come through `customer.actions.prepare`."""

MASKED: Register = {
    "core.AuditEvent": "actor actor_name address act subject_kind subject purpose before after",
    "core.OpenedAuditEvent": "actor actor_name address act subject_kind subject purpose before after",
    "org.Staff": "mobile_masked",
    "desk.NoticeSettings": "address_masked",
    "customer.Customer": "credential_masked mobile_masked landline_masked email_masked address",
    "customer.SourceRecord": "fields",
    "customer.Identifier": "masked",
    "customer.ListRow": "credential_masked mobile_masked",
    "customer.Correction": "fields shown",
    "customer.GoldenChange": "before after",
    "ledger.Holding": "number_masked",
    "ledger.HoldingVersion": "fields",
    "ledger.SourceProduct": "name",
    "ledger.Transaction": "note",
    "integration.QuarantinedRow": "key_masked",
}
"""Written by one function of ours, which masks: the audit's, `prepare`, `take_in_holdings`, the blocks of facts."""

CHECKED: Register = {
    "core.ParameterValue": "value",
    "org.ParameterChange": "before value",
    "desk.SavedView": "query",
    "desk.Export": "query",
    "desk.Schedule": "query",
    "customer.CaseBatch": "query",
    "integration.Submission": "key",
}
"""Refused before they are kept: values in their form, queries by the filters that read them, keys by `submit`."""

REGISTERS = (CODES, NAMES, MASKED, CHECKED)

HIDDEN_OR_SECRET = {"seen", "key", "password", "again", "old"}
"""Marks of what a form showed, and which form it was; passwords, which are kept as hashes."""
SEALED_INPUTS = {"credential_no", "uscc", "mobile", "landline", "email", "birth_date", "birthday"}
"""What the vault seals, and days."""
CODE_INPUTS = {"code", "staff_no", "unit", "units", "parent"}
"""Codes that are looked up, or compared with a hash; what is not found is not kept."""
NOT_FREE = HIDDEN_OR_SECRET | SEALED_INPUTS | CODE_INPUTS

POSTED = {
    "ids": "codes, looked up", "list": "read by the list", "query": "read by the list", "scope": "one word",
    "language": "one word", "post": "a number, looked up", "next": "an address of ours", "q": "searched for, not kept",
    "is_shared": "one digit", "seen": "compared", "name": "saved_views and api_tokens refuse", "reason": "mend refuses",
    "confirm": "one word", "system": "looked up", "code": "looked up", "product": "looked up",
    "verdict": "one word", "act": "one word", "tag": "a number, looked up",
    "licence": "read into the form, not kept", "kind": "looked up", "key": "looked up",
}  # fmt: skip
"""Texts that a door reads without a form, and what becomes of them."""

API_INPUTS = {
    "Idempotency-Key": "submit refuses", "reason": "decide refuses", "*": "values of records: staged, sealed",
    "after": "a cursor", "before": "a cursor", "beneath": "looked up", "code": "looked up", "day": "a date",
    "created_from": "a date", "created_to": "a date", "division": "digits", "file": "sealed", "kind": "looked up",
    "kind[]": "looked up", "line": "looked up", "number": "looked up", "purpose": "one word", "q": "not kept",
    "sort": "looked up", "status": "looked up", "system": "looked up", "type": "looked up", "unit": "looked up",
    "role": "looked up", "tree": "looked up", "key": "looked up", "state": "looked up",
    "survivor": "looked up", "absorbed": "looked up", "seen": "compared",
    "valid_from": "a date", "valid_to": "a date", "credential_until": "a date", "exception": "save_draft refuses",
    "last_day": "a date", "opens": "a time", "closes": "a time", "reference": "give and withdraw refuse",
    **dict.fromkeys(("name", "credential_type", "credential_no", "gender", "birth_date"), "as below"),
    **dict.fromkeys(("phone", "email", "address", "legal_person"), "compared, or sealed or refused by create"),
    **dict.fromkeys(("mobile", "landline"), "sealed"),
}  # fmt: skip


def written_columns() -> Iterator[tuple[str, str]]:
    """Columns of texts that anything may be written into: (model, field)."""
    for model in apps.get_models():
        if not model.__module__.startswith("hongyan."):
            continue
        for field in model._meta.local_fields:
            held = field.base_field if isinstance(field, ArrayField) else field
            is_text = isinstance(held, models.CharField | models.TextField | models.JSONField)
            if is_text and not held.choices and not isinstance(held, FreeText | FreeJSON):
                yield model._meta.label, field.name


def registered() -> Iterator[tuple[str, str]]:
    for register in REGISTERS:
        for model, names in register.items():
            yield from ((model, name) for name in names.split())


def test_every_column_of_text_is_free_text_or_says_what_else_it_is() -> None:
    written, known = set(written_columns()), list(registered())
    assert sorted(written - set(known)) == [], "new: FreeText or FreeJSON, or a register above"
    assert sorted(set(known) - written) == [], "gone"
    assert len(known) == len(set(known)), "in two registers"
    assert len(written) > 100


def all_forms() -> Iterator[type[forms.BaseForm]]:
    for module in pkgutil.walk_packages(hongyan.__path__, "hongyan."):
        if ".forms" in module.name and ".tests" not in module.name:
            importlib.import_module(module.name)
    open_classes: list[Any] = [forms.BaseForm]
    while open_classes:
        found = open_classes.pop().__subclasses__()
        open_classes += found
        yield from (
            one for one in found if one.__module__.startswith("hongyan.") and ".tests" not in one.__module__
        )


def test_every_text_of_a_form_is_free_text_or_a_code() -> None:
    asked = {
        f"{form.__name__}.{name}"
        for form in all_forms()
        for name, field in form.base_fields.items()
        if isinstance(field, forms.CharField) and not isinstance(field, FreeTextInput)
        if name not in NOT_FREE and not form.__module__.startswith("hongyan.ui.gallery")
    }
    assert asked == set()
    assert (
        sum(isinstance(field, FreeTextInput) for form in all_forms() for field in form.base_fields.values())
        > 10
    )


def posted(tree: ast.AST) -> Iterator[str]:
    """Names of what code takes out of a posted form by itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and dotted(node.func).endswith(
            ("POST.get", "POST.getlist", "POST.pop")
        ):
            yield node.args[0].value if isinstance(node.args[0], ast.Constant) else "?"
        if isinstance(node, ast.Subscript) and dotted(node.value).endswith("request.POST"):
            yield node.slice.value if isinstance(node.slice, ast.Constant) else "?"


COMPUTED = {"ledger/views.py", "ui/views.py"}
"""Take names out of a list of their own: system, code, product, seen; appearance, which are single words."""


def test_no_door_reads_a_text_past_the_forms() -> None:
    found = {
        f"{path}: {name}"
        for path, tree in TREES.items()
        for name in posted(tree)
        if name not in POSTED and not (name == "?" and path in COMPUTED)
    }
    assert found == set()


@pytest.mark.parametrize("example", ["request.POST.get('remark', '')", "request.POST['remark']"])
def test_the_rule_for_doors_finds_its_examples(example: str) -> None:
    assert list(posted(ast.parse(example))) == ["remark"]


def api_texts(schema: Mapping[str, Any], name: str, document: Mapping[str, Any]) -> Iterator[str]:
    """Names of the texts that a schema lets in."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if schema.get("type") == "string" and not schema.keys() & {"enum", "const"}:
        yield name
    for one in [*schema.get("anyOf", ()), *schema.get("allOf", ()), *schema.get("oneOf", ())]:
        yield from api_texts(one, name, document)
    for inner, one in schema.get("properties", {}).items():
        yield from api_texts(one, inner, document)
    if "items" in schema:
        yield from api_texts(schema["items"], f"{name}[]", document)
    if isinstance(schema.get("additionalProperties"), dict):
        yield from api_texts(schema["additionalProperties"], "*", document)


def test_every_text_the_api_lets_in_is_accounted_for() -> None:
    document = api.get_openapi_schema()
    found = set()
    for operations in document["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                found |= set(api_texts(parameter["schema"], parameter["name"], document))
            for content in operation.get("requestBody", {}).get("content", {}).values():
                found |= set(api_texts(content["schema"], "", document))
    assert found - set(API_INPUTS) == set()
    assert {"reason", "Idempotency-Key"} <= found


COMMAND_INPUTS = {
    "staff_no": "looked up", "name": "api_tokens refuses", "system": "looked up", "statement": "SQL of the operator",
    "q": "searched for, not kept", "code": "looked up", "purpose": "one word", "number": "looked up",
    "units": "looked up", "parent": "looked up", "reason": "approvals refuse", "master": "an address of Spark",
}  # fmt: skip
"""Texts that commands take, and what becomes of them."""


def command_texts(command: click.Command) -> Iterator[str]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from command_texts(inner)
        return
    for one in command.params:
        if isinstance(one.type, click.types.StringParamType) and not getattr(one, "is_flag", False):
            yield one.name or ""


def test_every_text_a_command_takes_is_accounted_for() -> None:
    assert set(command_texts(whole_command)) - set(COMMAND_INPUTS) == set()
