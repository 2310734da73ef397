"""Small cells of intake for templates: `{% load intake %}`."""

from __future__ import annotations

from django import template

from hongyan.integration import lists, panels, words

register = template.Library()

register.simple_tag(lists.state_of, name="delivery_state")
register.simple_tag(lists.reason_text, name="reason_sentence")
register.simple_tag(panels.line_of)
register.simple_tag(panels.medium_of)
register.simple_tag(panels.owner_of)
register.simple_tag(words.full_name)
register.simple_tag(words.rows)
register.simple_tag(words.short_name)
register.simple_tag(words.who)
