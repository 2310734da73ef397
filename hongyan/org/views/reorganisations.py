"""Doors of reorganisations."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hongyan.core.errors import Invalid
from hongyan.org.access import needs
from hongyan.org.actions import reorganise
from hongyan.org.codes import Right
from hongyan.org.forms.reorganisation import ReorganisationForm
from hongyan.org.lists.reorganisations import REORGANISATIONS
from hongyan.org.panels.reorganisations import (
    changes_since,
    foreseen,
    reorganisation_header,
    reorganisation_sections,
    rows_by_table,
)
from hongyan.org.queries.reorganisations import find_reorganisation, name_units, reorganisations
from hongyan.org.requests import ViewerRequest
from hongyan.ui.lists import ListState, list_of, list_response


@needs(Right.REORGANISE)
@require_GET
def rows(request: ViewerRequest) -> HttpResponse:
    """The list of reorganisations."""
    state = ListState.parse(REORGANISATIONS, request.GET, viewer=request.viewer)
    found = reorganisations(request.viewer)
    shown = list_of(REORGANISATIONS, state, found, rights=request.viewer.rights)
    name_units(shown.page.rows)
    return list_response(request, shown)


@needs(Right.REORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ViewerRequest) -> HttpResponse:
    """Foresee a move, and with `confirm` ask for it: what is shown is worked out anew for what is typed."""
    form = ReorganisationForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        try:
            if "confirm" in request.POST:
                row = reorganise.request_reorganisation(request.viewer, **form.wanted)
                messages.success(request, _("机构调整已提交审批。"))
                return HttpResponseRedirect(reverse("org:reorganisation", args=[row.pk]))
            context["shown"] = foreseen(asdict(reorganise.preview(request.viewer, **form.move)))
        except Invalid as error:
            form.refuse(error)
    return render(request, "org/new_reorganisation.html", context, status=422 if form.errors else 200)


@needs(Right.REORGANISE)
@require_GET
def reorganisation(request: ViewerRequest, number: int) -> HttpResponse:
    """One move: what was foreseen, and what it did."""
    row = find_reorganisation(request.viewer, number)
    context = {
        "row": row,
        "record": reorganisation_header(row),
        "sections": reorganisation_sections(row),
        "shown": foreseen(row.preview),
        "since": changes_since(row.result or {}),
        "moved": rows_by_table((row.result or {}).get("rows", {})),
    }
    return render(request, "org/reorganisation.html", context)
