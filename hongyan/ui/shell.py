"""What the frame around every page shows. ``hongyan.web`` fills these; ``ui/base.html`` only draws them.

Context: ``menu`` (list of MenuItem) and ``shell`` (Shell).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class MenuItem:
    """One entry of the menu; ``badge`` counts what waits there. The first entries also make the
    phone's tab bar.
    """

    label: Text
    url: str
    icon: str
    badge: int = 0
    active: bool = False
    children: Sequence[MenuItem] = ()


@dataclass(frozen=True)
class Option:
    """One of several choices in a menu or a dialog; ``detail`` is the second line."""

    value: str
    label: Text
    detail: Text = ""
    is_current: bool = False


@dataclass(frozen=True)
class Shell:
    """The viewer and the doors of the frame; whatever is left empty is not shown.

    ``search_url`` is posted ``q`` and answers a page; ``suggest_url`` is too, and answers ``ui/suggestions.html``. A
    first character of ``/ @ # >`` asks for one part alone. ``pin_url`` is posted what is to be kept at hand,
    ``opened_url`` what was opened.
    ``posts`` are what the viewer can switch to by POST ``post`` to ``post_url``.
    ``reveal_purposes`` are offered when a masked value is asked for. ``user_links`` stand in the person's menu;
    ``bell_url`` answers ``ui/parts/bell.html``, for which an open page asks once a minute.
    ``language_url`` takes POST ``language`` and ``next``, empty where only this browser remembers the language.
    """

    user_name: str
    user_detail: Text = ""
    home_url: str = "/"
    user_links: Sequence[MenuItem] = ()
    language_url: str = ""
    logout_url: str = ""
    search_url: str = ""
    suggest_url: str = ""
    pin_url: str = ""
    opened_url: str = ""
    search_hint: Text = ""
    posts: Sequence[Option] = ()
    post_url: str = ""
    notifications_url: str = ""
    notification_count: int = 0
    bell_url: str = ""
    reveal_purposes: Sequence[Option] = ()

    @property
    def current_post(self) -> Option | None:
        return next((post for post in self.posts if post.is_current), None)


@dataclass(frozen=True)
class Suggestion:
    """A record found while typing; ``detail`` is set apart, ``icon`` replaces the letter avatar.

    One that can be pinned says its ``kind`` and ``key``.
    """

    title: str
    url: str
    detail: Text = ""
    icon: str = ""
    kind: str = ""
    key: str = ""
    is_pinned: bool = False


@dataclass(frozen=True)
class Pin:
    """Whether the record of a page is kept at hand; its button posts ``kind``, ``key`` and ``on``.

    One that is not known yet asks once the page stands, and so tells that the record was opened.
    """

    kind: str
    key: str
    is_on: bool = False
    is_known: bool = False


@dataclass(frozen=True)
class SuggestionGroup:
    label: Text
    items: Sequence[Suggestion]
    more_url: str = ""
