"""What any record can have. This room knows no business noun: subjects are a kind and a key."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import Q

from hongyan.core.free_text import FreeJSON, FreeText
from hongyan.core.versions import mark
from hongyan.desk.codes import (
    CallDirection,
    CallResult,
    Every,
    ExportFailure,
    ExportFormat,
    ExportState,
    FileCategory,
    FileMedia,
    FileState,
    MailFailure,
    MailSort,
    MailState,
    MassOutcome,
    MassState,
    NoteSort,
    Priority,
    Repeat,
    ScheduleFailure,
    ScheduleState,
    TaskAct,
    TaskState,
)
from hongyan.desk.rules import Quiet
from hongyan.desk.work_models import WorkItem as WorkItem
from hongyan.org.codes import Right, Viewer


class SavedView(models.Model):
    """A list's filters, sort and columns under a name (保存的视图): private, or shared.

    `list_key` names the list, `path` is its page, `query` the query string that brings the view back. A shared view
    is offered at the owner's unit (`unit_id`) and all units beneath it.
    """

    owner = models.CharField(max_length=40)
    unit_id = models.BigIntegerField()
    list_key = models.CharField(max_length=60)
    path = FreeText(max_length=100)
    name = FreeText(max_length=60)
    query = models.CharField(max_length=2000)
    is_shared = models.BooleanField(default=False)
    is_pinned = models.BooleanField(default=True)
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "list_key", "name"], name="saved_view_name"),
            models.UniqueConstraint(
                fields=["owner", "list_key"], condition=Q(is_default=True), name="saved_view_one_default"
            ),
        ]
        indexes = [
            models.Index(
                fields=["list_key", "unit_id"], condition=Q(is_shared=True), name="saved_view_shared"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kept(self) -> dict[str, object]:
        """What its owner can change, as `core.versions` compares it."""
        names = ("name", "query", "is_shared", "is_pinned", "is_default")
        return {name: getattr(self, name) for name in names}


class Notification(models.Model):
    """A message to one person about something that happened (通知). `kind` and `params` make the sentence.

    No personal data in `params`: ids, counts and names of files only.
    """

    recipient = models.CharField(max_length=40)
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    params = FreeJSON(default=dict)
    url = models.CharField(max_length=300, blank=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["recipient", "-at"], name="notification_recipient"),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="notification_unread"),
        ]

    def __str__(self) -> str:
        return self.kind


class Export(models.Model):
    """Rows of a list taken away as a file (导出): who, which, what for, and what became of it. It outlives the file.

    It belongs to the post it was asked for in, whose number `org_no` walls it. `list_key` and `query` bring the list
    back; `rows` is how many it had when it was asked for, `written` how many the file has, `columns` what they are
    called. `size` in bytes and `digest` (SHA-256) are of the content, which is kept sealed under `uuid`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.CharField(max_length=40)
    staff_id = models.BigIntegerField()
    post_id = models.BigIntegerField()
    org_no = models.BigIntegerField()
    list_key = models.CharField(max_length=60)
    query = models.CharField(max_length=2000, blank=True)
    language = models.CharField(max_length=10)
    format = models.CharField(max_length=4, choices=ExportFormat)
    purpose = models.CharField(max_length=20)
    note = FreeText(max_length=100, blank=True)
    at = models.DateTimeField()
    rows = models.IntegerField()
    state = models.CharField(max_length=10, choices=ExportState)
    failure = models.CharField(max_length=10, choices=ExportFailure, blank=True)
    approval_id = models.BigIntegerField(null=True)
    run_id = models.BigIntegerField(null=True)
    columns = models.JSONField(default=list)
    written = models.IntegerField(null=True)
    size = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField(null=True)
    downloads = models.IntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-at"], name="export_owner"),
            models.Index(fields=["state", "expires_at"], name="export_state"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it; it stands in the file."""
        return f"X{self.pk:08}"


class Schedule(models.Model):
    """A list that is taken away again and again (定时报表): which, how often, what for, and what came of it last.

    It belongs to the post it was asked for in, whose number `org_no` walls it. Each time an export is asked for as that
    person, by the rules of that moment. `weekday` counts from 1, Monday; `day` is of the month; `hour` in China.
    """

    owner = models.CharField(max_length=40)
    staff_id = models.BigIntegerField()
    post_id = models.BigIntegerField()
    org_no = models.BigIntegerField()
    name = FreeText(max_length=40)
    list_key = models.CharField(max_length=60)
    query = models.CharField(max_length=2000, blank=True)
    language = models.CharField(max_length=10)
    format = models.CharField(max_length=4, choices=ExportFormat)
    purpose = models.CharField(max_length=20)
    note = FreeText(max_length=100)
    every = models.CharField(max_length=5, choices=Every)
    hour = models.SmallIntegerField()
    weekday = models.SmallIntegerField()
    day = models.SmallIntegerField()
    state = models.CharField(max_length=6, choices=ScheduleState, default=ScheduleState.ACTIVE)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True)
    export_id = models.BigIntegerField(null=True)
    failure = models.CharField(max_length=8, choices=ScheduleFailure, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(hour__range=(0, 23), weekday__range=(1, 7), day__range=(1, 28)),
                name="schedule_when",
            )
        ]
        indexes = [
            models.Index(fields=["owner", "-created_at"], name="schedule_owner"),
            models.Index(fields=["next_at"], condition=Q(state="active"), name="schedule_due"),
            models.Index(fields=["export_id"], name="schedule_export"),
        ]

    def __str__(self) -> str:
        return self.name


class MassRun(models.Model):
    """One act on many rows of a list (批量修改单): chosen, looked at beforehand, done by a job, undone by a job.

    It is its maker's alone, in the post it was last worked on in, whose number `org_no` walls it. `given` is what the
    act was asked for, as codes and ids; `after` the last item that the present step is done with.
    """

    id = models.BigAutoField(primary_key=True)
    list_key = models.CharField(max_length=60)
    act = models.CharField(max_length=20, blank=True)
    given = FreeJSON(default=dict)
    reason = FreeText(max_length=200, blank=True)
    state = models.CharField(max_length=8, choices=MassState, default=MassState.DRAFT)
    owner = models.CharField(max_length=40)
    staff_id = models.BigIntegerField()
    post_id = models.BigIntegerField()
    org_no = models.BigIntegerField()
    size = models.IntegerField()
    after = models.BigIntegerField(default=0)
    run_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["owner", "-made_at"], name="mass_run_owner")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it."""
        return f"M{self.pk:07}"


class MassItem(models.Model):
    """One row of an act on many, by its key in the list: what it was and becomes, as codes, and what came of it.

    `why` is the code of the reason it was left; `memo` is what undoing it takes.
    """

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(MassRun, models.CASCADE, related_name="items", db_index=False)
    key = models.BigIntegerField()
    outcome = models.CharField(max_length=8, choices=MassOutcome, default=MassOutcome.CHOSEN)
    why = models.CharField(max_length=20, blank=True)
    was = FreeText(max_length=300, blank=True)
    becomes = FreeText(max_length=300, blank=True)
    memo = FreeJSON(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "key"], name="mass_item_once")]
        indexes = [models.Index(fields=["run", "outcome", "id"], name="mass_item_outcome")]


class Note(models.Model):
    """What somebody wrote on a record, or a call they had (备注、通话记录); its former words are kept.

    `kind` and `record_id` name the record (see `desk.records`), whose room walls it. It stands under the id it was
    written under. Of a call: when it began, who called, what came of it, and how many minutes it took.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=20)
    record_id = models.BigIntegerField()
    sort = models.CharField(max_length=4, choices=NoteSort)
    text = FreeText(max_length=2000, blank=True)
    staff_id = models.BigIntegerField()
    staff_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    mended_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    direction = models.CharField(max_length=3, choices=CallDirection, blank=True)
    result = models.CharField(max_length=9, choices=CallResult, blank=True)
    minutes = models.SmallIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "record_id", "-id"], name="note_record")]

    def __str__(self) -> str:
        return f"{self.kind}/{self.record_id}/{self.pk}"

    @property
    def mark(self) -> str:
        """By which a form tells that the words were changed meanwhile."""
        return mark({"text": self.text})


class NoteVersion(models.Model):
    """What a note said before, until when. Rows stay for ever."""

    id = models.BigAutoField(primary_key=True)
    note = models.ForeignKey(Note, models.PROTECT, related_name="versions")
    text = FreeText(max_length=2000, blank=True)
    until = models.DateTimeField()


class Follow(models.Model):
    """That somebody follows a record (关注) and hears what happens to it; walled as notes are."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=20)
    record_id = models.BigIntegerField()
    staff_id = models.BigIntegerField()
    staff_no = models.CharField(max_length=40)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "record_id", "staff_id"], name="follow_once")]
        indexes = [models.Index(fields=["staff_id", "kind"], name="follow_staff")]


class RecordFile(models.Model):
    """A file of a record (文件): a licence, a contract, a copy of papers. One row a version; rows stay for ever.

    `kind` and `record_id` name the record (see `desk.records`), whose room walls it. Versions of one file have one
    `series` and are numbered from 1; the last that was not refused is the current one. The content is kept sealed under
    `uuid`; `size` in bytes and `digest` (SHA-256) are of it, `media` is what it was found to be. `finding` is what the
    scanner said. Of a file that was taken away: when, and by whom. `told_for` is the last day that its keepers were
    told of.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    series = models.UUIDField()
    version = models.SmallIntegerField(default=1)
    is_current = models.BooleanField(default=True)
    kind = models.CharField(max_length=20)
    record_id = models.BigIntegerField()
    category = models.CharField(max_length=10, choices=FileCategory)
    name = FreeText(max_length=260, blank=True)
    remark = FreeText(max_length=100, blank=True)
    valid_until = models.DateField(null=True)
    media = models.CharField(max_length=4, choices=FileMedia)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=9, choices=FileState)
    finding = FreeText(max_length=200, blank=True)
    staff_id = models.BigIntegerField()
    staff_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    removed_by = models.CharField(max_length=60, blank=True)
    told_for = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "version"], name="file_version"),
            models.UniqueConstraint(fields=["series"], condition=Q(is_current=True), name="file_one_current"),
        ]
        indexes = [
            models.Index(fields=["kind", "record_id", "-id"], name="file_record"),
            models.Index(
                fields=["kind", "valid_until", "id"],
                condition=Q(is_current=True, removed_at=None, valid_until__isnull=False),
                name="file_until",
            ),
            models.Index(fields=["id"], condition=Q(state__in=["checking", "failed"]), name="file_unchecked"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """What people call it; the version is not part of it."""
        return f"F{self.pk:08}"

    @property
    def mark(self) -> str:
        """By which a form tells that what is said of the file was changed meanwhile, or another version came."""
        names = ("version", "category", "remark", "valid_until", "removed_at")
        return mark({name: getattr(self, name) for name in names})


class TaskQuerySet(models.QuerySet["Task"]):
    """To-dos as a viewer may see them."""

    def visible_to(self, viewer: Viewer) -> TaskQuerySet:
        """Those of one's own, and those one made; of the whole range for who assigns them there."""
        tasks = self
        if not viewer.scope.everything:
            tasks = tasks.filter(org_no__range=(viewer.scope.lo, viewer.scope.hi))
        if viewer.may(Right.TASK_ASSIGN):
            return tasks
        return tasks.filter(Q(staff_id__in=viewer.people) | Q(maker_id__in=viewer.people))


class Task(models.Model):
    """Something to be done (待办): by whom, until when, perhaps about a record, and what came of it.

    It belongs to the post of whoever is to do it, whose number `org_no` walls it; the room of a kind of records lets
    those who see the record read it too. One for a whole day is due at its end. `first_due_at` is when the series it
    belongs to began, so that one of the 31st comes back on the last day of short months and on the 31st of long ones.
    `remind_minutes` before it is due one is told, at `remind_at`, once.
    """

    id = models.BigAutoField(primary_key=True)
    title = FreeText(max_length=100)
    kind = models.CharField(max_length=20, blank=True)
    record_id = models.BigIntegerField(null=True)
    due_at = models.DateTimeField()
    is_all_day = models.BooleanField(default=False)
    priority = models.SmallIntegerField(choices=Priority, default=Priority.NORMAL)
    repeat = models.CharField(max_length=7, choices=Repeat, blank=True)
    first_due_at = models.DateTimeField()
    remind_minutes = models.SmallIntegerField(null=True)
    remind_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=7, choices=TaskState, default=TaskState.OPEN)
    staff_id = models.BigIntegerField()
    staff_no = models.CharField(max_length=40)
    staff_name = models.CharField(max_length=60)
    org_no = models.BigIntegerField()
    maker_id = models.BigIntegerField()
    maker_no = models.CharField(max_length=40)
    maker_name = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    postponed = models.SmallIntegerField(default=0)
    result = FreeText(max_length=500, blank=True)
    closed_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    objects = TaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="", record_id=None) | (~Q(kind="") & Q(record_id__isnull=False)),
                name="task_record",
            )
        ]
        indexes = [
            models.Index(fields=["staff_id", "state", "due_at"], name="task_staff"),
            models.Index(fields=["maker_id", "state", "due_at"], name="task_maker"),
            models.Index(fields=["org_no", "state", "due_at"], name="task_org"),
            models.Index(
                fields=["kind", "record_id", "due_at"], condition=~Q(kind=""), name="task_record_due"
            ),
            models.Index(
                fields=["remind_at"],
                condition=Q(state="open", reminded_at=None, remind_at__isnull=False),
                name="task_remind",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it."""
        return f"T{self.pk:08}"


class TaskStep(models.Model):
    """What somebody did with a to-do (待办经过), why, and when it was due from then on. Rows stay for ever."""

    id = models.BigAutoField(primary_key=True)
    task = models.ForeignKey(Task, models.PROTECT, related_name="steps")
    act = models.CharField(max_length=9, choices=TaskAct)
    at = models.DateTimeField()
    staff_name = models.CharField(max_length=60)
    to_name = models.CharField(max_length=60, blank=True)
    due_at = models.DateTimeField()
    reason = FreeText(max_length=500, blank=True)


class NoticeSettings(models.Model):
    """How one of the house's people wants to hear of things (通知设置); who has no row hears in the page alone.

    `ways`: family → how. From `quiet_from` to `quiet_to`, hours in China, no mail is sent, nor on days off to those who
    want `quiet_days`. `digested_at`: up to when a digest told. The address counts from `confirmed_at` on; before, a
    mail brings it the code whose keyed hash is `code_digest`. `codes_asked` are those of the day `codes_on`.
    """

    uuid = models.UUIDField(unique=True, editable=False)
    staff_no = models.CharField(max_length=40, unique=True)
    ways = models.JSONField(default=dict)
    wants_digest = models.BooleanField(default=False)
    quiet_from = models.SmallIntegerField()
    quiet_to = models.SmallIntegerField()
    quiet_days = models.BooleanField(default=True)
    digested_at = models.DateTimeField()
    address_sealed = models.BinaryField(default=b"")
    address_masked = models.CharField(max_length=254, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    code_digest = models.BinaryField(default=b"")
    code_until = models.DateTimeField(null=True)
    code_failures = models.SmallIntegerField(default=0)
    codes_on = models.DateField(null=True)
    codes_asked = models.SmallIntegerField(default=0)

    SEALED: ClassVar[Mapping[str, str]] = {"address_sealed": "desk_noticesettings.address"}
    BOUND: ClassVar[tuple[str, ...]] = ("staff_no",)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__range=(0, 23), quiet_to__range=(0, 23)), name="notice_settings_quiet"
            )
        ]
        indexes = [
            models.Index(
                fields=["digested_at"], condition=Q(wants_digest=True), name="notice_settings_digest"
            )
        ]

    def __str__(self) -> str:
        return self.staff_no

    @property
    def quiet(self) -> Quiet:
        """When its person wants no mail."""
        return Quiet(self.quiet_from, self.quiet_to, on_days_off=self.quiet_days)

    @property
    def kept(self) -> dict[str, object]:
        """What its person can change in the form, as `core.versions` compares it."""
        return {name: getattr(self, name) for name in ("ways", "quiet_from", "quiet_to", "quiet_days")}


class Mail(models.Model):
    """A mail to one of the house's people: to be sent at `next_at`, or what became of it (发件箱).

    It holds no words and no address: both are read when it is sent. A digest tells what came from `since` on.
    """

    staff_no = models.CharField(max_length=40)
    sort = models.CharField(max_length=6, choices=MailSort)
    notification = models.ForeignKey(Notification, models.CASCADE, null=True, related_name="+")
    since = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=MailState, default=MailState.WAITING)
    tries = models.SmallIntegerField(default=0)
    failure = models.CharField(max_length=7, choices=MailFailure, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="waiting"), name="mail_due"),
            models.Index(fields=["staff_no", "-made_at"], name="mail_staff"),
        ]

    def __str__(self) -> str:
        return f"{self.sort} {self.pk}"


class Shortcut(models.Model):
    """A way back to a record (快捷方式): that somebody opened it lately, or pinned it. Nothing of what it holds.

    It belongs to the post it was opened in, whose number `org_no` walls it. `opened_at` is null where the record was
    only pinned. Whether it may still be seen is asked of its room each time.
    """

    id = models.BigAutoField(primary_key=True)
    staff_id = models.BigIntegerField()
    post_id = models.BigIntegerField()
    org_no = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=40)
    opened_at = models.DateTimeField(null=True)
    pinned_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff_id", "post_id", "kind", "key"], name="shortcut_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.key}"
