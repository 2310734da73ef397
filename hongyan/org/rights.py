"""Which role carries which rights (角色权限). The one place to look when somebody asks "who can do what"."""

from __future__ import annotations

from hongyan.org.codes import Right, Role

_READ = frozenset({Right.CUSTOMER_READ, Right.LEDGER_READ, Right.ORG_READ})
_SERVE = _READ | {Right.CUSTOMER_REVEAL}
_LEAD = _SERVE | {Right.LEDGER_EXPORT, Right.VIEW_SHARE, Right.PARAMETER_READ, Right.INTAKE_READ}
_STEWARD = _LEAD | {Right.INTAKE_LOAD, Right.INTAKE_MEND, Right.INTAKE_SIGN, Right.PRODUCT_MAP}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.GROUP_ADMIN: _STEWARD
    | {Right.LEDGER_CHECK, Right.PARAMETER_EDIT, Right.CALENDAR_EDIT, Right.STAFF_ACTIVATE},
    Role.PROVINCE_ADMIN: _LEAD | {Right.PARAMETER_EDIT, Right.STAFF_ACTIVATE},
    Role.CITY_ADMIN: _LEAD | {Right.STAFF_ACTIVATE},
    Role.COUNTY_HEAD: _LEAD,
    Role.OUTLET_HEAD: _LEAD,
    Role.MANAGER: _SERVE,
    Role.CHIEF_MANAGER: _SERVE,
    Role.WEALTH_MANAGER: _SERVE,
    Role.KEY_ACCOUNT_MANAGER: _SERVE,
    Role.AGENT: _SERVE,
    Role.AGENT_LEAD: _SERVE,
    Role.QUALITY: _READ,
    Role.DISPATCHER: _READ,
    Role.MARKETER: _READ | {Right.VIEW_SHARE},
    Role.ANALYST: _READ | {Right.LEDGER_EXPORT, Right.VIEW_SHARE},
    Role.APPROVER: _READ,
    Role.FINANCE: _READ | {Right.LEDGER_EXPORT},
    Role.STEWARD: _STEWARD,
    Role.AUDITOR: frozenset({Right.AUDIT_READ, Right.AUDIT_EXPORT, Right.ORG_READ, Right.PARAMETER_READ}),
    Role.SYSTEM_ADMIN: frozenset(
        {
            Right.ORG_READ,
            Right.LEDGER_CHECK,
            Right.PARAMETER_READ,
            Right.PARAMETER_EDIT,
            Right.CALENDAR_EDIT,
            Right.INTAKE_READ,
        }
    ),
    Role.SECURITY_ADMIN: frozenset(
        {Right.ORG_READ, Right.PARAMETER_READ, Right.PARAMETER_EDIT, Right.STAFF_ACTIVATE}
    ),
    Role.READER: _READ,
}

PRIVILEGED = frozenset(
    {
        Right.AUDIT_READ,
        Right.AUDIT_EXPORT,
        Right.CALENDAR_EDIT,
        Right.CUSTOMER_EXPORT,
        Right.INTAKE_SIGN,
        Right.LEDGER_CHECK,
        Right.LEDGER_EXPORT,
        Right.PARAMETER_EDIT,
        Right.STAFF_ACTIVATE,
    }
)
"""Rights that take a second factor to hold: those of administrators, auditors, stewards and exports (BARS A 23)."""

PRIVILEGED_ROLES = tuple(role for role, rights in RIGHTS.items() if rights & PRIVILEGED)
