"""What `web`'s middleware puts on every request, for doors to read."""

from __future__ import annotations

from django.http import HttpRequest

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
