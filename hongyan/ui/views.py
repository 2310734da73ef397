"""Doors of the design system: the reader's preferences, and the gallery while developing."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from hongyan.ui import gallery as samples
from hongyan.ui.appearance import CHOICES, COOKIE_AGE_SECONDS
from hongyan.ui.lists import ListState, list_response


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep the look or the language the reader chose, and go back. Unknown values change nothing."""
    response = HttpResponseRedirect(_back(request))
    for key, allowed in {**CHOICES, "language": tuple(code for code, _name in settings.LANGUAGES)}.items():
        value = request.POST.get(key)
        if value in allowed:
            name = settings.LANGUAGE_COOKIE_NAME if key == "language" else key
            response.set_cookie(
                name,
                value,
                max_age=COOKIE_AGE_SECONDS,
                samesite="Lax",
                httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
            )
    return response


def _back(request: HttpRequest) -> str:
    target = request.POST.get("next", "/")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if is_ours else "/"


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component with long names, nothing, one, many, errors and loading."""
    form = samples.SampleForm(
        {"name": "", "email": "不是邮箱", "day": "2026-02-30"} if "errors" in request.GET else None
    )
    return render(
        request, "ui/gallery/components.html", {**samples.frame(), "form": form, **samples.components()}
    )


def gallery_list(request: HttpRequest) -> HttpResponse:
    """A list over rows in memory: ``?rows=0`` and ``?rows=1`` show its edges."""
    state = ListState.parse(samples.LIST, request.GET)
    shown = samples.list_page(state, rows=int(request.GET.get("rows", "1204")))
    return list_response(request, shown, context=samples.frame())


def gallery_record(request: HttpRequest) -> HttpResponse:
    return render(
        request, "ui/gallery/record.html", {**samples.frame(), **samples.record(request.GET.get("tab", ""))}
    )


def gallery_suggestions(request: HttpRequest) -> HttpResponse:
    typed = request.POST.get("q", "")
    groups = samples.suggestions(typed)
    context = {"groups": groups, "count": sum(len(group.items) for group in groups), "typed": typed}
    return render(request, "ui/suggestions.html", context)


def gallery_dialog(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/gallery/dialog.html", {"form": samples.SampleForm()})


@require_POST
def gallery_reveal(_request: HttpRequest) -> HttpResponse:
    """What an owner's door answers: here a number that belongs to nobody."""
    return JsonResponse({"value": "10000005678", "seconds": 60})
