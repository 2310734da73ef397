"""Which tables of the intake room carry units' numbers and follow them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hongyan.org import numbered

numbered.follow("integration_delivery", _("批次"))
numbered.follow("integration_quarantinedrow", _("隔离行"))
numbered.follow("integration_customerimport", _("导入"))
