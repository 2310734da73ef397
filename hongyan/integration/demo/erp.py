"""Drop of the ERP system: organisation and staff in one workbook of two sheets."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hongyan.integration.demo.network import Network, rows_of_posts, rows_of_units
from hongyan.integration.demo.xlsx import write_workbook

UNITS_SHEET, STAFF_SHEET = "机构", "人员"
UNIT_COLUMNS = (
    "机构代码", "机构名称", "机构简称", "机构层级", "上级机构代码", "机构树", "经营属性", "机构性质",
    "行政区划代码", "邮政编码", "生效日期", "失效日期",
)  # fmt: skip
STAFF_COLUMNS = (
    "员工编号", "姓名", "性别", "手机号码", "电子邮箱", "机构代码", "机构树", "岗位", "业务板块", "主岗",
    "入职日期", "离职日期",
)  # fmt: skip


def write_erp(out: Path, *, network: Network, as_of: date) -> tuple[Path, dict[str, int]]:
    """Write the workbook; answers its path and the rows of each sheet."""
    path = out / f"erp_org_{as_of:%Y%m%d}.xlsx"
    rows = write_workbook(
        path,
        {
            UNITS_SHEET: (UNIT_COLUMNS, rows_of_units(network)),
            STAFF_SHEET: (STAFF_COLUMNS, rows_of_posts(network)),
        },
    )
    return path, rows
