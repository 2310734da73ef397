"""Tags of the design system: ``{% load ui %}``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.core.cache import cache
from django.forms import BoundField, CheckboxInput, RadioSelect
from django.forms.widgets import CheckboxSelectMultiple, Select
from django.http import QueryDict
from django.template import Context, Template
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from hongyan.ui import cells
from hongyan.ui.appearance import Appearance
from hongyan.ui.charts import Chart
from hongyan.ui.components import register_component
from hongyan.ui.lit import lit
from hongyan.ui.records import Change, Field, TimelineEntry
from hongyan.ui.watermark import image_of

register = template.Library()

for cell in (
    cells.icon,
    cells.badge,
    cells.state_dot,
    cells.avatar,
    cells.named,
    cells.code,
    cells.number,
    cells.money,
    cells.when,
    cells.masked,
    cells.chips,
    cells.colour_key,
    cells.unknown,
    cells.none_yet,
    cells.shown,
    lit,
):
    register.simple_tag(cell)

register_component(
    register, "card", arguments=("title", "icon", "count", "id", "flush"), slots=("actions", "footer")
)
register_component(register, "panel", arguments=("title", "icon", "open", "id"), slots=("actions",))
register_component(register, "dialog", arguments=("id", "title", "size", "side"), slots=("footer",))
register_component(
    register, "dropdown", arguments=("label", "icon", "align", "plain", "title"), slots=("toggle",)
)
register_component(register, "empty", arguments=("title", "icon", "small"), slots=("actions",))
register_component(register, "alert", arguments=("tone", "title"), slots=("actions",))


@register.simple_tag(takes_context=True)
def watermark(context: Context) -> SafeString:
    """The reader's name across a page that shows personal data; nothing where ``watermark`` is empty."""
    text = str(context.get("watermark", ""))
    if not text:
        return SafeString("")
    return format_html('<img class="watermark" src="{}" alt="" aria-hidden="true">', image_of(text))


@register.simple_tag(takes_context=True)
def frame_part(context: Context, name: str) -> SafeString:
    """A template that comes out the same wherever ``frame_key`` and the language are: drawn once, then kept.

    Without a ``frame_key`` it is drawn each time. Nothing of a person or of one request may stand in it.
    """

    def drawn() -> SafeString:
        template: Template = get_template(name).template  # type: ignore[attr-defined]
        return template.render(context)

    key = context.get("frame_key")
    kept = cache.get_or_set(f"{name}:{get_language()}:{key}", drawn, None) if key else None
    return kept or drawn()


@register.simple_tag(takes_context=True)
def query_link(context: Context, **changes: Any) -> str:
    """The current query string with changes: None removes a parameter, a list repeats it."""
    query: QueryDict = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None or value == "":
            query.pop(key, None)
        else:
            query.setlist(key, [str(one) for one in (value if isinstance(value, (list, tuple)) else [value])])
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def appearance(context: Context) -> Appearance:
    """How this reader wants pages to look, from cookies; the default where there is no request
    (error pages).
    """
    request = context.get("request")
    return Appearance.from_cookies(request.COOKIES if request else {})


@register.simple_tag(takes_context=True)
def here(context: Context) -> str:
    """The address of this page, to come back to."""
    request = context.get("request")
    return request.get_full_path() if request else "/"


@register.inclusion_tag("ui/components/fields.html")
def fields(items: Iterable[Field], *, columns: int = 2) -> Mapping[str, Any]:
    """Labels and values with their sources."""
    return {"items": items, "columns": columns}


@register.inclusion_tag("ui/components/timeline.html")
def timeline(entries: Iterable[TimelineEntry]) -> Mapping[str, Any]:
    """What happened, newest first as given; what is due is set apart above it."""
    entries = list(entries)
    return {
        "due": [entry for entry in entries if entry.is_due],
        "past": [entry for entry in entries if not entry.is_due],
    }


@register.inclusion_tag("ui/components/history.html")
def history(changes: Iterable[Change]) -> Mapping[str, Any]:
    """Who changed which field when, before and after."""
    return {"changes": list(changes)}


@register.inclusion_tag("ui/components/chart.html")
def chart(drawing: Chart) -> Mapping[str, Any]:
    """A chart and, folded beneath it, its numbers as a table."""
    return {"chart": drawing}


@register.inclusion_tag("ui/components/action.html", takes_context=True)
def action(context: Context, one: Any, *, small: bool = False) -> Mapping[str, Any]:
    """An Action as a link, or as a form of one button where it writes."""
    return {"action": one, "small": small, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("ui/components/progress.html")
def progress(done: int, total: int | None = None, *, label: str = "", tone: str = "") -> Mapping[str, Any]:
    """How far a piece of work is; without a total it only shows that work goes on."""
    percent = min(100, done * 100 // total) if total else None
    return {"done": done, "total": total, "percent": percent, "label": label, "tone": tone}


@register.inclusion_tag("ui/components/skeleton.html")
def skeleton(lines: int = 3) -> Mapping[str, Any]:
    """Grey bars in the place of content that is on its way."""
    return {"lines": range(lines)}


@register.inclusion_tag("ui/components/field.html")
def form_field(bound: BoundField, *, wide: bool = False) -> Mapping[str, Any]:
    """A form field with label, help and errors beside it."""
    widget = bound.field.widget
    return {
        "field": bound,
        "wide": wide,
        "is_check": isinstance(widget, CheckboxInput),
        "is_group": isinstance(widget, (RadioSelect, CheckboxSelectMultiple)),
        "control": _control(bound),
    }


def _control(bound: BoundField) -> SafeString:
    widget = bound.field.widget
    if isinstance(widget, (RadioSelect, CheckboxSelectMultiple)):
        return bound.as_widget()
    if isinstance(widget, CheckboxInput):
        return bound.as_widget(attrs={"class": "form-check-input"})
    looks = "form-select" if isinstance(widget, Select) else "form-control"
    invalid = " is-invalid" if bound.errors else ""
    return bound.as_widget(
        attrs={**widget.attrs, "class": f"{widget.attrs.get('class', '')} {looks}{invalid}".strip()}
    )
