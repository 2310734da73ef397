"""Doors of applications: the list, a new one, one of them, and what can be done with it (客户申请)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hongyan.core.errors import Invalid, NotFound
from hongyan.customer.actions.check import take_turn
from hongyan.customer.actions.open_record import open_part
from hongyan.customer.forms_entering import AgreementForm, refill
from hongyan.customer.panels import entering
from hongyan.customer.panels.licences import ShownLicence, licence_box
from hongyan.customer.queries.records import find_customer
from hongyan.desk.queries import opening_query, saved_views
from hongyan.lifecycle.actions import admission, closing, converting, drafts
from hongyan.lifecycle.actions import answering as answers
from hongyan.lifecycle.actions.payload import entered_of
from hongyan.lifecycle.codes import ENTERING, ApplicationKind, ApplicationState
from hongyan.lifecycle.forms import AnswerForm, ApplicationForm, AskForm, ConvertForm, ProspectForm, UndoForm
from hongyan.lifecycle.lists import APPLICATIONS, rows_for
from hongyan.lifecycle.models import Application
from hongyan.lifecycle.open_items import open_items
from hongyan.lifecycle.panels import applications as panel
from hongyan.lifecycle.queries.applications import find_application
from hongyan.lifecycle.queries.held import held
from hongyan.lifecycle.rules.applications import is_editable, standing
from hongyan.org.access import needs
from hongyan.org.codes import Right
from hongyan.org.requests import ViewerRequest
from hongyan.ui.lists import ListState, list_of, list_response

METHODS = ["GET", "HEAD", "POST"]
TypedForm = ApplicationForm | ProspectForm
_FORMS: dict[ApplicationKind, type[TypedForm]] = {
    ApplicationKind.CREATE: ApplicationForm,
    ApplicationKind.PROSPECT: ProspectForm,
}
_NEW = {ApplicationKind.CREATE: "lifecycle:new", ApplicationKind.PROSPECT: "lifecycle:prospect"}


@require_safe
@needs(Right.CUSTOMER_READ)
def applications(request: ViewerRequest) -> HttpResponse:
    """The list of applications: one's own drafts, what waits, what was decided."""
    viewer = request.viewer
    views = saved_views(viewer, APPLICATIONS.key)
    if opening := opening_query(views, request.GET):
        return HttpResponseRedirect(opening)
    state = ListState.parse(APPLICATIONS, request.GET, viewer=viewer)
    shown = list_of(
        APPLICATIONS,
        state,
        rows_for(viewer, state),
        views=views,
        rights=viewer.rights,
        save_as_url=reverse("desk:save_view", args=[APPLICATIONS.key]),
    )
    return list_response(request, shown)


@never_cache
@require_http_methods(METHODS)
@needs(Right.CUSTOMER_APPLY)
def new(request: ViewerRequest) -> HttpResponse:
    """A form for a customer who wants an agreement; posted, kept as a draft or submitted."""
    return _new(request, ApplicationForm)


@never_cache
@require_http_methods(METHODS)
@needs(Right.CUSTOMER_APPLY)
def prospect(request: ViewerRequest) -> HttpResponse:
    """A form for somebody who may become a customer; posted, kept as a draft or submitted."""
    return _new(request, ProspectForm)


def _new(request: ViewerRequest, form: type[TypedForm]) -> HttpResponse:
    if request.method != "POST":
        return _page(request, form(request.viewer))
    if read := _read_licence(request, form(request.viewer)):
        return read
    return _take(request, form(request.viewer, request.POST))


@require_POST
@needs(Right.CUSTOMER_APPLY)
def convert(request: ViewerRequest, code: str) -> HttpResponse:
    """Begin the admission of a potential customer: a draft with all that is known of it."""
    form = ConvertForm(request.POST)
    if not form.is_valid():
        raise Invalid({"key": _("请从客户页面的“办理”重新开始。")})
    row = converting.convert(
        request.viewer, code, key=f"{request.viewer.staff_no}/{form.cleaned_data['key']}"
    )
    messages.info(request, _("已把已知的资料填入草稿，请补充协议内容后提交。"))
    return redirect("lifecycle:edit", row.pk)


@never_cache
@require_http_methods(METHODS)
@needs(Right.CUSTOMER_APPLY)
def edit(request: ViewerRequest, application_id: int) -> HttpResponse:
    """One's own draft, or what was sent back, to be gone on with."""
    row = find_application(request.viewer, application_id)
    if row.maker_id != request.viewer.staff_id or not _is_editable(row):
        raise NotFound("application", application_id)
    panel.open_page(request.viewer, row)
    entered, form = entered_of(row), _FORMS[ApplicationKind(row.kind)]
    if request.method != "POST":
        return _page(request, form(request.viewer, row=row, entered=entered), row=row)
    if read := _read_licence(request, form(request.viewer, row=row, entered=entered), row=row):
        return read
    return _take(request, form(request.viewer, request.POST, row=row, entered=entered), row=row)


def _read_licence(
    request: ViewerRequest, form: TypedForm, *, row: Application | None = None
) -> HttpResponse | None:
    """The form with what a pasted licence says beside it or in it; None where that was not the button."""
    box = licence_box(request.POST.get("act", ""), request.POST.get("licence", ""))
    if box is None:
        return None
    shown, licence = box
    refill(form, request.POST, licence if shown.is_taken else None)
    return _page(request, form, row=row, licence=shown)


def _is_editable(row: Application) -> bool:
    return bool(row.sealed) and is_editable(row.state, kind=row.kind)


def _take(request: ViewerRequest, form: TypedForm, *, row: Application | None = None) -> HttpResponse:
    """Keep what was typed, and submit it where that was the button."""
    viewer, agreement = request.viewer, AgreementForm(request.POST)
    agreement.full_clean()
    if not form.is_valid():
        return _page(request, form, row=row, status=422)
    key = f"{viewer.staff_no}/{form.cleaned_data['key']}"
    try:
        saved = drafts.save_draft(
            viewer,
            form.draft,
            key=row.asked_key if row else key,
            application_id=row.pk if row else None,
            version=form.cleaned_data["version"] if row else None,
        )
    except Invalid as error:
        form.refuse(error)
        return _page(request, form, row=row, status=422)
    if request.POST.get("act") != "submit":
        messages.success(request, _("草稿 {number} 已保存。").format(number=saved.number))
        return redirect("lifecycle:edit", saved.pk)
    if seconds := take_turn(viewer):
        form.ask_to_wait(seconds)
        return _page(request, form, row=saved, status=429)
    try:
        examined = admission.submit(
            viewer, saved.pk, version=saved.version, seen=agreement.agreed, why=agreement.why
        )
    except Invalid as error:
        form.refuse(error)
        return _page(request, form, row=saved, status=422)
    if examined.is_submitted:
        messages.success(request, _("申请 {number} 已提交审批。").format(number=saved.number))
        return redirect("lifecycle:application", saved.pk)
    return _page(request, form, row=saved, examined=examined, agreement=agreement, status=409)


def _page(
    request: ViewerRequest,
    form: TypedForm,
    *,
    row: Application | None = None,
    examined: admission.Examined | None = None,
    agreement: AgreementForm | None = None,
    licence: ShownLicence | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = entering.NOTHING_YET
    if row is not None and form.is_bound:  # what is posted next is of what was saved just now
        form.saved(row)
    if examined and agreement:
        shown = entering.duplicates(examined.found, agreed=agreement.agreed, reason=agreement.why)
    context = {
        "form": form,
        "row": row,
        "action": reverse("lifecycle:edit", args=[row.pk]) if row else reverse(_NEW[form.kind]),
        "is_prospect": form.kind == ApplicationKind.PROSPECT,
        "shown": shown,
        "licence": licence,
        "checks": panel.checks(examined.lines) if examined else [],
        "clashes": panel.clash_views(request.viewer, examined.clashing) if examined else [],
    }
    return render(request, "lifecycle/new.html", context, status=status)


@never_cache
@require_safe
@needs(Right.CUSTOMER_READ)
def application(request: ViewerRequest, application_id: int) -> HttpResponse:
    """One application: what it says, how its check came out, and how it stands."""
    return _show(request, find_application(request.viewer, application_id))


def _show(
    request: ViewerRequest,
    row: Application,
    undoing: UndoForm | None = None,
    answering: AnswerForm | None = None,
) -> HttpResponse:
    viewer = request.viewer
    panel.open_page(viewer, row)
    is_own = row.maker_id == viewer.staff_id and viewer.may(Right.CUSTOMER_APPLY)
    may_edit = is_own and _is_editable(row)
    is_checking = row.state == ApplicationState.CHECKING
    may_answer = answers.can_answer(viewer, row) or answers.inquiry_for(viewer, row) is not None
    may_undo = viewer.may(Right.CUSTOMER_APPLY) and row.customer is not None and closing.can_undo(viewer, row)
    context = {
        "record": panel.header(row, may_edit=may_edit),
        "row": row,
        "facts": panel.facts(row),
        "checks": panel.checks(admission.checks_of(row)),
        "clashes": panel.clash_views(viewer, panel.clashes_of(row)),
        "history": panel.history(row),
        "may_withdraw": may_edit or (is_own and is_checking),
        "is_checking": is_checking,
        "inquiries": panel.inquiry_views(row),
        "answering": (answering or AnswerForm(initial={"version": row.version})) if may_answer else None,
        "undoing": (undoing or UndoForm(initial={"version": row.version})) if may_undo else None,
    }
    return render(request, "lifecycle/application.html", context, status=422 if undoing or answering else 200)


@require_POST
@needs(Right.CUSTOMER_APPLY)
def withdraw(request: ViewerRequest, application_id: int) -> HttpResponse:
    """Throw away one's own draft, or take a closing back while others are asked about it."""
    seen = request.POST.get("seen", "")
    version = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else 0
    row = drafts.withdraw(request.viewer, application_id, version=version)
    told = _("草稿 {number} 已删除。") if row.kind in ENTERING else _("申请 {number} 已撤回。")
    messages.success(request, told.format(number=row.number))
    return redirect("lifecycle:list")


@require_POST
@needs(Right.CUSTOMER_OBJECT)
def answer(request: ViewerRequest, application_id: int) -> HttpResponse:
    """Say for one's line whether something stands against an agreement of the other one, or a closing."""
    row = find_application(request.viewer, application_id)
    is_closing = row.kind == ApplicationKind.CLOSE
    say = answers.answer_inquiry if is_closing else answers.answer
    form, objects = AnswerForm(request.POST), request.POST.get("act") != "concur"
    if form.is_valid():
        try:
            say(request.viewer, application_id, objects=objects, **form.cleaned_data)
            objected = _("异议已提出，申请退回申请人。") if is_closing else _("异议已提出，由省级决定。")
            told = objected if objects else _("已答复无异议。")
            messages.success(request, told)
            return redirect("lifecycle:application", application_id)
        except Invalid as error:
            form.refuse(error)
    return _show(request, row, answering=form)


@require_POST
@needs(Right.CUSTOMER_APPLY)
def undo(request: ViewerRequest, application_id: int) -> HttpResponse:
    """Take the end of a customer back."""
    row = find_application(request.viewer, application_id)
    form = UndoForm(request.POST)
    if form.is_valid():
        try:
            closing.undo(request.viewer, application_id, **form.cleaned_data)
            messages.success(request, _("已恢复，客户的业务关系回到注销之前。"))
            return redirect("lifecycle:application", application_id)
        except Invalid as error:
            form.refuse(error)
    return _show(request, row, form)


@never_cache
@require_http_methods(METHODS)
@needs(Right.CUSTOMER_APPLY)
def ask(request: ViewerRequest, code: str, kind: str) -> HttpResponse:
    """Apply to close, freeze or unfreeze a customer: what stands against it, then the reason."""
    viewer = request.viewer
    if kind not in set(closing.FLOWS):
        raise NotFound("application_kind", kind[:20])
    wanted, customer = ApplicationKind(kind), find_customer(viewer, code)
    open_part(viewer, customer, part=f"lifecycle.{kind}")
    relations = held(viewer, customer)
    lines = closing.possible(relations)[wanted]
    form = AskForm(lines, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            row = closing.apply_for(
                viewer,
                customer.code,
                wanted,
                line=form.cleaned_data["line"],
                reason=form.cleaned_data["reason"],
                key=f"{viewer.staff_no}/{form.cleaned_data['key']}",
            )
            asked = _("申请 {number} 已提交，其他板块与外围系统答复或到期后送审批。")
            told = asked if row.state == ApplicationState.CHECKING else _("申请 {number} 已提交审批。")
            messages.success(request, told.format(number=row.number))
            return redirect("lifecycle:application", row.pk)
        except Invalid as error:
            form.refuse(error)
    items = open_items(viewer, customer, relations) if wanted == ApplicationKind.CLOSE else []
    context = {
        "form": form,
        "customer": customer,
        "kind": wanted,
        "is_possible": bool(lines),
        "blocked": [
            (panel.line_word(line), standing(items, line=line, own_lines=viewer.line_codes)) for line in lines
        ],
    }
    return render(request, "lifecycle/ask.html", context, status=422 if form.errors else 200)
