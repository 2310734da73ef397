-- Purpose: open a shell for every account or agreement that the block names and the system has not described yet.
-- Grain: one row per new hash. Index: holding_once (system, key_hash).
INSERT INTO ledger_holding (uuid, system, key_hash, number_masked, sealed, line, kind, currency, status, version, known_at, row)
SELECT gen_random_uuid(), %(system)s, named.holding_hash, named.masked, '', %(line)s, '', 'CNY', '', 0, %(known_at)s, 0
FROM (
    SELECT holding_hash, min(holding_masked) AS masked FROM fact WHERE holding_hash IS NOT NULL GROUP BY holding_hash
) named
WHERE NOT EXISTS (
    SELECT 1 FROM ledger_holding known WHERE known.system = %(system)s AND known.key_hash = named.holding_hash
)
ON CONFLICT DO NOTHING
