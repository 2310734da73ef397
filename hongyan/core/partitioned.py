"""Tables partitioned by time, for migrations (分区表)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


class CreatePartitionedModel(migrations.CreateModel):
    """CreateModel whose table is partitioned by ranges of one column, which must be part of its primary key.

    The table has no partition yet and so takes no row; indexes made on it are made on each partition. The columns
    stand in the order in which `fields` names them, so wide and aligned ones can go first.
    """

    def __init__(self, name: str, fields: Any, by: str, options: Any = None) -> None:
        super().__init__(name, fields, options)
        self.by = by

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        name, args, kwargs = super().deconstruct()
        return name, args, {**kwargs, "by": self.by}

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        plain = schema_editor.sql_create_table
        schema_editor.sql_create_table = f"{plain} PARTITION BY RANGE ({self.by})"
        try:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        finally:
            schema_editor.sql_create_table = plain
