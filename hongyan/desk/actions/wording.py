"""What people write in a sentence of their own: a reason, a result, a title."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hongyan.core.errors import Invalid
from hongyan.core.free_text import require_no_numbers


def sound_text(text: str, name: str, *, longest: int, may_be_empty: bool = False) -> str:
    """A text without blanks around it. Errors: Invalid for none, a long one, or one with somebody's number."""
    text = text.strip()
    require_no_numbers(**{name: text})
    if not text and not may_be_empty:
        raise Invalid({name: _("请填写")})
    if len(text) > longest:
        raise Invalid({name: _("最多 {count} 个字").format(count=longest)})
    return text
