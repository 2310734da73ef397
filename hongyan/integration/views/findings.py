"""Door of what was found in the public data sets."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hongyan.integration import panels
from hongyan.integration.queries.findings import findings as found
from hongyan.org.access import needs
from hongyan.org.codes import Right
from hongyan.org.requests import ViewerRequest


@require_safe
@needs(Right.INTAKE_READ)
def findings(request: ViewerRequest) -> HttpResponse:
    """What came of every public data set: rows, sums, faults, the months it fills."""
    context = {"findings": found(request.viewer), "sections": panels.sections("findings")}
    return render(request, "integration/findings.html", context)
