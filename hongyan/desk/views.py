"""Doors of the desk: messages, saved views, exports."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from hongyan.core.errors import Invalid
from hongyan.core.versions import mark
from hongyan.desk.actions import exports as taking_away
from hongyan.desk.actions import notifications as telling
from hongyan.desk.actions import saved_views
from hongyan.desk.export_files import Download
from hongyan.desk.exports import find_source
from hongyan.desk.forms import ExportForm, SavedViewForm
from hongyan.desk.lists import EXPORTS, NOTIFICATIONS
from hongyan.desk.models import SavedView
from hongyan.desk.panels import asked_fields, export_view
from hongyan.desk.queries import exports as exporting
from hongyan.desk.queries import notifications as messages
from hongyan.desk.queries.list_views import find_own_view, opening_query, own_views, view_query
from hongyan.desk.queries.list_views import saved_views as shown_views
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
    query, seen = request.POST.get("query", ""), request.POST.get("seen", "")
    return _to_list(saved_views.replace_query(request.viewer, view_id, query, seen=seen))


@require_http_methods(["GET", "HEAD", "POST"])
def change_view(request: ViewerRequest, view_id: int) -> HttpResponse:
    """The form for a view's name and how it is offered."""
    view = find_own_view(request.viewer, view_id)
    form = SavedViewForm(request.POST or None, initial={**view.kept, "seen": mark(view.kept)})
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


@require_safe
def exports(request: ViewerRequest) -> HttpResponse:
    """What the viewer took away, or asked for, in the present post."""
    views = shown_views(request.viewer, EXPORTS.key)
    if opening := opening_query(views, request.GET):
        return HttpResponseRedirect(opening)
    state = ListState.parse(EXPORTS, request.GET, viewer=request.viewer)
    shown = list_of(
        EXPORTS,
        state,
        exporting.own_exports(request.viewer),
        views=views,
        rights=request.viewer.rights,
        save_as_url=reverse("desk:save_view", args=[EXPORTS.key]),
    )
    return list_response(request, shown)


@require_http_methods(["GET", "HEAD", "POST"])
def new_export(request: ViewerRequest, key: str) -> HttpResponse:
    """Ask for the rows of a list, as the same address narrows it."""
    viewer = request.viewer
    source = find_source(viewer, key)
    found = source.read(viewer, request.GET)
    asked = exporting.asking(viewer, found.rows, by_approval=source.by_approval)
    form = ExportForm(
        request.POST if request.method == "POST" else None,
        purposes=source.purposes,
        formats=source.formats,
        needs_note=asked.needs_approval,
    )
    if form.is_valid():
        export = taking_away.request_export(viewer, source, found, **form.cleaned_data)
        return HttpResponseRedirect(reverse("desk:export", args=[export.pk]))
    context = {
        "form": form,
        "title": found.state.spec.title,
        "lead": source.lead,
        "asked": asked,
        "asked_fields": asked_fields(found.state, asked),
        "free": f"{asked.limits.free:,}",
        "refusal": next(iter(found.state.problems), taking_away.sentence_of(asked)),
        "back_url": f"{reverse(source.address)}{found.state.link()}",
        "schedule_url": ""
        if source.write
        else f"{reverse('desk:new_schedule', args=[key])}{found.state.link()}",
    }
    return render(request, "desk/new_export.html", context, status=422 if form.errors else 200)


@require_safe
def export(request: ViewerRequest, export_id: int) -> HttpResponse:
    """How an export stands; the part that changes is fetched anew while it is written."""
    found = exporting.find_export(request.viewer, export_id)
    template = "desk/export.html#state" if request.headers.get("HX-Request") else "desk/export.html"
    return render(request, template, {"shown": export_view(request.viewer, found)})


@require_POST
def cancel_export(request: ViewerRequest, export_id: int) -> HttpResponse:
    """Take back an export that is not written yet."""
    taking_away.cancel_export(request.viewer, export_id)
    return HttpResponseRedirect(reverse("desk:export", args=[export_id]))


@require_GET
def export_file(request: ViewerRequest, export_id: int) -> Download:
    """The file, for its owner alone."""
    content = taking_away.open_export(request.viewer, export_id)
    return Download(content.pieces, name=content.name, file_format=content.format, size=content.size)


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
