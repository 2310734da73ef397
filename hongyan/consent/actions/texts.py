"""Publishing what customers agree to (发布授权书). A published text is never changed: a new version follows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from hongyan.consent.codes import ANY, LegalBasis
from hongyan.consent.models import ConsentText
from hongyan.core import audit, clock
from hongyan.core.errors import Invalid, NotAllowed
from hongyan.core.free_text import require_no_numbers
from hongyan.core.versions import take_turn
from hongyan.customer.codes import ConsentPurpose
from hongyan.org.codes import Line, Right, Viewer

LONGEST, LONGEST_EN = 4000, 8000
_BASES: Mapping[str, Sequence[str]] = {
    ConsentPurpose.SERVICE: (LegalBasis.CONTRACT, LegalBasis.LAW),
    ConsentPurpose.SHARING: (LegalBasis.SEPARATE,),
}
"""What a purpose may rest on where it is not simply a consent: giving data to another handler takes a separate one."""
_PLAIN = (LegalBasis.CONSENT, LegalBasis.SEPARATE)


def publish_text(
    viewer: Viewer,
    *,
    purpose: str,
    line: str = ANY,
    basis: str,
    text: str,
    text_en: str,
    valid_from: date,
    valid_to: date | None = None,
) -> ConsentText:
    """Publish the next version of a text; consents from its first day on are given under it.

    Errors: NotAllowed without the right or below the whole group; Invalid for an unknown part, a basis on which the
    purpose cannot rest, a missing text, one with somebody's number, or days that are over or turned round.
    """
    if not viewer.may(Right.CONSENT_PUBLISH) or not viewer.scope.everything:
        raise NotAllowed(Right.CONSENT_PUBLISH)
    text, text_en = text.strip(), text_en.strip()
    _check(purpose, line, basis, text, text_en, valid_from, valid_to)
    with transaction.atomic():
        take_turn("consent_text", f"{purpose}/{line}")
        last = ConsentText.objects.filter(purpose=purpose, line=line).aggregate(last=Max("version"))["last"]
        made = ConsentText.objects.create(
            purpose=purpose,
            line=line,
            version=(last or 0) + 1,
            basis=basis,
            text=text,
            text_en=text_en,
            valid_from=valid_from,
            valid_to=valid_to,
            published_by=viewer.staff_no,
            published_at=clock.now(),
        )
        after = {"line": line, "version": made.version, "basis": basis, "from": valid_from, "to": valid_to}
        audit.record(viewer.actor, "consent.text_published", "consent_text", purpose, after=after)
    return made


def _check(
    purpose: str, line: str, basis: str, text: str, text_en: str, valid_from: date, valid_to: date | None
) -> None:
    problems = {}
    if purpose not in ConsentPurpose.values:
        problems["purpose"] = _("请选择")
    elif basis not in _BASES.get(purpose, _PLAIN):
        problems["basis"] = _("这个用途不能以此为依据")
    if line not in ("", *Line.values):
        problems["line"] = _("请选择")
    for name, said, longest in (("text", text, LONGEST), ("text_en", text_en, LONGEST_EN)):
        if not said:
            problems[name] = _("请填写")
        elif len(said) > longest:
            problems[name] = _("最多 {count} 个字").format(count=longest)
    if valid_from < clock.business_date():
        problems["valid_from"] = _("不能早于今天")
    if valid_to is not None and not valid_from <= valid_to < date.max:
        problems["valid_to"] = _("不能早于生效日期")
    if problems:
        raise Invalid(problems)
    require_no_numbers(text=text, text_en=text_en)
