"""What any record can have. This room knows no business noun: subjects are a kind and a key."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class SavedView(models.Model):
    """A list's filters, sort and columns under a name (保存的视图): private, or shared.

    `list_key` names the list, `path` is its page, `query` the query string that brings the view back. A shared view
    is offered at the owner's unit (`unit_id`) and all units beneath it.
    """

    owner = models.CharField(max_length=40)
    unit_id = models.BigIntegerField()
    list_key = models.CharField(max_length=60)
    path = models.CharField(max_length=100)
    name = models.CharField(max_length=60)
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


class Notification(models.Model):
    """A message to one person about something that happened (通知). `kind` and `params` make the sentence.

    No personal data in `params`: ids, counts and names of files only.
    """

    recipient = models.CharField(max_length=40)
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["recipient", "-at"], name="notification_recipient"),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="notification_unread"),
        ]

    def __str__(self) -> str:
        return self.kind
