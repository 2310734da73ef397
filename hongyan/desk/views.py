"""Doors of the desk: messages and saved views."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hongyan.core.errors import Invalid
from hongyan.desk.actions import notifications as telling
from hongyan.desk.actions import saved_views
from hongyan.desk.forms import SavedViewForm
from hongyan.desk.lists import NOTIFICATIONS
from hongyan.desk.models import SavedView
from hongyan.desk.queries import notifications as messages
from hongyan.desk.queries.list_views import find_own_view, own_views, view_query
from hongyan.org.codes import Right
from hongyan.org.requests import ViewerRequest
from hongyan.ui.lists import ListState, list_of, list_response

LONGEST_PATH = 100


@require_GET
def notifications(request: ViewerRequest) -> HttpResponse:
    state = ListState.parse(NOTIFICATIONS, request.GET, viewer=request.viewer)
    return list_response(request, list_of(NOTIFICATIONS, state, messages.notifications(request.viewer)))


@require_GET
def notification(request: ViewerRequest, notification_id: int) -> HttpResponse:
    """Follow a message to what it is about; that it was read is kept."""
    message = telling.read_notification(request.viewer, notification_id)
    return HttpResponseRedirect(_own_address(message.url, reverse("desk:notifications")))


@require_POST
def read_all(request: ViewerRequest) -> HttpResponse:
    telling.read_all_notifications(request.viewer)
    return HttpResponseRedirect(reverse("desk:notifications"))


@require_GET
def my_views(request: ViewerRequest) -> HttpResponse:
    return render(request, "desk/my_views.html", {"views": own_views(request.viewer)})


@require_POST
def save_view(request: ViewerRequest, list_key: str) -> HttpResponse:
    """Keep a new view of the list whose page the form stood on."""
    view = saved_views.create_view(
        request.viewer,
        list_key=list_key,
        path=_page_before(request),
        name=request.POST.get("name", ""),
        query=request.POST.get("query", ""),
        is_shared=request.POST.get("is_shared") == "1",
    )
    return _to_list(view)


@require_POST
def replace_view(request: ViewerRequest, view_id: int) -> HttpResponse:
    return _to_list(saved_views.replace_query(request.viewer, view_id, request.POST.get("query", "")))


@require_http_methods(["GET", "HEAD", "POST"])
def change_view(request: ViewerRequest, view_id: int) -> HttpResponse:
    """The form for a view's name and how it is offered."""
    view = find_own_view(request.viewer, view_id)
    form = SavedViewForm(request.POST or None, initial=vars(view))
    if not request.viewer.may(Right.VIEW_SHARE):
        del form.fields["is_shared"]
    if form.is_valid():
        saved_views.change_view(request.viewer, view_id, **{"is_shared": view.is_shared, **form.cleaned_data})
        return HttpResponseRedirect(reverse("desk:my_views"))
    return render(request, "desk/change_view.html", {"view": view, "form": form})


@require_POST
def delete_view(request: ViewerRequest, view_id: int) -> HttpResponse:
    """Remove a view and go back to its whole list."""
    view = saved_views.delete_view(request.viewer, view_id)
    return HttpResponseRedirect(f"{view.path}?view=")


def _to_list(view: SavedView) -> HttpResponse:
    return HttpResponseRedirect(view.path + view_query(view.pk, view.query))


def _page_before(request: HttpRequest) -> str:
    """The path of the page a form was sent from. Errors: Invalid when the browser does not tell."""
    referrer = urlsplit(request.headers.get("Referer", ""))
    path = _own_address(referrer.path, "")  # a view is shared: `//elsewhere` would send colleagues away
    if referrer.netloc != request.get_host() or not 0 < len(path) <= LONGEST_PATH:
        raise Invalid({"": _("不知道这个视图属于哪个列表，请从列表页保存。")})
    return path


def _own_address(address: str, otherwise: str) -> str:
    """A path of this site; anything else becomes `otherwise`."""
    is_ours = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_ours else otherwise
