"""The check of rights at the door: `@needs(Right.AUDIT_READ)` above a view."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpResponse

from hongyan.core.errors import NotAllowed
from hongyan.org.codes import Right
from hongyan.org.requests import ViewerRequest

Rest = ParamSpec("Rest")
View = Callable[Concatenate[ViewerRequest, Rest], HttpResponse]


def needs(right: Right) -> Callable[[View[Rest]], View[Rest]]:
    """Let only viewers whose post carries the right through. Errors: NotAllowed, which the middleware answers."""

    def guard(view: View[Rest]) -> View[Rest]:
        @wraps(view)
        def guarded(request: ViewerRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
            if not request.viewer.may(right):
                raise NotAllowed(right)
            return view(request, *args, **kwargs)

        return guarded

    return guard
