"""Doors of today (今日): the list, its counters, and what is said of an item."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hongyan.core import audit, clock
from hongyan.core.errors import Conflict, Invalid
from hongyan.core.free_text import FreeTextInput
from hongyan.customer.models import Customer
from hongyan.desk.actions import work as acts
from hongyan.desk.codes import CallResult, WorkState
from hongyan.desk.queries.tasks import colleagues
from hongyan.desk.queries.work import find_item
from hongyan.desk.task_forms import DelegateForm, DropForm, SeenForm
from hongyan.org.access import needs
from hongyan.org.codes import Right
from hongyan.org.requests import ViewerRequest
from hongyan.ui.lists import READING
from hongyan.web.queries import waiting_for
from hongyan.web.today import RULE_OF, Asked, counts_of, today_of


@never_cache
@require_safe
@needs(Right.CUSTOMER_READ)
def today(request: ViewerRequest) -> HttpResponse:
    """What to do, in the order of money at stake and time left."""
    viewer = request.viewer
    asked = Asked.parse(viewer, request.GET)
    shown = today_of(viewer, asked, waiting_for(request))
    after = {"rule": asked.rule, "whose": "own" if asked.is_own else "unit"}
    audit.record(viewer.actor, READING, "work_list", "", after=after, count=shown.shown)
    return render(request, "web/today.html", {"today": shown})


@never_cache
@require_safe
@needs(Right.CUSTOMER_READ)
def today_counts(request: ViewerRequest) -> HttpResponse:
    """The counters alone: the page asks for them anew while it stands open."""
    asked = Asked.parse(request.viewer, request.GET)
    context = {
        "chips": counts_of(request.viewer, asked, waiting_for(request)),
        "counts_url": request.get_full_path(),
    }
    return render(request, "web/today.html#chips", context)


class FinishItemForm(SeenForm):
    """What came of it: of a call, and in words."""

    call = forms.ChoiceField(
        label=pgettext_lazy("今日", "通话结果"),
        choices=[("", pgettext_lazy("今日", "没有打电话")), *CallResult.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    result = FreeTextInput(
        label=gettext_lazy("说了什么、结果怎样（选填）"),
        max_length=acts.LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("会记在客户的“动态”里。"),
    )


class PostponeItemForm(SeenForm):
    """Until when it waits, and why."""

    until = forms.DateField(
        label=pgettext_lazy("今日", "推迟到"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = FreeTextInput(
        label=gettext_lazy("原因"), max_length=acts.LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 3})
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CUSTOMER_READ)
def finish(request: ViewerRequest, item_id: int) -> HttpResponse:
    """Say that it was done."""
    return _say(request, item_id, FinishItemForm, pgettext("今日", "办完"), acts.finish_item)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CUSTOMER_READ)
def postpone(request: ViewerRequest, item_id: int) -> HttpResponse:
    """Put it off."""
    return _say(request, item_id, PostponeItemForm, pgettext("今日", "推迟"), acts.postpone_item)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CUSTOMER_READ)
def delegate(request: ViewerRequest, item_id: int) -> HttpResponse:
    """Hand it on to a colleague."""
    viewer = request.viewer

    def form(*args: Any, **kwargs: Any) -> DelegateForm:
        return DelegateForm(*args, colleagues=colleagues(viewer), **kwargs)

    def act(*args: Any, **kwargs: Any) -> object:
        return acts.delegate_item(*args, url=reverse("web:today"), **kwargs)

    return _say(request, item_id, form, pgettext("今日", "转交"), act)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CUSTOMER_READ)
def refuse(request: ViewerRequest, item_id: int) -> HttpResponse:
    """Say that it does not fit."""
    return _say(request, item_id, DropForm, pgettext("今日", "不合适"), acts.refuse_item)


def _say(
    request: ViewerRequest, item_id: int, make: Callable[..., Any], title: str, act: Callable[..., object]
) -> HttpResponse:
    """One form about one item; posted, the list, where the next one stands on top."""
    item = find_item(request.viewer, item_id)
    if item.state != WorkState.OPEN:
        raise Conflict("work_item", _("这件事已经办过了。"))
    form = make(
        request.POST if request.method == "POST" else None,
        initial={"seen": str(item.version), "until": clock.business_date()},
    )
    if form.is_valid():
        try:
            act(request.viewer, item_id, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("已记下，接着办下一件。"))
            return redirect("web:today")
    audit.record(request.viewer.actor, "work_item.open", "work_item", item.number)
    customer = Customer.objects.visible_to(request.viewer).filter(pk=item.record_id).first()
    lead = f"{customer.name if customer else ''} · {RULE_OF[item.rule].label if item.rule in RULE_OF else ''}"
    context = {"form": form, "title": title, "lead": lead, "back_url": reverse("web:today")}
    return render(request, "desk/task_form.html", context, status=422 if form.errors else 200)
