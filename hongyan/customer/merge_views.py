"""Doors of merge and split: a dry run, the merge, one merge with its split, taking parties out (归并与拆分)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hongyan.core.errors import Conflict, Invalid
from hongyan.customer.actions.merge import merge
from hongyan.customer.actions.open_merge import look_at_customer, look_at_merge, look_at_parties, open_merge
from hongyan.customer.actions.split import parties_mark, split, take_out
from hongyan.customer.codes import MergeState
from hongyan.customer.forms_merging import MergeForm, PartiesForm, WithForm
from hongyan.customer.panels import merges as panel
from hongyan.customer.queries.merges import ask_in_force, propose_survivor
from hongyan.customer.rules.code import code_for, serial_of
from hongyan.org.access import needs
from hongyan.org.codes import Right
from hongyan.org.requests import ViewerRequest

METHODS = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(["GET", "HEAD"])
@needs(Right.CUSTOMER_MERGE)
def choose(request: ViewerRequest, code: str) -> HttpResponse:
    """Whom to merge a customer with; on to the dry run, in the direction that the house proposes."""
    customer = look_at_customer(request.viewer, code)
    form = WithForm(request.GET if "other" in request.GET else None)
    if form.is_valid():
        serial = serial_of(form.cleaned_data["other"])
        try:
            if serial is None:
                raise Invalid({"other": _("这不是客户编码")})
            pair = propose_survivor(request.viewer, customer.code, code_for(serial))
            return redirect("customer:merge_with", *pair)
        except Invalid as error:
            form.add_error("other", error.fields["other"])
        except Conflict as error:
            form.add_error("other", error.message)
    context = {"form": form, "customer": customer}
    return render(request, "customer/merge_choose.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(METHODS)
@needs(Right.CUSTOMER_MERGE)
def merge_with(request: ViewerRequest, code: str, other: str) -> HttpResponse:
    """The dry run of a merge, shown anew for what is chosen; with `confirm` the merge itself."""
    viewer = request.viewer
    seeing = look_at_merge(viewer, code, other)
    form = MergeForm(seeing, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            if "confirm" in request.POST:
                row = merge(
                    viewer,
                    seeing.survivor.code,
                    seeing.absorbed.code,
                    reason=form.cleaned_data["reason"],
                    choices=form.choices,
                    override=bool(form.cleaned_data.get("override")),
                    seen=form.cleaned_data["seen"],
                )
                _tell(request, row.state)
                return redirect("customer:merged", row.pk)
            seeing = look_at_merge(viewer, code, other, form.choices)
        except Invalid as error:
            form.refuse(error)
    context = {"form": form, "shown": panel.preview(viewer, seeing), "seeing": seeing}
    return render(request, "customer/merge.html", context, status=422 if form.errors else 200)


def _tell(request: ViewerRequest, state: str) -> None:
    if state == MergeState.WAITING:
        messages.info(request, _("归并已提交复核：须由另一人批准后生效。"))
    else:
        messages.success(request, _("已归并。随时可以在这里拆分。"))


@never_cache
@require_http_methods(METHODS)
@needs(Right.CUSTOMER_MERGE)
def merged(request: ViewerRequest, merge_id: int) -> HttpResponse:
    """One merge: who, when, why, and what its split would give back; posted, the split."""
    opened = open_merge(request.viewer, merge_id)
    if request.method == "POST":
        ask_in_force(opened.row)
    form = opened.split and PartiesForm(
        opened.split.came,
        request.POST if request.method == "POST" else None,
        label=_("归并后新增的来源，勾选的一并拆出"),
        seen=opened.split.seen,
        needed=False,
    )
    if form and form.is_valid():
        try:
            split(
                request.viewer,
                merge_id,
                reason=form.cleaned_data["reason"],
                along=form.chosen,
                seen=form.cleaned_data["seen"],
            )
            messages.success(request, _("已拆分，两个客户各自恢复。"))
            return redirect("customer:merged", merge_id)
        except Invalid as error:
            form.refuse(error)
    context = {
        "row": opened.row,
        "facts": panel.merge_fields(opened.row),
        "form": form,
        "split": opened.split,
    }
    context["leaving"] = [panel.party_words(party) for party in opened.split.leaving] if opened.split else []
    return render(request, "customer/merged.html", context, status=422 if form and form.errors else 200)


@never_cache
@require_http_methods(METHODS)
@needs(Right.CUSTOMER_MERGE)
def take_parties_out(request: ViewerRequest, code: str) -> HttpResponse:
    """Choose source parties of a customer that are somebody else; posted, they get a code of their own."""
    record = look_at_parties(request.viewer, code)
    parties = record.parties
    form = PartiesForm(
        parties,
        request.POST if request.method == "POST" else None,
        label=_("拆出的来源"),
        seen=parties_mark([party.pk for party in parties]),
        needed=True,
    )
    if form.is_valid():
        try:
            parted = take_out(
                request.viewer,
                record.customer.code,
                form.chosen,
                reason=form.cleaned_data["reason"],
                seen=form.cleaned_data["seen"],
            )
            messages.success(request, _("已拆出，新客户编码 {code}。").format(code=parted.code))
            return redirect("customer:record_tab", record.customer.code, "merges")
        except Invalid as error:
            form.refuse(error)
    context = {"form": form, "customer": record.customer}
    return render(request, "customer/take_out.html", context, status=422 if form.errors else 200)
