"""Tables of the kernel. They know no business noun; units, staff and lines are plain numbers and texts here."""

from __future__ import annotations

from django.db import models


class NumberSeries(models.Model):
    """The next number of a series; see `core.numbering`."""

    name = models.CharField(max_length=40, primary_key=True)
    next = models.BigIntegerField()


class AuditEvent(models.Model):
    """Who did what to which record, when, why, and with what result (审计). Append-only by grant.

    `before` and `after` hold masked values only. `org_no` is the number of the unit the actor acted for and
    drives who may read the row. `mac` covers all other columns; see `core.audit`.
    """

    class Result(models.TextChoices):
        DONE = "done"
        DENIED = "denied"

    id = models.BigAutoField(primary_key=True)
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


class ParameterValue(models.Model):
    """One dated value of a parameter, for a unit (by number; null = everywhere) and a line ("" = all)."""

    key = models.CharField(max_length=80)
    unit_id = models.BigIntegerField(null=True)
    line = models.CharField(max_length=2, blank=True)
    value = models.JSONField()
    effective_from = models.DateField()
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=40)
    reason = models.CharField(max_length=200, blank=True)

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
    note = models.CharField(max_length=40, blank=True)
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
    result = models.JSONField(null=True)
    error = models.CharField(max_length=200, blank=True)
    cancel_requested = models.BooleanField(default=False)
    created_by = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-created_at"], name="job_run_created")]
