"""Facts are append-only by grant: bulk jobs add entries, nobody changes or removes one; only they keep the sums."""

from django.db import migrations

GUARD = """
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON ledger_transaction, ledger_mailitem, ledger_mailevent, ledger_balance,
    ledger_monthlyfact, ledger_unitmonth FROM hongyan_app, hongyan_group;
REVOKE UPDATE, DELETE, TRUNCATE ON ledger_transaction, ledger_mailitem, ledger_mailevent, ledger_balance
    FROM hongyan_bulk;
"""

UNGUARD = """
GRANT INSERT, UPDATE, DELETE ON ledger_transaction, ledger_mailitem, ledger_mailevent, ledger_balance,
    ledger_monthlyfact, ledger_unitmonth TO hongyan_app, hongyan_group, hongyan_bulk;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_month_grain")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
