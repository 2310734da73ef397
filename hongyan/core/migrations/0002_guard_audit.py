"""The audit is append-only by grant, and each row is read within the reader's scope."""

from django.db import migrations

GUARD = """
REVOKE UPDATE, DELETE, TRUNCATE ON core_auditevent FROM hongyan_app, hongyan_group, hongyan_bulk;
ALTER TABLE core_auditevent ENABLE ROW LEVEL SECURITY;
ALTER TABLE core_auditevent FORCE ROW LEVEL SECURITY;
CREATE POLICY written ON core_auditevent FOR INSERT TO hongyan_app, hongyan_group WITH CHECK (true);
CREATE POLICY read_in_scope ON core_auditevent FOR SELECT TO hongyan_app USING (
    org_no BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
               AND nullif(current_setting('hongyan.hi', true), '')::bigint
);
CREATE POLICY read_group ON core_auditevent FOR SELECT TO hongyan_group USING (true);
"""

UNGUARD = """
DROP POLICY written ON core_auditevent;
DROP POLICY read_in_scope ON core_auditevent;
DROP POLICY read_group ON core_auditevent;
ALTER TABLE core_auditevent NO FORCE ROW LEVEL SECURITY;
ALTER TABLE core_auditevent DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
