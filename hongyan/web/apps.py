"""The web shell as a Django application; being the top, it wakes the rooms beneath."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class WebConfig(AppConfig):
    name = "hongyan.web"
    label = "web"

    def ready(self) -> None:
        """Let every room declare its lists, parameters, reactions, tasks and notices, whichever door is used first."""
        autodiscover_modules(
            "exports", "figures", "labels", "lists", "notices", "parameters", "reactions", "tasks"
        )
