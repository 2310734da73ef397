"""Blocks of classification: the page of classes, and the tab 分类 of a customer's page."""

from __future__ import annotations

from hongyan.classes.panels.blacklist import entry_fields
from hongyan.classes.panels.customer import classes
from hongyan.classes.panels.overview import overview, sections
from hongyan.classes.panels.tags import tag_rows

__all__ = ["classes", "entry_fields", "overview", "sections", "tag_rows"]
