"""Doors of the models by which customers are compared: what is in force, training, comparison, use (识别模型)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hongyan.core.errors import NotFound
from hongyan.customer.actions.train_model import resume_training, start_training, stop_training
from hongyan.customer.actions.use_model import ask_use
from hongyan.customer.forms_models import ModelUseForm
from hongyan.customer.in_force import KINDS, SHIPPED, model_of_version
from hongyan.customer.model_lists import PAIRS
from hongyan.customer.panels import models as panel
from hongyan.customer.queries.models import (
    AT_WORK,
    all_models,
    find_model,
    is_used,
    pairs_of,
    run_of,
    uses_of,
)
from hongyan.identity.model.weights import write_model
from hongyan.identity.record import Kind
from hongyan.org.access import needs
from hongyan.org.codes import Right
from hongyan.org.requests import ViewerRequest
from hongyan.ui.lists import Action, ListState, list_of, list_response

JSON = "application/json; charset=utf-8"


@require_safe
@needs(Right.IDENTITY_TRAIN)
def models(request: ViewerRequest) -> HttpResponse:
    """Which model is in force for persons and for organisations, which there are, which were in force when."""
    context = {
        "kinds": [panel.kind_page(found) for found in all_models()],
        "may_train": request.viewer.scope.everything,
    }
    return render(request, "customer/models.html", context)


@require_POST
@needs(Right.IDENTITY_TRAIN)
def train(request: ViewerRequest, kind: str) -> HttpResponse:
    """Train a new model of a kind in the background."""
    row = start_training(request.viewer, _kind(kind))
    return redirect("customer:model", kind, row.version)


@never_cache
@require_safe
@needs(Right.IDENTITY_TRAIN)
def model(request: ViewerRequest, kind: str, version: int) -> HttpResponse:
    """One model: how its training stands, what it brought, its weights; fetched anew while the job is at work."""
    return _model_page(request, _kind(kind), version, ModelUseForm())


def _model_page(request: ViewerRequest, kind: Kind, version: int, form: ModelUseForm) -> HttpResponse:
    row = None if version == SHIPPED else find_model(kind, version)
    run, uses = run_of(row) if row else None, uses_of(kind, row)
    is_running = row is not None and row.content is None and run is not None and run.state in AT_WORK
    context: dict[str, Any] = {
        "kind": kind,
        "version": version,
        "number": panel.version_word(kind, version),
        "kind_word": panel.kind_word(kind),
        "row": row,
        "run": run,
        "is_running": is_running,
        "uses": [(use, panel.use_badge(use.state)) for use in uses],
        "form": form,
        "may_train": request.viewer.scope.everything,
        "may_ask": request.viewer.scope.everything and not is_used(kind, version, uses),
    }
    if row is None or row.content is not None:
        context |= panel.model_page(model_of_version(kind, version), row)
    part = "#progress" if "HX-Request" in request.headers and is_running else ""
    response = render(request, f"customer/model.html{part}", context, status=422 if form.errors else 200)
    if "HX-Request" in request.headers and not is_running:
        response["HX-Refresh"] = "true"  # the training ended: the whole page has something to say
    return response


@require_POST
@needs(Right.IDENTITY_TRAIN)
def stop(request: ViewerRequest, kind: str, version: int) -> HttpResponse:
    """Stop a training; it can be begun again."""
    stop_training(request.viewer, _kind(kind), version)
    return redirect("customer:model", kind, version)


@require_POST
@needs(Right.IDENTITY_TRAIN)
def resume(request: ViewerRequest, kind: str, version: int) -> HttpResponse:
    """Train again what was stopped or failed."""
    resume_training(request.viewer, _kind(kind), version)
    return redirect("customer:model", kind, version)


@require_POST
@needs(Right.IDENTITY_TRAIN)
def use(request: ViewerRequest, kind: str, version: int) -> HttpResponse:
    """Ask for a model to be put in force; another person agrees."""
    form = ModelUseForm(request.POST)
    if not form.is_valid():
        return _model_page(request, _kind(kind), version, form)
    ask_use(request.viewer, _kind(kind), version, reason=form.cleaned_data["reason"])
    messages.info(request, _("已提交审批：须由另一人批准后启用。"))
    return redirect("customer:model", kind, version)


@require_safe
@needs(Right.IDENTITY_TRAIN)
def model_file(_request: ViewerRequest, kind: str, version: int) -> HttpResponse:
    """A model as `identity resolve --model` reads it; nothing of any customer stands in it."""
    text = write_model(model_of_version(_kind(kind), version))
    name = f"{panel.version_word(_kind(kind), version)}.json"
    return HttpResponse(
        text, content_type=JSON, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@require_safe
@needs(Right.IDENTITY_TRAIN)
def model_pairs(request: ViewerRequest, kind: str, version: int) -> HttpResponse:
    """The pairs by which a model was compared with the one before."""
    row = find_model(_kind(kind), version)
    state = ListState.parse(PAIRS, request.GET, viewer=request.viewer)
    back = Action(
        _("返回模型 {number}").format(number=row.number), reverse("customer:model", args=[kind, version])
    )
    spec = replace(PAIRS, actions=(back,))
    shown = list_of(spec, state, pairs_of(row), rights=request.viewer.rights)
    return list_response(request, shown)


def _kind(kind: str) -> Kind:
    """Errors: NotFound."""
    for known in KINDS:
        if known == kind:
            return known
    raise NotFound("identity_model", kind)
