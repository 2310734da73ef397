"""Django application of the design system."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "hongyan.ui"
    label = "ui"
