"""Arranging forms and the side panel of customers (编排版面): each time a new version, the default too."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.core import audit, clock
from hongyan.core.errors import Invalid, NotAllowed
from hongyan.core.free_text import require_no_numbers
from hongyan.core.versions import require_unchanged, take_turn
from hongyan.customer.layouts import forget, kept_of, latest, parts_of
from hongyan.customer.models import Layout
from hongyan.customer.rules.layouts import LONGEST_SECTION, Part, arranged
from hongyan.org.codes import Right, Viewer


def may_arrange(viewer: Viewer) -> bool:
    """Whether somebody may arrange what the whole house sees: who edits parameters, at the top of the house."""
    return viewer.may(Right.PARAMETER_EDIT) and viewer.scope.everything


def arrange(
    viewer: Viewer, place: str, party_type: str, role: str, parts: Sequence[Part], *, seen: str | None = None
) -> Layout:
    """Write a new version; no parts at all are the house's default again.

    `seen` is the version that the maker saw. Errors: NotAllowed; Invalid for a heading that is too long or holds
    somebody's number; Conflict when somebody else arranged it meanwhile.
    """
    if not may_arrange(viewer):
        raise NotAllowed(Right.PARAMETER_EDIT)
    for part in parts:
        require_no_numbers(section=part.section)
        if len(part.section) > LONGEST_SECTION:
            raise Invalid({"section": _("最多 {count} 个字").format(count=LONGEST_SECTION)})
    sound = (
        arranged(list(parts_of(place, party_type)), parts, kept=kept_of(place, party_type)) if parts else []
    )
    with transaction.atomic():
        take_turn("layout", f"{place}/{party_type}/{role}")
        before = latest(place, party_type, role)
        version = before.version if before else 0
        require_unchanged("layout", seen, str(version), now=_("第 {version} 版").format(version=version))
        row = Layout.objects.create(
            place=place, party_type=party_type, role=role, version=version + 1,
            parts=[[part.name, part.section, part.is_hidden] for part in sound],
            maker_id=viewer.staff_id, made_at=clock.now(),
        )  # fmt: skip
        audit.record(
            viewer.actor, "layout.arrange", "layout", f"{place}/{party_type}/{role or '*'}",
            before={"parts": before.parts if before else []}, after={"parts": row.parts, "version": row.version},
        )  # fmt: skip
    forget()
    transaction.on_commit(forget)  # what another request read meanwhile, before it could see the new version
    return row
