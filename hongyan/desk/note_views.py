"""Doors of notes and of following, for any kind of records that a room registered."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hongyan.core import clock
from hongyan.core.errors import Invalid
from hongyan.desk.actions import follow as following
from hongyan.desk.actions.notes import mend_note, write_note
from hongyan.desk.codes import NoteSort
from hongyan.desk.note_forms import CallForm, MendForm, NoteForm
from hongyan.desk.queries.notes import find_note
from hongyan.desk.records import find_kind
from hongyan.org.access import needs
from hongyan.org.codes import Right
from hongyan.org.requests import ViewerRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.NOTE_WRITE)
def new_note(request: ViewerRequest, kind: str, key: str) -> HttpResponse:
    """Write a note on a record; with `sort=call` in the address, keep a call in the log."""
    viewer, sent = request.viewer, request.POST if request.method == "POST" else None
    is_call = request.GET.get("sort") == NoteSort.CALL
    subject = find_kind(kind).open(viewer, key, "timeline")
    now = clock.now().astimezone(clock.BUSINESS_ZONE)
    form = CallForm(sent, initial={"at": now, "minutes": 0}) if is_call else NoteForm(sent)
    if form.is_valid():
        try:
            write_note(viewer, subject, text=form.cleaned_data["text"], call=form.call)
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("已记下。"))
            return redirect(subject.url)
    context = {"form": form, "subject": subject, "title": _("记录通话") if is_call else _("写备注")}
    return render(request, "desk/note.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.NOTE_WRITE)
def mend(request: ViewerRequest, note_id: int) -> HttpResponse:
    """Change a note of one's own."""
    viewer = request.viewer
    note, subject = find_note(viewer, note_id)
    form = MendForm(
        request.POST if request.method == "POST" else None,
        initial={"text": note.text, "seen": note.mark},
        needs_text=note.sort == NoteSort.NOTE,
    )
    if form.is_valid():
        try:
            mend_note(viewer, note_id, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("已修改，原来的文字留在记录里。"))
            return redirect(subject.url)
    context = {"form": form, "subject": subject, "title": _("修改备注")}
    return render(request, "desk/note.html", context, status=422 if form.errors else 200)


@require_POST
def follow(request: ViewerRequest, kind: str, key: str) -> HttpResponse:
    """Follow a record, or with `off` follow it no more."""
    subject = find_kind(kind).open(request.viewer, key, "timeline")
    if "off" in request.POST:
        following.unfollow(request.viewer, subject)
        messages.success(request, _("不再关注。"))
    else:
        following.follow(request.viewer, subject)
        messages.success(request, _("已关注：有变化时会收到通知。"))
    return redirect(subject.url)
