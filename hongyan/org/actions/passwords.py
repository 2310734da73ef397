"""Passwords and accounts (口令、账号): choosing a password, activation codes, closing what nobody uses."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from secrets import compare_digest
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, scope, vault
from hongyan.core.audit import SYSTEM, Actor
from hongyan.core.errors import Invalid, NotFound
from hongyan.core.parameters import value_of
from hongyan.org import parameters
from hongyan.org.actions import second_factor
from hongyan.org.codes import AccountAct, ApprovalState, Viewer
from hongyan.org.models import AccountRequest, Activation, ApiToken, PastPassword, Staff
from hongyan.org.queries.viewers import viewer_for
from hongyan.org.rules.passwords import Fault, Policy, Profile, faults_of
from hongyan.org.rules.second_factor import random_letters

_CODE_LETTERS = 12


def policy() -> Policy:
    """The policy in force for the whole house."""
    return Policy(
        Profile(value_of(parameters.PASSWORD_PROFILE)),
        length=value_of(parameters.PASSWORD_LENGTH),
        max_age=value_of(parameters.PASSWORD_MAX_AGE),
        history=value_of(parameters.PASSWORD_HISTORY),
    )


def set_password(staff: Staff, password: str, *, actor: Actor) -> None:
    """Take a new password; all other sessions of the person end with the old one.

    Errors: Invalid (`password`) naming everything that speaks against it.
    """
    rules = policy()
    faults = faults_of(password, rules, about=(staff.staff_no, staff.name, *staff.pinyin.split()))
    if _is_common(password):
        faults.append(Fault.COMMON)
    if _was_used(staff, password, rules):
        faults.append(Fault.KNOWN)
    if faults:
        raise Invalid({"password": " ".join(_sentence(fault, rules) for fault in faults)})
    with transaction.atomic():
        _remember(staff, rules)
        staff.password, staff.password_set_at = make_password(password), clock.now()
        staff.save(update_fields=["password", "password_set_at"])
        audit.record(actor, "staff.set_password", "staff", staff.staff_no)


def change_password(viewer: Viewer, old: str, new: str) -> Staff:
    """Change one's own password. Errors: Invalid (`old`) when the present one is wrong, (`password`) as above."""
    staff = Staff.objects.select_for_update().get(pk=viewer.staff_id)
    if not check_password(old, staff.password):
        raise Invalid({"old": _("当前密码不正确。")})
    set_password(staff, new, actor=viewer.actor)
    return staff


def issue_activation(
    staff: Staff, *, actor: Actor, issuer_id: int | None = None, approval_id: int | None = None
) -> tuple[Activation, str]:
    """A code with which a person sets a password, and its text, which is never to be had again.

    It replaces an earlier code. The password and second factor in force hold until it is used. `issuer_id` is who reads
    it, None for a command on the server; `approval_id` names the approval it took.
    """
    code = random_letters(_CODE_LETTERS)
    values = {
        "digest": _digest(staff, code),
        "expires_at": clock.now() + timedelta(hours=value_of(parameters.ACTIVATION_HOURS)),
        "issuer_id": issuer_id,
    }
    after = {"approval": approval_id} if approval_id else None
    with transaction.atomic():
        activation, _is_new = Activation.objects.update_or_create(staff=staff, defaults=values)
        audit.record(actor, "staff.issue_activation", "staff", staff.staff_no, after=after)
    return activation, code


def activate(staff_no: str, code: str, password: str, *, address: str) -> Viewer:
    """Set a password by an activation code, which is used up; opens a suspended account, takes the old factor off.

    Tokens made before end too, for whoever had the old password may have made one. Who handed the code out, and who let
    them in, stand behind the account for a while: they could have used it.

    Enters the person's scope. Errors: NotFound when the code is wrong, used or too old, or the person has no post;
    Invalid (`password`).
    """
    activation = (
        Activation.objects.select_for_update(of=("self", "staff"))
        .select_related("staff", "issuer")
        .filter(staff__staff_no=staff_no, expires_at__gt=clock.now())
        .first()
    )
    if activation is None or not compare_digest(activation.digest, _digest(activation.staff, code)):
        raise NotFound("activation", staff_no)
    staff = activation.staff
    with transaction.atomic():
        Staff.objects.filter(pk=staff.pk).update(suspended_at=None, **_let_in_by(activation.issuer))
        viewer = viewer_for(staff.pk, address=address)
        if viewer is None:
            raise NotFound("activation", staff_no)
        scope.enter(viewer.scope)
        set_password(staff, password, actor=viewer.actor)
        second_factor.take_off(staff)
        _revoke_tokens(staff, viewer)
        activation.delete()
    return viewer


def _let_in_by(issuer: Staff | None) -> dict[str, Any]:
    """Who stands behind an account from now on, and until when."""
    behind = [] if issuer is None else sorted({issuer.pk, *issuer.behind})
    return {
        "let_in_by": behind,
        "let_in_until": clock.now() + timedelta(days=value_of(parameters.LET_IN_DAYS)),
    }


def suspend_dormant() -> int:
    """Close the accounts nobody logged in to for long (BARS E 4); returns how many. A new code opens one again."""
    before = clock.now() - timedelta(days=value_of(parameters.DORMANT_DAYS))
    opened = Staff.objects.filter(is_active=True, suspended_at=None).exclude(password_set_at=None)
    # GREATEST leaves NULL out: somebody who never logged in counts from the day of the password
    unused = opened.annotate(used_at=Greatest("password_set_at", "last_login")).filter(used_at__lt=before)
    closed = 0
    for staff in unused:
        with transaction.atomic():
            staff.suspended_at = clock.now()
            staff.save(update_fields=["suspended_at"])
            audit.record(SYSTEM, "staff.suspend", "staff", staff.staff_no)
        closed += 1
    return closed


def withdraw_activations(staff_ids: Collection[int]) -> None:
    """Let no code open an account that comes to carry more: who handed it out, or agreed to it, meant another one.

    Neither one that is out, nor one that was agreed to and not taken yet.
    """
    codes = Activation.objects.all()
    agreed = AccountRequest.objects.filter(
        act=AccountAct.ACTIVATE, state=ApprovalState.APPROVED, taken_at=None
    )
    # few, while a delivery may touch everybody
    out = {*codes.values_list("staff_id", flat=True), *agreed.values_list("staff_id", flat=True)}
    touched = out.intersection(staff_ids)
    codes.filter(staff__in=touched).delete()
    agreed.filter(staff__in=touched).update(taken_at=clock.now())


def _revoke_tokens(staff: Staff, viewer: Viewer) -> None:
    for token in ApiToken.objects.select_for_update().filter(post__staff=staff, revoked_at=None):
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        audit.record(viewer.actor, "api_token.revoke", "api_token", token.pk, before={"name": token.name})


def _is_common(password: str) -> bool:
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        return True
    return False


def _was_used(staff: Staff, password: str, rules: Policy) -> bool:
    past = PastPassword.objects.filter(staff=staff).order_by("-ended_at", "-pk")
    known = [staff.password, *past.values_list("password", flat=True)[: max(rules.remembered - 1, 0)]]
    return any(check_password(password, one) for one in known[: max(rules.remembered, 1)])


def _remember(staff: Staff, rules: Policy) -> None:
    """Keep the password that ends, and no more of the past ones than the policy asks for."""
    if staff.has_usable_password() and rules.remembered:
        PastPassword.objects.create(staff=staff, password=staff.password, ended_at=clock.now())
    kept = PastPassword.objects.filter(staff=staff).order_by("-ended_at", "-pk")[: rules.remembered]
    PastPassword.objects.filter(staff=staff).exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()


def _digest(staff: Staff, code: str) -> bytes:
    return vault.blind("activation", f"{staff.uuid}/{''.join(code.split()).casefold()}")


def _sentence(fault: Fault, rules: Policy) -> str:
    return {
        Fault.SHORT: _("至少 {count} 个字符。").format(count=rules.length),
        Fault.LONG: _("太长了。"),
        Fault.KINDS: _("大写字母、小写字母、数字、其他字符，至少要有三种。"),
        Fault.PERSONAL: _("不能包含工号或姓名。"),
        Fault.PLAIN: _("不能是重复或连续的字符。"),
        Fault.COMMON: _("这是常见密码，很容易被猜到。"),
        Fault.KNOWN: _("近期用过这个密码，请换一个。"),
    }[fault]
