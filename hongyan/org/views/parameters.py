"""Doors of the parameters."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hongyan.core.errors import Invalid, NotAllowed
from hongyan.core.versions import mark
from hongyan.org.access import needs
from hongyan.org.actions import change_parameter as changing
from hongyan.org.actions import set_parameter as setting
from hongyan.org.codes import Right
from hongyan.org.forms.parameters import ParameterForm
from hongyan.org.models import Approval
from hongyan.org.queries import parameters as values
from hongyan.org.queries.parameter_changes import waiting_changes
from hongyan.org.queries.tree import unit_choices
from hongyan.org.requests import ViewerRequest


@needs(Right.PARAMETER_READ)
@require_GET
def parameters(request: ViewerRequest) -> HttpResponse:
    """All declared parameters with the values in force for the viewer's unit."""
    return render(request, "org/parameters.html", {"rooms": values.parameters_in_force(request.viewer)})


@needs(Right.PARAMETER_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def parameter(request: ViewerRequest, key: str) -> HttpResponse:
    """One parameter: what holds, its history, and for editors the form for a new value.

    A new value of a guarded one waits for a colleague.
    """
    shown = values.parameter_in_force(request.viewer, values.find_parameter(key))
    form = _form(request, shown)
    if form is not None and form.is_valid():
        try:
            return _saved(request, shown, form)
        except Invalid as error:
            form.refuse(error)
    context = {"shown": shown, "history": values.history_of(request.viewer, shown.parameter), "form": form}
    if shown.parameter.is_guarded:
        context["guarded"] = setting.GUARDED
        context["waiting"] = waiting_changes(request.viewer, shown.parameter)
    return render(
        request, "org/parameter.html", context, status=422 if form is not None and form.errors else 200
    )


@needs(Right.PARAMETER_EDIT)
@require_POST
def withdraw_parameter(request: ViewerRequest, key: str, value_id: int) -> HttpResponse:
    """Take back a value that is not in force yet; that of a guarded parameter waits for a colleague."""
    if values.find_parameter(key).is_guarded:
        return _waiting(request, changing.request_taking_back(request.viewer, key, value_id))
    setting.withdraw_parameter(request.viewer, key, value_id)
    messages.success(request, _("这个值已撤回。"))
    return HttpResponseRedirect(reverse("org:parameter", args=[key]))


def _saved(request: ViewerRequest, shown: values.InForce, form: ParameterForm) -> HttpResponse:
    key = shown.parameter.key
    if shown.parameter.is_guarded:
        return _waiting(request, changing.request_change(request.viewer, key, **form.wanted))
    setting.set_parameter(request.viewer, key, **form.wanted)
    messages.success(request, _("新的值已保存。"))
    return HttpResponseRedirect(reverse("org:parameter", args=[key]))


def _waiting(request: ViewerRequest, approval: Approval) -> HttpResponse:
    """To the request, which says who checks it, or who is missing."""
    messages.success(request, _("修改已提交审批。"))
    return HttpResponseRedirect(reverse("org:approval", args=[approval.pk]))


def _form(request: ViewerRequest, shown: values.InForce) -> ParameterForm | None:
    """The form for a new value. Errors: NotAllowed when somebody who may not set it sends one."""
    if not values.may_set(request.viewer, shown.parameter):
        if request.method == "POST":
            raise NotAllowed(Right.PARAMETER_EDIT, str(setting.GUARDED) if shown.parameter.is_guarded else "")
        return None
    return ParameterForm(
        request.POST if request.method == "POST" else None,
        parameter=shown.parameter,
        units=unit_choices(request.viewer),
        is_group=request.viewer.scope.everything,
        value=values.typed_value(shown.parameter, shown.value),
        seen=mark(values.stored_values(request.viewer, shown.parameter).facts),
    )
