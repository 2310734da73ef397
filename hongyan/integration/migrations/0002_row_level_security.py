"""Quarantined rows hold personal data, sealed; they are read within the scope of the unit they belong to."""

from django.db import migrations

PROTECT = """
ALTER TABLE integration_quarantinedrow ENABLE ROW LEVEL SECURITY;
ALTER TABLE integration_quarantinedrow FORCE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON integration_quarantinedrow TO hongyan_app USING (
    org_no BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
               AND nullif(current_setting('hongyan.hi', true), '')::bigint
);
CREATE POLICY everything ON integration_quarantinedrow TO hongyan_group USING (true);
"""

EXPOSE = """
DROP POLICY in_scope ON integration_quarantinedrow;
DROP POLICY everything ON integration_quarantinedrow;
ALTER TABLE integration_quarantinedrow NO FORCE ROW LEVEL SECURITY;
ALTER TABLE integration_quarantinedrow DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("integration", "0001_initial")]
    operations = [migrations.RunSQL(PROTECT, EXPOSE)]
