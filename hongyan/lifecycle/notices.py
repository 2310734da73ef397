"""Messages about applications, to whoever made them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from hongyan.desk.notices import register
from hongyan.lifecycle.codes import ApplicationKind


def _words(params: Mapping[str, Any]) -> dict[str, Any]:
    return {"number": params["number"], "kind": ApplicationKind(params["kind"]).label}


register("lifecycle.approved", lambda params: _("申请 {number}（{kind}）已通过").format(**_words(params)))
register("lifecycle.refused", lambda params: _("申请 {number}（{kind}）被退回").format(**_words(params)))
