"""How a reader wants pages to look. Kept in cookies, so that the first paint is already right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

CHOICES: Mapping[str, tuple[str, ...]] = {
    "theme": ("light", "dark", "auto"),
    "density": ("normal", "compact"),
    "sidebar": ("open", "closed"),
}
COOKIE_AGE_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True)
class Appearance:
    """The first of each choice is the default."""

    theme: str = "light"
    density: str = "normal"
    sidebar: str = "open"

    @classmethod
    def from_cookies(cls, cookies: Mapping[str, str]) -> Appearance:
        """Unknown values fall back to the default.

        >>> Appearance.from_cookies({"theme": "dark", "density": "huge"})
        Appearance(theme='dark', density='normal', sidebar='open')
        """
        return cls(**{key: cookies[key] for key, allowed in CHOICES.items() if cookies.get(key) in allowed})
