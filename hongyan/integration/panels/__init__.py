"""Blocks of the console's pages, made from the ledger and the descriptors: templates only draw them."""

from __future__ import annotations

from hongyan.integration.panels.checks import check_lines, quality_of
from hongyan.integration.panels.deliveries import (
    delivery_header,
    history_entries,
    path_of,
    refusal_of,
    signing_effect,
    who_may_sign,
    why_waiting,
)
from hongyan.integration.panels.findings import set_findings
from hongyan.integration.panels.imports import (
    columns_of_file,
    figures_of,
    import_header,
    import_history,
    import_path,
    import_progress,
    is_estimate,
    preview_of,
)
from hongyan.integration.panels.outcomes import outcomes_of, own_rows, records_url
from hongyan.integration.panels.progress import progress_of
from hongyan.integration.panels.quarantine import reason_lines, row_header
from hongyan.integration.panels.sections import sections
from hongyan.integration.panels.sums import facts_of, sums_of
from hongyan.integration.panels.systems import (
    connection_of,
    line_of,
    mapped_kinds,
    medium_of,
    owner_of,
    system_fields,
    system_header,
    today_of,
)

__all__ = [
    "check_lines",
    "columns_of_file",
    "connection_of",
    "delivery_header",
    "facts_of",
    "figures_of",
    "history_entries",
    "import_header",
    "import_history",
    "import_path",
    "import_progress",
    "is_estimate",
    "line_of",
    "mapped_kinds",
    "medium_of",
    "outcomes_of",
    "own_rows",
    "owner_of",
    "path_of",
    "preview_of",
    "progress_of",
    "quality_of",
    "reason_lines",
    "records_url",
    "refusal_of",
    "row_header",
    "sections",
    "set_findings",
    "signing_effect",
    "sums_of",
    "system_fields",
    "system_header",
    "today_of",
    "who_may_sign",
    "why_waiting",
]  # fmt: skip
