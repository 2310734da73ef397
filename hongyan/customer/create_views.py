"""Doors of entering a customer: the form, and beside it who it may already be (新增客户)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hongyan.core import clock
from hongyan.core.errors import Invalid
from hongyan.customer.actions.check import Candidates, check, take_turn
from hongyan.customer.actions.create import create, is_at_once
from hongyan.customer.codes import LayoutPlace
from hongyan.customer.forms_entering import AgreementForm, EntryForm, refill, wait_words
from hongyan.customer.layouts import layouts_for
from hongyan.customer.panels import entering as panel
from hongyan.customer.panels.licences import ShownLicence, licence_box
from hongyan.customer.rules.entering import record_of, sound
from hongyan.org.access import needs
from hongyan.org.codes import Right
from hongyan.org.requests import ViewerRequest

CHECKED, MOST_TRACES = "checked", 50
"""In the session: traces of what was checked while somebody typed, so that the same is not audited at every key."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CUSTOMER_CREATE)
def new(request: ViewerRequest, *, prospect: str) -> HttpResponse:
    """A form for a person or an organisation; posted, the customer, or the form again with who stands in the way.

    Where new customers take an approval it is the page `prospect`, by name, that asks for it.
    """
    if request.method != "POST" and not is_at_once(request.viewer):
        return redirect(prospect)
    layouts = layouts_for(request.viewer, LayoutPlace.FORM)
    if request.method != "POST":
        return _page(request, EntryForm(request.viewer, layouts=layouts))
    if box := licence_box(request.POST.get("act", ""), request.POST.get("licence", "")):
        shown, licence = box
        blank = EntryForm(request.viewer, layouts=layouts)
        refill(blank, request.POST, licence if shown.is_taken else None)
        return _page(request, blank, licence=shown)
    form = EntryForm(request.viewer, request.POST, layouts=layouts)
    agreement = AgreementForm(request.POST)
    agreement.full_clean()
    if not form.is_valid():
        return _page(request, form, status=422)
    if seconds := take_turn(request.viewer):
        form.ask_to_wait(seconds)
        return _page(request, form, status=429)
    key, line = f"{request.viewer.staff_no}/{form.cleaned_data['key']}", form.cleaned_data["line"]
    try:
        made = create(
            request.viewer,
            form.entered,
            key=key,
            line=line,
            seen=agreement.agreed,
            reason=agreement.why,
            custom=form.custom,
        )
    except Invalid as error:
        form.refuse(error)
        return _page(request, form, status=422)
    if made.entry is None:
        return _page(request, form, _shown(made.found, agreement), status=409)
    code = made.entry.customer.code
    messages.success(request, str(panel.OUTCOMES[made.entry.outcome]).format(code=code))
    return redirect("customer:record", code)


@never_cache
@require_POST
@needs(Right.CUSTOMER_READ)
def duplicates(request: ViewerRequest) -> HttpResponse:
    """The panel for what was typed so far. Posted, so that nothing personal stands in an address."""
    form, agreement = EntryForm(request.viewer, request.POST), AgreementForm(request.POST)
    form.full_clean()
    agreement.full_clean()
    entered = sound(form.entered, today=clock.business_date())
    if not entered.name:
        return _panel(request, panel.NOTHING_YET)
    if seconds := take_turn(request.viewer):
        return _panel(request, panel.Duplicates("waiting", problem=wait_words(seconds)))
    told = request.session.get(CHECKED, [])
    try:
        found = check(request.viewer, record_of(entered), told=told)
    except Invalid:
        return _panel(request, panel.NOTHING_YET)
    if found.trace and found.trace not in told:
        request.session[CHECKED] = [*told, found.trace][-MOST_TRACES:]
    is_told = found.found or entered.is_findable
    return _panel(request, _shown(found, agreement) if is_told else panel.NOTHING_YET)


def _shown(found: Candidates, agreement: AgreementForm) -> panel.Duplicates:
    problem = " ".join(map(str, agreement.errors.get("reason", ())))
    return panel.duplicates(found, agreed=agreement.agreed, reason=agreement.why, problem=problem)


def _page(
    request: ViewerRequest,
    form: EntryForm,
    shown: panel.Duplicates = panel.NOTHING_YET,
    *,
    licence: ShownLicence | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "shown": shown, "licence": licence}
    return render(request, "customer/new.html", context, status=status)


def _panel(request: ViewerRequest, shown: panel.Duplicates) -> HttpResponse:
    return render(request, "customer/new.html#duplicates", {"shown": shown, "is_answer": True})
