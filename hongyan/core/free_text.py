"""Free text (自由文本): what people write in their own words, and the one place that keeps numbers of people out of it.

What a person types is refused where it is typed, with the place of the number, and stays in its field to be mended:
forms take it in a `FreeTextInput`, actions whose text comes without a form ask `require_no_numbers`. What source
systems bring is never refused: it is masked. And whatever comes by another way is masked where it is written, in a
column of `FreeText` or `FreeJSON` and in the audit. A test of the architecture holds every column and input to this.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from hongyan.core.errors import Invalid
from hongyan.core.personal_numbers import Kind, find_numbers, mask_numbers

if TYPE_CHECKING:
    _CharField = models.CharField[str, str]
else:
    _CharField = models.CharField

WORDS: Mapping[Kind, Promise] = {
    Kind.MOBILE: pgettext_lazy("像", "手机号码"),
    Kind.LANDLINE: pgettext_lazy("像", "电话号码"),
    Kind.CREDENTIAL: pgettext_lazy("像", "证件号码"),
    Kind.CARD: pgettext_lazy("像", "银行卡号"),
    Kind.EMAIL: pgettext_lazy("像", "电子邮箱"),
}


def objection_to(text: str) -> str:
    """What speaks against a text in the reader's language, with the place of the first number; empty for nothing."""
    found = find_numbers(text)
    if not found:
        return ""
    return _("第 {place} 个字起像{kind}。这里不写个人号码，请改写客户编码、邮件号码或批次号。").format(
        place=found[0].start + 1, kind=WORDS[found[0].kind]
    )


def require_no_numbers(**texts: str) -> None:
    """Refuse texts, by the names of their fields, that hold numbers of people. Errors: Invalid."""
    if problems := {name: why for name, text in texts.items() if (why := objection_to(text))}:
        raise Invalid(problems)


def refuse_numbers(text: str) -> None:
    """The same as a validator of Django's. Errors: ValidationError."""
    if why := objection_to(text):
        raise ValidationError(why, code="personal_number")


def mask_all(value: Any) -> Any:
    """A value as JSON has it, with the numbers of people in its texts and keys masked; numbers stay as they are."""
    match value:
        case str():
            return mask_numbers(value)
        case Mapping():
            return {mask_all(key): mask_all(one) for key, one in value.items()}
        case list() | tuple():
            return [mask_all(one) for one in value]
    return value


class FreeTextInput(forms.CharField):
    """A field of a form for a person's own words."""

    default_validators = [refuse_numbers]


class FreeText(_CharField):
    """A column for free text: what reaches it by any door is masked when it is written.

    A column of characters to the database, and so to migrations. Rows brought by COPY pass by it: whoever copies masks.
    """

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return super().get_db_prep_save(mask_numbers(value) if isinstance(value, str) else value, connection)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class FreeJSON(models.JSONField):
    """The same for a column of JSON that holds texts from elsewhere: what a file said, what a reason quotes."""

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return super().get_db_prep_save(mask_all(value), connection)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs
