"""Doors of files of records, for any kind of records that a room registered."""

from __future__ import annotations

from typing import BinaryIO, cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from hongyan.core.errors import Invalid
from hongyan.desk.actions import files as acts
from hongyan.desk.actions.files import Brought
from hongyan.desk.file_forms import FileForm, NewFilesForm, ReplaceForm
from hongyan.desk.file_panels import file_page
from hongyan.desk.models import RecordFile
from hongyan.desk.queries.files import find_file, limits_for
from hongyan.desk.record_files import FileAnswer
from hongyan.desk.records import Subject, find_kind
from hongyan.org.access import needs
from hongyan.org.codes import Right
from hongyan.org.requests import ViewerRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.FILE_WRITE)
def new_files(request: ViewerRequest, kind: str, key: str) -> HttpResponse:
    """Keep files on a record: the form; posted, the record with them."""
    viewer, is_sent = request.viewer, request.method == "POST"
    subject = find_kind(kind).open(viewer, key, "files")
    form = NewFilesForm(request.POST, request.FILES) if is_sent else NewFilesForm()
    if form.is_valid():
        try:
            kept = acts.add_files(
                viewer, subject, [_brought(one) for one in form.cleaned_data["sent"]], form.said
            )
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("已上传 {count} 份文件。").format(count=len(kept)))
            return redirect(subject.files_url)
    return _form(request, form, subject, title=_("上传文件"))


@require_safe
@needs(Right.FILE_READ)
def file(request: ViewerRequest, file_id: int) -> HttpResponse:
    """A file: what is known of it, how it looks, its versions."""
    found, subject = _opened(request, file_id)
    answer = render(request, "desk/file.html", {"shown": file_page(request.viewer, found, subject)})
    answer.frames_own = True  # type: ignore[attr-defined]
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.FILE_WRITE)
def change_file(request: ViewerRequest, file_id: int) -> HttpResponse:
    """Say something else of a file."""
    found, subject = _opened(request, file_id)
    form = FileForm(request.POST if request.method == "POST" else None, initial=_stands(found))
    if form.is_valid():
        try:
            acts.change_file(request.viewer, file_id, form.said, seen=form.cleaned_data["seen"])
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("已修改。"))
            return redirect("desk:file", file_id)
    return _form(request, form, subject, title=_("修改文件的说明"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.FILE_WRITE)
def replace_file(request: ViewerRequest, file_id: int) -> HttpResponse:
    """Bring a new version of a file."""
    found, subject = _opened(request, file_id)
    is_sent = request.method == "POST"
    form = ReplaceForm(request.POST, request.FILES) if is_sent else ReplaceForm(initial=_stands(found))
    if form.is_valid():
        brought, seen = _brought(form.cleaned_data["sent"]), form.cleaned_data["seen"]
        try:
            fresh = acts.replace_file(request.viewer, file_id, brought, form.said, seen=seen)
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("已换成新版本，原来的版本仍可查看。"))
            return redirect("desk:file", fresh.pk)
    return _form(request, form, subject, title=_("上传新版本"))


@require_POST
@needs(Right.FILE_WRITE)
def remove_file(request: ViewerRequest, file_id: int) -> HttpResponse:
    """Take a file away."""
    _found, subject = find_file(request.viewer, file_id)
    acts.take_away(request.viewer, file_id, seen=request.POST.get("seen"))
    messages.success(request, _("已移除，可在“已移除的文件”中恢复。"))
    return redirect(subject.files_url)


@require_POST
@needs(Right.FILE_WRITE)
def restore_file(request: ViewerRequest, file_id: int) -> HttpResponse:
    """Put a file back that was taken away."""
    acts.restore_file(request.viewer, file_id)
    messages.success(request, _("已恢复。"))
    return redirect("desk:file", file_id)


@require_GET
def view_file(request: ViewerRequest, file_id: int) -> FileAnswer:
    """The content, to be looked at in place."""
    return FileAnswer(acts.open_content(request.viewer, file_id, act="file.viewed"), is_kept=False)


@require_GET
def download_file(request: ViewerRequest, file_id: int) -> FileAnswer:
    """The content, to be taken along."""
    return FileAnswer(acts.open_content(request.viewer, file_id, act="file.downloaded"), is_kept=True)


def _form(request: ViewerRequest, form: FileForm, subject: Subject, *, title: str) -> HttpResponse:
    context = {
        "form": form,
        "subject": subject,
        "title": title,
        "back_url": subject.files_url,
        "takes_files": "sent" in form.fields,
        "most_mb": limits_for(request.viewer).most_bytes >> 20,
    }
    return render(request, "desk/file_form.html", context, status=422 if form.errors else 200)


def _opened(request: ViewerRequest, file_id: int) -> tuple[RecordFile, Subject]:
    """A file whose record the viewer opens, with the audit and under the rules of its room."""
    found, subject = find_file(request.viewer, file_id)
    return found, find_kind(found.kind).open(request.viewer, subject.key, "files")


def _stands(found: RecordFile) -> dict[str, object]:
    return {
        "category": found.category,
        "remark": found.remark,
        "valid_until": found.valid_until,
        "seen": found.mark,
    }


def _brought(one: UploadedFile[bytes]) -> Brought:
    return Brought(one.name or "", cast(BinaryIO, one.file))
