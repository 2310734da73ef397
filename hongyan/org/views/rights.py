"""The page that says who can do what, and why one can or cannot."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hongyan.org.codes import Role
from hongyan.org.queries.rights import explained_rights
from hongyan.org.queries.viewers import label_of_post
from hongyan.org.requests import ViewerRequest


@require_GET
def rights(request: ViewerRequest) -> HttpResponse:
    """Every right, with `right` the one somebody came to ask about on top; everybody may read it."""
    viewer, asked = request.viewer, request.GET.get("right", "")
    context = {
        "post": label_of_post(viewer),
        "rights": sorted(explained_rights(viewer), key=lambda shown: shown.right != asked),
        "asked": asked,
        "role_count": len(Role),
    }
    return render(request, "org/rights.html", context)
