"""The language a person wants to read (语言)."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from hongyan.core import audit
from hongyan.core.errors import Invalid
from hongyan.org.codes import Viewer
from hongyan.org.models import Staff


def choose_language(viewer: Viewer, language: str) -> None:
    """Keep the language for the next log-in, on any device. Errors: Invalid for one we do not speak."""
    if language not in dict(settings.LANGUAGES):
        raise Invalid({"language": _("没有这种语言")})
    staff = Staff.objects.get(pk=viewer.staff_id)
    before, staff.language = staff.language, language
    staff.save(update_fields=["language"])
    audit.record(
        viewer.actor, "staff.language", "staff", viewer.staff_no,
        before={"language": before}, after={"language": language},
    )  # fmt: skip
