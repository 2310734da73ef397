"""Doors of imports: the list, bringing a file, its page with mapping, trial, progress and result, taking it back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hongyan.core.errors import Invalid
from hongyan.core.parameters import value_of
from hongyan.customer.custom import fields_for
from hongyan.integration import import_lists, panels
from hongyan.integration.actions.bring_import import bring, map_columns, sample_of
from hongyan.integration.actions.import_errors import error_file, refused_rows
from hongyan.integration.actions.load_import import (
    confirm as confirm_import,
)
from hongyan.integration.actions.load_import import (
    resume_import,
    sign_import,
    stop_import,
    withdraw_import,
)
from hongyan.integration.actions.revert_import import may_revert
from hongyan.integration.actions.revert_import import revert as revert_import
from hongyan.integration.codes import ImportState
from hongyan.integration.forms import ImportFileForm, MapForm, ReasonForm
from hongyan.integration.import_rules import guess
from hongyan.integration.models import CustomerImport
from hongyan.integration.parameters import IMPORT_MAX_ROWS, IMPORT_MAX_SHEET_ROWS, IMPORT_SIGN_ABOVE
from hongyan.integration.queries import imports as reading
from hongyan.integration.reasons import sentence
from hongyan.org.access import needs
from hongyan.org.codes import Right
from hongyan.org.requests import ViewerRequest
from hongyan.ui.lists import ListState, list_of, list_response

SHOWN_REFUSED = 50


@require_safe
@needs(Right.CUSTOMER_IMPORT)
def imports(request: ViewerRequest) -> HttpResponse:
    """One's own imports; for heads and signers those of their range."""
    state = ListState.parse(import_lists.IMPORTS, request.GET, viewer=request.viewer)
    shown = list_of(
        import_lists.IMPORTS, state, reading.imports(request.viewer), rights=request.viewer.rights
    )
    return list_response(request, shown, template="integration/imports.html")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CUSTOMER_IMPORT)
def new(request: ViewerRequest) -> HttpResponse:
    """The form for a file; POST leads to its page."""
    form = ImportFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["sent"]
        try:
            brought = bring(request.viewer, sent.name or "", cast(BinaryIO, sent.file))
        except Invalid as error:
            for text in error.fields.values():
                form.add_error("sent", text)
        else:
            return _back(brought)
    limits = {"csv": value_of(IMPORT_MAX_ROWS), "xlsx": value_of(IMPORT_MAX_SHEET_ROWS)}
    status = 422 if form.errors else 200
    return render(request, "integration/import_new.html", {"form": form, "limits": limits}, status=status)


@require_safe
@needs(Right.CUSTOMER_IMPORT)
def one(request: ViewerRequest, number: str) -> HttpResponse:
    """An import: where it stands, what to do next, what became of its rows."""
    found = reading.find_import(request.viewer, number)
    return render(request, "integration/import.html", _context(request, found))


def _context(request: ViewerRequest, found: CustomerImport, form: MapForm | None = None) -> dict[str, Any]:
    viewer = request.viewer
    is_maker = found.maker == viewer.staff_no
    context = _progress_context(request, found) | {
        "record": panels.import_header(found),
        "figures": panels.figures_of(found),
        "is_estimate": panels.is_estimate(found),
        "history": panels.import_history(reading.history_of(found)),
        "refused": refused_rows(found, most=SHOWN_REFUSED) if is_maker else [],
        "may_confirm": is_maker and found.state == ImportState.CHECKED and found.sound > 0,
        "needs_second": found.sound > int(value_of(IMPORT_SIGN_ABOVE)),
        "may_sign": not is_maker and found.state == ImportState.ASKED and viewer.may(Right.INTAKE_SIGN),
        "may_withdraw": is_maker and found.state in {*reading.OPEN, ImportState.ASKED},
        "may_revert": reading.is_revertible(found) and may_revert(viewer, found),
        "may_download": is_maker and bool(found.refused or found.left_out),
        "reason": ReasonForm(),
        "brought_before": reading.same_file(found) if found.state == ImportState.UPLOADED else None,
    }
    if is_maker and found.state in reading.OPEN:
        context |= _mapping_context(request, found, form)
    return context


def _mapping_context(request: ViewerRequest, found: CustomerImport, form: MapForm | None) -> dict[str, Any]:
    rows = sample_of(found)
    own = {
        word: field.name
        for field in fields_for(found.party_type)
        if field.is_importable
        for word in (field.zh, field.en)
    }
    guessed = guess(found.headers, rows, found.party_type, own)
    before = None if found.mapping else reading.mapped_before(request.viewer, found)
    kept = before.mapping if before else found.mapping or guessed
    form = form or _map_form(request, found, kept, before or found)
    return {
        "map_form": form,
        "columns": list(zip(panels.columns_of_file(found, rows, guessed), form.columns, strict=True)),
        "preview": panels.preview_of(found, rows, guessed),
        "mapped_before": before,
    }


def _map_form(
    request: ViewerRequest, found: CustomerImport, mapping: list[str], like: CustomerImport
) -> MapForm:
    lines = request.viewer.line_codes
    initial = {
        "party_type": like.party_type,
        "line": like.line if like.line in lines else "",
        "unit": found.unit_code,
        "known": like.known,
    }
    data = request.POST if request.method == "POST" else None
    return MapForm(data, headers=found.headers, mapping=mapping, lines=lines, initial=initial)


@require_POST
@needs(Right.CUSTOMER_IMPORT)
def map_file(request: ViewerRequest, number: str) -> HttpResponse:
    """Say what the columns are; the trial begins."""
    found = reading.find_import(request.viewer, number)
    form = _map_form(request, found, [""] * len(found.headers), found)
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            map_columns(
                request.viewer, found.pk, mapping=form.mapping, party_type=chosen["party_type"],
                line=chosen["line"], unit_code=chosen["unit"], known=chosen["known"],
            )  # fmt: skip
        except Invalid as error:
            form.refuse(error)
        else:
            return _back(found)
    if found.maker != request.viewer.staff_no or found.state not in reading.OPEN:
        return _back(found)
    return render(request, "integration/import.html", _context(request, found, form), status=422)


@require_safe
@needs(Right.CUSTOMER_IMPORT)
def progress(request: ViewerRequest, number: str) -> HttpResponse:
    """The part of an import's page that moves; once the work is over the whole page is asked for anew."""
    found = reading.find_import(request.viewer, number)
    response = render(request, "integration/import.html#progress", _progress_context(request, found))
    if not reading.is_at_work(found):
        response["HX-Refresh"] = "true"
    return response


def _progress_context(request: ViewerRequest, found: CustomerImport) -> dict[str, Any]:
    since, before = _number(request.GET, "since"), _number(request.GET, "before")
    return {
        "brought": found,
        "path": panels.import_path(found),
        "progress": panels.import_progress(found, since=since, done_before=before),
        "refusal": sentence(found.refusal) if found.refusal else "",
        "is_maker": found.maker == request.viewer.staff_no,
    }


def _number(query: QueryDict, key: str) -> int:
    text = query.get(key, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0


@require_POST
@needs(Right.CUSTOMER_IMPORT)
def confirm(request: ViewerRequest, number: str) -> HttpResponse:
    """Go: load it, or ask a second person."""
    found = confirm_import(request.viewer, reading.find_import(request.viewer, number).pk)
    if found.state == ImportState.ASKED:
        messages.success(request, _("已提交签收；签收后自动导入，并会通知您。"))
    return _back(found)


@require_POST
@needs(Right.INTAKE_SIGN)
def sign(request: ViewerRequest, number: str) -> HttpResponse:
    """Sign a large import."""
    found = sign_import(request.viewer, reading.find_import(request.viewer, number).pk)
    messages.success(request, _("导入 {number} 已签收，开始导入。").format(number=found.number))
    return _back(found)


@require_POST
@needs(Right.CUSTOMER_IMPORT)
def withdraw(request: ViewerRequest, number: str) -> HttpResponse:
    """Give an import up."""
    found = reading.find_import(request.viewer, number)
    withdraw_import(request.viewer, found.pk, reason=request.POST.get("reason", ""))
    messages.success(request, _("导入 {number} 已放弃，没有写入任何行。").format(number=found.number))
    return _back(found)


@require_POST
@needs(Right.CUSTOMER_IMPORT)
def stop(request: ViewerRequest, number: str) -> HttpResponse:
    """Ask the work on an import to stop."""
    return _back(stop_import(request.viewer, reading.find_import(request.viewer, number).pk))


@require_POST
@needs(Right.CUSTOMER_IMPORT)
def resume(request: ViewerRequest, number: str) -> HttpResponse:
    """Go on with an import whose work ended early."""
    return _back(resume_import(request.viewer, reading.find_import(request.viewer, number).pk))


@require_POST
@needs(Right.CUSTOMER_IMPORT)
def revert(request: ViewerRequest, number: str) -> HttpResponse:
    """Take a finished import back."""
    found = reading.find_import(request.viewer, number)
    revert_import(request.viewer, found.pk, reason=request.POST.get("reason", ""))
    return _back(found)


@require_safe
@needs(Right.CUSTOMER_IMPORT)
@needs(Right.CUSTOMER_READ)
def rows(request: ViewerRequest, number: str) -> HttpResponse:
    """The rows that were taken in, with their customers, as far as those are in the viewer's scope."""
    found = reading.find_import(request.viewer, number)
    state = ListState.parse(import_lists.ROWS, request.GET, viewer=request.viewer)
    shown = list_of(import_lists.ROWS, state, reading.records_of(found), rights=request.viewer.rights)
    return list_response(request, shown, template="integration/import_rows.html", context={"brought": found})


@require_safe
@needs(Right.CUSTOMER_IMPORT)
def errors(request: ViewerRequest, number: str) -> HttpResponse:
    """The rows that were not taken, as a file for their maker."""
    found = reading.find_import(request.viewer, number)
    pieces = error_file(request.viewer, found)
    return cast(HttpResponse, Pieces(pieces, f"{found.number}-errors.csv"))


class Pieces(StreamingHttpResponse):
    """A file in pieces, of which none is read from the database while it is sent."""

    reads_no_rows = True

    def __init__(self, pieces: Iterable[bytes], name: str) -> None:
        super().__init__(pieces, content_type="text/csv; charset=utf-8")
        self["Content-Disposition"] = f'attachment; filename="{name}"'
        self["Cache-Control"] = "no-store"


def _back(found: CustomerImport) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("imports:one", args=[found.number]))
