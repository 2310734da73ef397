"""Files on a customer of the demo's outlet: a contract in its second version that ends soon, a licence (文件)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING

from hongyan.core import clock

if TYPE_CHECKING:
    from hongyan.desk.records import Subject
    from hongyan.org.codes import Viewer


def keep_some_files(viewer: Viewer, subject: Subject) -> None:
    """Keep the files, as somebody who opened the customer."""
    from hongyan.desk.actions.files import Brought, Said, add_files, replace_file

    today = clock.business_date()
    said = Said("contract", "鲁邮寄 2025 第 18 号", today + timedelta(days=20))
    first = Brought(
        "寄递服务合同.pdf", BytesIO(sample_pdf(["Mailing agreement (demo)", "No. 18/2025, first draft"]))
    )
    (contract,) = add_files(viewer, subject, [first], said)
    signed = Brought(
        "寄递服务合同-盖章.pdf", BytesIO(sample_pdf(["Mailing agreement (demo)", "No. 18/2025, signed"]))
    )
    replace_file(viewer, contract.pk, signed, said)
    licence = Brought("营业执照.pdf", BytesIO(sample_pdf(["Business licence (demo)"])))
    add_files(viewer, subject, [licence], Said("licence", "历下区市场监督管理局"))


def sample_pdf(lines: Sequence[str]) -> bytes:
    """One page with some lines of Latin text.

    >>> sample_pdf(["Contract"])[:8]
    b'%PDF-1.4'
    """
    shown = "".join(
        f"({line}) Tj 0 -28 Td " for line in (one.replace("(", r"\(").replace(")", r"\)") for one in lines)
    )
    stream = f"BT /F1 20 Tf 72 760 Td {shown}ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    content, places = "%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(content))
        content += f"{number} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    content += f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    return (content + f"startxref\n{content.index('xref')}\n%%EOF\n").encode("ascii")
