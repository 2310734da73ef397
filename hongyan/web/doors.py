"""What a door says about itself: whether strangers may enter, whether it keeps its own transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest, HttpResponse

View = TypeVar("View", bound=Callable[..., HttpResponse])

API_ROOT = "/api/"


def own_transaction(view: View) -> View:
    """Mark a view that is called without viewer, transaction and scope: the health check, which must not fail."""
    view.has_own_transaction = True  # type: ignore[attr-defined]
    return view


def has_own_transaction(view: Callable[..., HttpResponse]) -> bool:
    """Whether a view was marked by `own_transaction`."""
    return getattr(view, "has_own_transaction", False)


def unattended(view: View) -> View:
    """Mark a view that open pages ask by themselves: nobody may be there, so it does not keep their session alive."""
    view.is_unattended = True  # type: ignore[attr-defined]
    return view


def is_unattended(view: Callable[..., HttpResponse]) -> bool:
    """Whether a view was marked by `unattended`."""
    return getattr(view, "is_unattended", False)


def is_open(view: Callable[..., HttpResponse]) -> bool:
    """Whether a view is marked `login_not_required`."""
    return not getattr(view, "login_required", True)


def is_api(request: HttpRequest) -> bool:
    """Whether a request is for the API, which answers strangers itself, with 401."""
    return request.path_info.startswith(API_ROOT)
