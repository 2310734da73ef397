"""Sentences for notifications: each room registers its own kinds, in its `notices` module.

    notices.register("intake.delivery_checked", lambda params: _("批次 {number} 已检查").format(**params))

So the desk knows no business noun, and a reader gets every message in their own language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

Params = Mapping[str, Any]
Sentence = Callable[[Params], str]

_sentences: dict[str, Sentence] = {}


def register(kind: str, sentence: Sentence) -> None:
    """Say how a kind of notification reads. Errors: ValueError when the kind is registered twice."""
    if kind in _sentences:
        raise ValueError(f"notification kind {kind} is registered twice")
    _sentences[kind] = sentence


def sentence_of(kind: str, params: Params) -> str:
    """The notification in the reader's language; a kind nobody knows any more still says that there was one."""
    sentence = _sentences.get(kind)
    return sentence(params) if sentence else _("有一条新消息")
