"""Messages about exports: to their owner, and to those who watch over large ones (导出通知)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hongyan.desk.codes import ExportFailure, ScheduleFailure
from hongyan.desk.exports import label_of
from hongyan.desk.notices import SECURITY, WORK, Params, register


def _told(params: Params) -> dict[str, str]:
    """What the sentences name, as the reader writes it."""
    return {
        "number": params["number"],
        "list": str(label_of(params["list"])),
        "rows": f"{params.get('rows', 0):,}",
        "total": f"{params.get('total', 0):,}",
        "who": params.get("who", ""),
        "why": str(ExportFailure(params["failure"]).label) if "failure" in params else "",
    }


register(
    "export.ready",
    lambda params: _("导出{list} {number} 已生成，共 {rows} 行，可以下载").format(**_told(params)),
    family=WORK,
)
register(
    "export.failed",
    lambda params: _("导出{list} {number} 没有生成：{why}").format(**_told(params)),
    family=WORK,
)
register(
    "export.large",
    lambda params: _("{who} 大量导出{list}：{number}，{rows} 行，当天共 {total} 行").format(**_told(params)),
    family=SECURITY,
)
register(
    "schedule.failed",
    lambda params: _("定时报表{list}这次没有生成：{why}").format(
        list=label_of(params["list"]), why=ScheduleFailure(params["failure"]).label
    ),
    family=WORK,
)
