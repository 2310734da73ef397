"""What `web`'s middleware puts on every request, for doors to read."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from hongyan.core.errors import HongyanError
from hongyan.org.codes import Viewer


class ViewerRequest(HttpRequest):
    """A request of somebody in a post; the transaction is open and its scope is the viewer's.

    `address` is the client's network address, `id` the request's name in the logs. A door that answers errors in a
    shape of its own (the API) leaves the error in `refusal`, so that the middleware rolls back and writes the audit.
    """

    viewer: Viewer
    address: str
    id: str
    refusal: HongyanError | None


class OpenRequest(ViewerRequest):
    """A request at a door that needs no log-in; `viewer` is None for strangers."""

    viewer: Viewer | None  # type: ignore[assignment]


def own_address(request: HttpRequest, target: str, *, otherwise: str) -> str:
    """Where a page asked to go next, if that is on this site."""
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if is_ours else otherwise
