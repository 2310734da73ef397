"""No caller's word for today makes the audit droppable: 180 days count back from the database's own clock too.

The application may enter an archive and call the function that drops a month; with a day of its own choosing it could
drop the month that is being written. What an application's clock says may only make it drop later, never earlier.
"""

from importlib import import_module

from django.db import migrations

BY_THE_CALLER: str = import_module("hongyan.core.migrations.0006_audit_by_month").DROP_MONTH
_WITHOUT_GRANTS = BY_THE_CALLER.partition("REVOKE ALL")[0].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)

BY_BOTH = _WITHOUT_GRANTS.replace(
    "> today - interval '180 days'", "> least(today, (now() AT TIME ZONE 'UTC')::date) - interval '180 days'"
)


class Migration(migrations.Migration):
    dependencies = [("core", "0007_exceptions_and_alerts")]
    operations = [migrations.RunSQL(BY_BOTH, _WITHOUT_GRANTS)]
