"""Units in two trees, staff, posts, log-ins, approvals (机构、人员、岗位、登录日志、审批); divisions and postcodes."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from hongyan.core import clock
from hongyan.core.free_text import FreeText
from hongyan.core.scope import Scope
from hongyan.org.codes import (
    AccountAct,
    ApprovalAct,
    ApprovalState,
    DivisionLevel,
    Joins,
    Level,
    Line,
    Management,
    Match,
    OnTimeout,
    PostSource,
    ReorganisationState,
    Risk,
    Role,
    StepState,
    Tree,
)


class Unit(models.Model):
    """An organisation unit (机构). The same unit may stand in both trees; see `Place`.

    `pinyin` is the name's syllables without spaces, then its initials, to find it by either.
    """

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=100)
    short_name = models.CharField(max_length=60)
    pinyin = models.CharField(max_length=400, blank=True)
    management = models.CharField(max_length=6, choices=Management)
    is_operating = models.BooleanField()
    division = models.CharField(max_length=6, blank=True)
    postcode = models.CharField(max_length=6, blank=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["division"], name="unit_division")]

    def __str__(self) -> str:
        return self.short_name or self.name


class Place(models.Model):
    """A unit's place in one tree, as a nested set: everything beneath it has `lo <= number <= hi`.

    `lo` is the unit's organisation number (`org_no`). The numbers of the two trees do not overlap, so one range
    is one scope. The numbers of the ancestors are repeated for lists that are indexed level by level. `chain` holds the
    ids of the unit and of those above it, nearest first: every request reads it. `moved_from` is the parent's code
    before the unit was moved here: as long as the source's files name it, they do not move it back.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="places")
    tree = models.CharField(max_length=6, choices=Tree)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    level = models.SmallIntegerField(choices=Level)
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    province_no = models.BigIntegerField(default=0)
    city_no = models.BigIntegerField(default=0)
    county_no = models.BigIntegerField(default=0)
    chain = ArrayField(models.BigIntegerField(), default=list)
    moved_from = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "tree"], name="place_once_a_tree"),
            models.UniqueConstraint(
                fields=["lo"], name="place_number", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=Q(hi__gte=F("lo")), name="place_range"),
        ]
        indexes = [models.Index(fields=["tree", "lo"], name="place_tree_lo")]

    def __str__(self) -> str:
        return f"{self.unit} · {self.get_tree_display()}"

    @property
    def scope(self) -> Scope:
        """What a post at this place may see; the root of a tree sees everything."""
        return Scope(self.lo, self.hi, everything=self.level == Level.GROUP)


class StaffManager(BaseUserManager["Staff"]):
    """Staff by their number, as Django's log-in asks for them."""

    def get_by_natural_key(self, username: str | None) -> Staff:
        return self.get(staff_no=username)


class Staff(AbstractBaseUser):
    """A staff member (人员); logs in with the staff number. Accounts come without a usable password.

    `pinyin` is the name's syllables without spaces, then its initials: sorted by the first, found by either.
    `is_active` is the source's word; `suspended_at` is ours, since when an account nobody used is closed.
    `totp_sealed` is the secret of the second factor, empty without one; `totp_step` the last time step a code of it was
    taken for, so that no code works twice. `let_in_by` are the ids of those who could know the password: who handed out
    the code it was set with, and who had let that person in; until `let_in_until` they and this account are one hand.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    staff_no = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    pinyin = models.CharField(max_length=120, blank=True)
    gender = models.CharField(max_length=1, default="0")
    mobile_sealed = models.BinaryField(default=b"")
    mobile_masked = models.CharField(max_length=20, blank=True)
    email = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    suspended_at = models.DateTimeField(null=True)
    password_set_at = models.DateTimeField(null=True)
    totp_sealed = models.BinaryField(default=b"")
    totp_step = models.BigIntegerField(default=0)
    let_in_by = ArrayField(models.BigIntegerField(), default=list)
    let_in_until = models.DateTimeField(null=True)
    language = models.CharField(max_length=10, blank=True)

    SEALED: ClassVar[Mapping[str, str]] = {"mobile_sealed": "mobile", "totp_sealed": "org_staff.totp"}
    BOUND: ClassVar[tuple[str, ...]] = ("staff_no",)
    USERNAME_FIELD = "staff_no"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = StaffManager()

    class Meta:
        indexes = [models.Index(fields=["pinyin", "id"], name="staff_pinyin")]

    def __str__(self) -> str:
        return self.name

    @property
    def behind(self) -> frozenset[int]:
        """Ids of those who let the person in lately, and could act as them."""
        return behind(self.let_in_by, self.let_in_until)


def behind(let_in_by: Iterable[int], until: datetime | None) -> frozenset[int]:
    """Who stands behind an account now, of those who let its person in."""
    return frozenset(let_in_by if until and clock.now() < until else ())


class Post(models.Model):
    """A role at a unit, for lines (岗位). A request acts in one post; people may have several (兼岗).

    `source` says who keeps the post: the files of the personnel system never touch a granted one, and a grant never one
    of theirs. `ended_at` is when somebody here ended it at once; what a file says afterwards does not revive it.
    """

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="posts")
    place = models.ForeignKey(Place, models.PROTECT, related_name="posts")
    role = models.CharField(max_length=20, choices=Role)
    line_codes = ArrayField(models.CharField(max_length=2, choices=Line), default=list)
    is_primary = models.BooleanField(default=False)
    source = models.CharField(max_length=5, choices=PostSource, default=PostSource.FILE)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "place", "role"],
                condition=Q(source=PostSource.FILE),
                name="post_once",
            ),
        ]

    @property
    def lines(self) -> list[Line]:
        """The lines of the post."""
        return [Line(code) for code in self.line_codes]


class Delegation(models.Model):
    """A post lent to somebody for some days (代理): they act in it with its scope and rights, and sign as themselves.

    Both days belong to it. `ended_at` is when it was ended before its last day.
    """

    post = models.ForeignKey(Post, models.PROTECT, related_name="delegations")
    to_staff = models.ForeignKey(Staff, models.PROTECT, related_name="delegations")
    valid_from = models.DateField()
    valid_to = models.DateField()
    reason = FreeText(max_length=200)
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="delegation_days"),
        ]
        indexes = [models.Index(fields=["to_staff", "valid_to"], name="delegation_to")]


class PostRequest(models.Model):
    """A post somebody requests for a colleague (岗位申请); approval makes it the granted post `post`.

    `maker` acted in `maker_post`, whose scope and role have to allow it when it is requested and when it is approved.
    `state` follows the approval.
    """

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="post_requests")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=Role)
    line_codes = ArrayField(models.CharField(max_length=2, choices=Line), default=list)
    valid_to = models.DateField()
    reason = FreeText(max_length=200)
    maker = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    maker_post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=ApprovalState, default=ApprovalState.PENDING)
    post = models.OneToOneField(Post, models.PROTECT, null=True, related_name="request")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "place", "role"],
                condition=Q(state=ApprovalState.PENDING),
                name="post_request_once_pending",
            ),
        ]
        indexes = [models.Index(fields=["-requested_at", "-id"], name="post_request_at")]

    @property
    def lines(self) -> list[Line]:
        """The lines of the post."""
        return [Line(code) for code in self.line_codes]


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


class ParameterChange(models.Model):
    """A guarded parameter's new value that waits for a colleague (参数修改申请), or a coming one to be taken back.

    For a `unit` with everything beneath it, None is the group, and a `line`, "" is all. `before` is what would hold
    there on the day, as the maker saw it: when it is another once it is approved, the change is out of date.
    `takes_back` is the number of the coming value that would go; `value` is what would hold then.
    """

    key = models.CharField(max_length=80)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    line = models.CharField(max_length=2, blank=True, choices=Line)
    before = models.JSONField()
    value = models.JSONField()
    effective_from = models.DateField()
    takes_back = models.BigIntegerField(null=True)
    reason = FreeText(max_length=200)
    maker = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    maker_post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=ApprovalState, default=ApprovalState.PENDING)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "unit", "line"],
                condition=Q(state=ApprovalState.PENDING),
                nulls_distinct=False,
                name="parameter_change_once_pending",
            ),
        ]


class Reorganisation(models.Model):
    """Units that move under another parent of their tree on a day (机构调整), and what that did.

    `unit_codes` are the units that move, with everything beneath them. `preview` is what was foreseen when it was
    requested, `result` what it came to: table → rows that were renumbered, or what had changed since.
    """

    tree = models.CharField(max_length=6, choices=Tree)
    unit_codes = ArrayField(models.CharField(max_length=20))
    parent = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    effective_on = models.DateField()
    reason = FreeText(max_length=200)
    maker = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=ReorganisationState, default=ReorganisationState.PENDING)
    preview = models.JSONField()
    result = models.JSONField(null=True)
    run_id = models.BigIntegerField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-requested_at", "-id"], name="reorganisation_at")]


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


class Division(models.Model):
    """An administrative division (行政区划): what the standard says of its code, and what the last list said.

    Codes have six digits, those of streets and towns nine. `since` and `until` are the first and the last year in
    force, null where the standard's table leaves them open. `name` is the standard's last one, the list's where only
    a list knows the code; `former_names` are those before it, with blanks between. Source: REF-i01.
    """

    code = models.CharField(max_length=9, primary_key=True)
    level = models.SmallIntegerField(choices=DivisionLevel)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    name = models.CharField(max_length=60)
    former_names = models.CharField(max_length=200, blank=True)
    is_standard = models.BooleanField()
    since = models.SmallIntegerField(null=True)
    until = models.SmallIntegerField(null=True)
    listed_as = models.CharField(max_length=60, blank=True)
    listed_by = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return self.name


class Postcode(models.Model):
    """A postcode (邮政编码) and a place it delivers to, as a list states it, and the division those names mean."""

    id = models.AutoField(primary_key=True)
    postcode = models.CharField(max_length=6)
    province = models.CharField(max_length=60)
    city = models.CharField(max_length=60)
    county = models.CharField(max_length=60)
    division = models.ForeignKey(Division, models.PROTECT, null=True, related_name="postcodes")
    match = models.CharField(max_length=7, choices=Match)
    listed_by = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["postcode", "province", "city", "county"], name="postcode_place_once"
            )
        ]


class Approval(models.Model):
    """A request that somebody else has to agree to (审批), and how it stands (SM13).

    `kind` is declared by the room that owns the subject (see `org.approvals`), `subject` an id or code there, never
    personal data. `maker` acted at `place`; `holder` is whose post it was when it was lent. `about` is who gets or
    loses something by it, and so has no say in it. `amount` is counted as the kind counts. `due_at` is when the next of
    the open steps is over. `version` grows with each act, so that whoever decides says which state of things they saw.
    """

    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    maker = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    holder = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    about = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    line = models.CharField(max_length=2, blank=True, choices=Line)
    amount = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    risk = models.SmallIntegerField(choices=Risk)
    reason = FreeText(max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=ApprovalState, default=ApprovalState.PENDING)
    version = models.PositiveIntegerField(default=1)
    submitted_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(state=ApprovalState.PENDING),
                name="approval_once_pending",
            ),
        ]
        indexes = [
            models.Index(fields=["-submitted_at", "-id"], name="approval_submitted"),
            models.Index(fields=["maker", "-submitted_at"], name="approval_maker"),
            models.Index(fields=["due_at"], condition=Q(state=ApprovalState.PENDING), name="approval_due"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class ApprovalStep(models.Model):
    """One group of checkers of a request: a line of the route as it stood when the request was made.

    `roles` and `level` as in `rules.approvals.Check`. `place` is where it is checked, null before its turn; whoever
    holds one of the roles there at the moment may decide.
    """

    approval = models.ForeignKey(Approval, models.PROTECT, related_name="steps")
    number = models.SmallIntegerField()
    roles = ArrayField(models.CharField(max_length=20))
    level = models.SmallIntegerField(null=True, choices=Level)
    joins = models.CharField(max_length=3, choices=Joins)
    hours = models.SmallIntegerField()
    on_timeout = models.CharField(max_length=8, choices=OnTimeout)
    state = models.CharField(max_length=8, choices=StepState, default=StepState.WAITING)
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True)
    remind_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("number", "id")
        indexes = [
            models.Index(fields=["place", "state"], name="approval_step_place"),
            models.Index(fields=["due_at"], condition=Q(state=StepState.OPEN), name="approval_step_due"),
        ]


class ApprovalEvent(models.Model):
    """What happened to a request (审批记录); rows are added and never changed, which the grants see to.

    `staff` is null for the system's own acts, `holder` whose post it was when it was lent. `version` is the one of the
    request that the act was done on.
    """

    approval = models.ForeignKey(Approval, models.PROTECT, related_name="events")
    step = models.ForeignKey(ApprovalStep, models.PROTECT, null=True, related_name="events")
    act = models.CharField(max_length=8, choices=ApprovalAct)
    at = models.DateTimeField()
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    holder = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField()
    reason = FreeText(max_length=300, blank=True)

    class Meta:
        ordering = ("at", "id")
