"""How people and programs get in, and what is asked to be done to accounts (登录、激活、令牌、账号申请)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hongyan.core.free_text import FreeText
from hongyan.org.codes import AccountAct, ApprovalState
from hongyan.org.models.posts import Post
from hongyan.org.models.staff import Staff


class PastPassword(models.Model):
    """A password a person had before, hashed: some policies forbid to take it again (等保 身份鉴别 a)."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="past_passwords")
    password = models.CharField(max_length=128)
    ended_at = models.DateTimeField()


class Activation(models.Model):
    """A code, used once, with which a person sets a first or a new password (激活码). Only its keyed hash is kept.

    `issuer` is who read it, None when a command on the server printed it.
    """

    staff = models.OneToOneField(Staff, models.CASCADE, primary_key=True, related_name="activation")
    digest = models.BinaryField(max_length=16)
    expires_at = models.DateTimeField()
    issuer = models.ForeignKey(Staff, models.CASCADE, null=True, related_name="+")


class RecoveryCode(models.Model):
    """A code, used once, in place of a lost second factor (恢复码). Only its keyed hash is kept."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="recovery_codes")
    digest = models.BinaryField(max_length=16)
    used_at = models.DateTimeField(null=True)


class LoginEvent(models.Model):
    """One attempt to log in, or a log-out (登录日志, CUS-010). Unknown names are not kept, only that there was one.

    `STEP` is a right password that something else has to follow: it is no success yet, and forgives no failure.
    """

    class Outcome(models.TextChoices):
        SUCCESS = "success", "success"
        STEP = "step", "step"
        FAILED = "failed", "failed"
        DELAYED = "delayed", "delayed"
        LOGOUT = "logout", "logout"

    staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    address = models.CharField(max_length=45, blank=True)
    agent = FreeText(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["-at", "-id"], name="login_at"),
            models.Index(fields=["staff", "-at"], name="login_staff"),
            models.Index(fields=["address", "-at"], name="login_address"),
        ]


class ApiToken(models.Model):
    """A key to the API (接口令牌), bound to a post: whoever holds it sees and may do what the post does.

    `digest` is all that is kept of the token itself; see `org.tokens`.
    """

    post = models.ForeignKey(Post, models.PROTECT, related_name="api_tokens")
    name = FreeText(max_length=60)
    digest = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=40)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class AccountRequest(models.Model):
    """What somebody asks to do to an account that two people have to agree on (账号申请).

    A code to set a password with, which its maker takes once it is approved; or the end of `post`. `taken_at` is when
    no code was left to take: the maker had it, or the account came to carry more than was agreed to.
    `maker` acted in `maker_post`, as with a `PostRequest`. `state` follows the approval, which ended at `ended_at`.
    """

    act = models.CharField(max_length=8, choices=AccountAct)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="account_requests")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    reason = FreeText(max_length=200)
    maker = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    maker_post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=ApprovalState, default=ApprovalState.PENDING)
    ended_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "act", "post"],
                condition=Q(state=ApprovalState.PENDING),
                nulls_distinct=False,
                name="account_request_once_pending",
            ),
        ]
