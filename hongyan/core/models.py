"""Tables of the kernel. They know no business noun; units, staff and lines are plain numbers and texts here."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from hongyan.core.free_text import FreeJSON, FreeText


class NumberSeries(models.Model):
    """The next number of a series; see `core.numbering`."""

    name = models.CharField(max_length=40, primary_key=True)
    next = models.BigIntegerField()


class AuditRow(models.Model):
    """The columns of an audited act.

    `before` and `after` hold masked values only. Who was `asked` what for saw nothing yet, and was not refused either.
    `org_no` is the number of the unit the actor acted for and drives who may read the row. `mac` covers all other
    columns; see `core.audit`.
    """

    class Result(models.TextChoices):
        DONE = "done"
        DENIED = "denied"
        ASKED = "asked"

    at = models.DateTimeField()
    actor = models.CharField(max_length=40)
    actor_name = models.CharField(max_length=80, blank=True)
    post_id = models.BigIntegerField(null=True)
    org_no = models.BigIntegerField(default=0)
    address = models.CharField(max_length=45, blank=True)
    act = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    purpose = models.CharField(max_length=200, blank=True)
    result = models.CharField(max_length=10, choices=Result)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    count = models.IntegerField(default=1)
    mac = models.BinaryField(max_length=32)

    class Meta:
        abstract = True


class AuditEvent(AuditRow):
    """Who did what to which record, when, why, with what result (审计). Append-only by grant, a partition a month."""

    id = models.BigAutoField(primary_key=True)

    class Meta:
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_at"),
            models.Index(fields=["subject_kind", "subject", "-at"], name="audit_subject"),
            models.Index(fields=["actor", "-at"], name="audit_actor"),
        ]


class AuditSeal(models.Model):
    """A run of audit rows, closed for good (审计封签). Append-only by grant; see `core.audit_seals`.

    `leaves` holds (row number, 8 bytes; leaf, 16 bytes) of every row with `first_id <= id <= last_id`; `root` is
    their Merkle root; `mac` covers all columns and the `mac` of the seal before.
    """

    number = models.BigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    leaves = models.BinaryField()
    root = models.BinaryField(max_length=32)
    mac = models.BinaryField(max_length=32)


class AuditArchive(models.Model):
    """A month of the audit that was written to a sealed file and dropped (审计归档). Append-only by grant.

    `uuid` names the file; `rows` with numbers from `first_id` to `last_id` are in it, `digest` is the SHA-256 of its
    content, `root` a digest over their leaves; `mac` covers all columns. See `core.audit_archives`.
    """

    month = models.DateField(primary_key=True)
    uuid = models.UUIDField()
    rows = models.BigIntegerField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    root = models.BinaryField(max_length=32)
    archived_at = models.DateTimeField()
    mac = models.BinaryField(max_length=32)


class OpenedAuditEvent(AuditRow):
    """A row of an archived month, laid open again until an instant (取出的审计); see `core.audit_openings`."""

    id = models.BigIntegerField(primary_key=True)
    month = models.DateField()
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["month", "-at", "-id"], name="opened_audit_month")]


class AuditAlert(models.Model):
    """Somebody read conspicuously much (查阅告警): `count` rows of personal data from `since` to `until`."""

    raised_at = models.DateTimeField()
    actor = models.CharField(max_length=40)
    actor_name = models.CharField(max_length=80, blank=True)
    org_no = models.BigIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    count = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["-raised_at", "-id"], name="audit_alert_raised")]


class ExceptionEvent(models.Model):
    """What went wrong, once for all its occurrences (异常, CUS-011). Holds nothing of whom or what it concerned.

    `name` is the kind of error, `place` where it happened: a function, a door or a task. `references` are the numbers
    of its last occurrences, as the error page showed them and the log lines bear them. One that is handled opens again
    when it happens again. What is routine, a page that is not there or not theirs, asks nobody to handle it.
    """

    class Kind(models.TextChoices):
        ERROR = "error"
        JOB = "job"
        REFUSED = "refused"
        DENIED = "denied"

    class State(models.TextChoices):
        OPEN = "open"
        HANDLED = "handled"
        ROUTINE = "routine"

    fingerprint = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=120)
    place = models.CharField(max_length=200)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    count = models.BigIntegerField(default=1)
    references = ArrayField(models.CharField(max_length=32), default=list)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    note = FreeText(max_length=500, blank=True)
    handled_by = models.CharField(max_length=40, blank=True)
    handled_at = models.DateTimeField(null=True)

    @property
    def said(self) -> dict[str, object] | None:
        """What somebody said about it, None where nobody did; more occurrences of one that is open change nothing."""
        if self.handled_at is None:
            return None
        return {"state": self.state, "note": self.note, "by": self.handled_by, "at": self.handled_at}

    class Meta:
        indexes = [models.Index(fields=["-last_seen", "-id"], name="exception_last_seen")]


class ParameterValue(models.Model):
    """One dated value of a parameter, for a unit (by number; null = everywhere) and a line ("" = all)."""

    key = models.CharField(max_length=80)
    unit_id = models.BigIntegerField(null=True)
    line = models.CharField(max_length=2, blank=True)
    value = models.JSONField()
    effective_from = models.DateField()
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=40)
    reason = FreeText(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "unit_id", "line", "effective_from"],
                name="parameter_value_once",
                nulls_distinct=False,
            )
        ]


class CalendarDay(models.Model):
    """A day of which the calendar says something: a holiday, or a weekend's day that is worked (调休上班).

    Days without a row follow the week. `note` names the holiday, `source` is where the statement comes from.
    """

    class Source(models.TextChoices):
        PACKAGE = "package"
        PERSON = "person"

    day = models.DateField(primary_key=True)
    is_working = models.BooleanField()
    note = FreeText(max_length=40, blank=True)
    source = models.CharField(max_length=10, choices=Source)
    updated_at = models.DateTimeField()
    updated_by = models.CharField(max_length=40)


class CalendarYear(models.Model):
    """A year whose holidays are known; a year without a row is open: only its weekends are (未公布)."""

    class State(models.TextChoices):
        SEEDED = "seeded"
        CONFIRMED = "confirmed"

    year = models.SmallIntegerField(primary_key=True)
    state = models.CharField(max_length=10, choices=State)
    updated_at = models.DateTimeField()
    updated_by = models.CharField(max_length=40)


class JobRun(models.Model):
    """One long job as people see it: progress, cancel, result (任务). The queue's own row carries it out."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    id = models.BigAutoField(primary_key=True)
    task = models.CharField(max_length=80)
    subject = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    result = FreeJSON(null=True)
    error = models.CharField(max_length=200, blank=True)
    cancel_requested = models.BooleanField(default=False)
    created_by = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-created_at"], name="job_run_created")]


class Rate(models.Model):
    """How much of an allowance is used (频率): when `key` will have its whole allowance again; see `core.rates`.

    Unlogged, and rewritten by every request that counts.
    """

    key = models.CharField(max_length=60, primary_key=True)
    full_at = models.DateTimeField()
