"""One's own page: posts, last log-ins, API tokens."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_POST

from hongyan.org.actions import api_tokens
from hongyan.org.queries.me import my_page
from hongyan.org.requests import ViewerRequest


@require_GET
def me(request: ViewerRequest) -> HttpResponse:
    return render(request, "org/me.html", {"me": my_page(request.viewer)})


@require_POST
@sensitive_variables("text")
def make_token(request: ViewerRequest) -> HttpResponse:
    """Show the new token, this once: the page is an answer to a POST and is kept nowhere."""
    token, text = api_tokens.make_api_token(request.viewer, name=request.POST.get("name", ""))
    return render(request, "org/me.html", {"me": my_page(request.viewer), "new_token": token, "text": text})


@require_POST
def revoke_token(request: ViewerRequest, token_id: int) -> HttpResponse:
    api_tokens.revoke_api_token(request.viewer, token_id)
    return HttpResponseRedirect(reverse("org:me"))
