"""What classification does when rooms below it tell something, and which of its tables carry units' numbers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hongyan.org import numbered

numbered.follow("classes_classcount", _("分类统计"))
