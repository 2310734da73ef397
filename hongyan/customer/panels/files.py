"""The files of a customer (文件)."""

from __future__ import annotations

from hongyan.customer.panels.tabs import Asked
from hongyan.customer.queries.followed import KIND
from hongyan.customer.queries.records import CustomerRecord
from hongyan.desk.file_panels import FilesPanel, files_panel
from hongyan.org.codes import Viewer


def files(viewer: Viewer, record: CustomerRecord, _asked: Asked) -> FilesPanel:
    """The query of the panel 文件."""
    ids = (record.customer.pk, *(alias.pk for alias in record.aliases))
    return files_panel(viewer, KIND, ids, record.customer.code)
