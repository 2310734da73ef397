"""Which role carries which rights (角色权限). The one place to look when somebody asks "who can do what"."""

from __future__ import annotations

from hongyan.org.codes import EXCLUSIVE_ROLES, Level, Right, Role

_READ = frozenset({Right.CUSTOMER_READ, Right.LEDGER_READ, Right.ORG_READ})
_SERVE = _READ | {Right.CUSTOMER_REVEAL, Right.NOTE_WRITE, Right.FILE_READ, Right.FILE_WRITE}
_ATTEND = _SERVE | {
    Right.CUSTOMER_APPLY,
    Right.CUSTOMER_CREATE,
    Right.CUSTOMER_CORRECT,
    Right.CUSTOMER_OBJECT,
    Right.CUSTOMER_RELATE,
    Right.CONSENT_KEEP,
    Right.REQUEST_KEEP,
    Right.LEDGER_SHARED,
    Right.TAG_SET,
}
_KEEP = _ATTEND | {Right.CUSTOMER_IMPORT}
_MANAGE = _KEEP | {Right.OWNERSHIP_CLAIM}
_LEAD = _SERVE | {
    Right.CUSTOMER_EXPORT,
    Right.CUSTOMER_FREEZE,
    Right.REQUEST_ANSWER,
    Right.LEDGER_EXPORT,
    Right.ORG_EXPORT,
    Right.VIEW_SHARE,
    Right.PARAMETER_READ,
    Right.INTAKE_READ,
    Right.BLACKLIST_READ,
    Right.BLACKLIST_EDIT,
    Right.TAG_EDIT,
    Right.TAG_SET,
    Right.QUALITY_LEAD,
}
_STEWARD = _LEAD | {
    Right.INTAKE_LOAD,
    Right.INTAKE_MEND,
    Right.INTAKE_SIGN,
    Right.PRODUCT_MAP,
    Right.CUSTOMER_CORRECT,
    Right.CONSENT_KEEP,
    Right.REQUEST_KEEP,
    Right.CUSTOMER_IMPORT,
    Right.CUSTOMER_MERGE,
    Right.CUSTOMER_RELATE,
    Right.IDENTITY_TRAIN,
    Right.CLASSES_RUN,
}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.GROUP_ADMIN: _STEWARD
    | {
        Right.CONSENT_PUBLISH,
        Right.LEDGER_CHECK,
        Right.PARAMETER_EDIT,
        Right.CALENDAR_EDIT,
        Right.OWNERSHIP_CHANGE,
        Right.STAFF_ACTIVATE,
        Right.POST_REQUEST,
        Right.REORGANISE,
    },
    Role.PROVINCE_ADMIN: _LEAD
    | {Right.PARAMETER_EDIT, Right.STAFF_ACTIVATE, Right.POST_REQUEST, Right.OWNERSHIP_CHANGE},
    Role.CITY_ADMIN: _LEAD | {Right.STAFF_ACTIVATE, Right.POST_REQUEST, Right.OWNERSHIP_CHANGE},
    Role.COUNTY_HEAD: _LEAD | _KEEP | {Right.OWNERSHIP_CHANGE, Right.TASK_ASSIGN},
    Role.OUTLET_HEAD: _LEAD | _KEEP | {Right.OWNERSHIP_CHANGE, Right.TASK_ASSIGN},
    Role.MANAGER: _MANAGE,
    Role.CHIEF_MANAGER: _MANAGE,
    Role.WEALTH_MANAGER: _MANAGE,
    Role.KEY_ACCOUNT_MANAGER: _MANAGE,
    Role.AGENT: _ATTEND,
    Role.AGENT_LEAD: _ATTEND | {Right.TASK_ASSIGN},
    Role.QUALITY: _READ,
    Role.DISPATCHER: _READ,
    Role.MARKETER: _READ | {Right.VIEW_SHARE},
    Role.ANALYST: _READ | {Right.IDENTITY_TRAIN, Right.LEDGER_EXPORT, Right.VIEW_SHARE},
    Role.APPROVER: _READ,
    Role.FINANCE: _READ | {Right.LEDGER_EXPORT},
    Role.STEWARD: _STEWARD,
    Role.AUDITOR: frozenset(
        {
            Right.AUDIT_READ,
            Right.AUDIT_EXPORT,
            Right.ALERT_READ,
            Right.ORG_READ,
            Right.ORG_EXPORT,
            Right.PARAMETER_READ,
        }
    ),
    Role.SYSTEM_ADMIN: frozenset(
        {
            Right.ORG_READ,
            Right.ORG_EXPORT,
            Right.EXCEPTION_HANDLE,
            Right.LEDGER_CHECK,
            Right.PARAMETER_READ,
            Right.PARAMETER_EDIT,
            Right.CALENDAR_EDIT,
            Right.INTAKE_READ,
            Right.POST_REQUEST,
            Right.REORGANISE,
        }
    ),
    Role.SECURITY_ADMIN: frozenset(
        {
            Right.ORG_READ,
            Right.ORG_EXPORT,
            Right.ALERT_READ,
            Right.PARAMETER_READ,
            Right.PARAMETER_EDIT,
            Right.STAFF_ACTIVATE,
            Right.POST_REQUEST,
        }
    ),
    Role.READER: _READ,
}

GUARDIANS = frozenset({Role.GROUP_ADMIN, Role.SECURITY_ADMIN})
"""Who sets guarded parameters, and only at the top of the house: nobody loosens what binds themselves from below."""

GUARDED_ROLES = EXCLUSIVE_ROLES | GUARDIANS
"""Roles whose accounts are opened, and whose posts are ended, by two people only (两人办理): who could act in them
would approve what binds everybody."""

PRIVILEGED = frozenset(
    {
        Right.ALERT_READ,
        Right.AUDIT_READ,
        Right.AUDIT_EXPORT,
        Right.CALENDAR_EDIT,
        Right.CONSENT_PUBLISH,
        Right.CUSTOMER_EXPORT,
        Right.CUSTOMER_MERGE,
        Right.EXCEPTION_HANDLE,
        Right.IDENTITY_TRAIN,
        Right.INTAKE_SIGN,
        Right.LEDGER_CHECK,
        Right.LEDGER_EXPORT,
        Right.ORG_EXPORT,
        Right.PARAMETER_EDIT,
        Right.POST_REQUEST,
        Right.REORGANISE,
        Right.REQUEST_ANSWER,
        Right.STAFF_ACTIVATE,
    }
)
"""Rights that take a second factor to hold: those of administrators, auditors, stewards and exports (BARS A 23)."""

PRIVILEGED_ROLES = tuple(role for role, rights in RIGHTS.items() if rights & PRIVILEGED)

_WORKING = (
    frozenset(Role) - EXCLUSIVE_ROLES - {Role.GROUP_ADMIN, Role.PROVINCE_ADMIN, Role.CITY_ADMIN, Role.STEWARD}
)

GRANTS: dict[Role, frozenset[Role]] = {
    Role.GROUP_ADMIN: frozenset(Role),
    Role.PROVINCE_ADMIN: _WORKING | {Role.CITY_ADMIN},
    Role.CITY_ADMIN: _WORKING,
    Role.SECURITY_ADMIN: frozenset(Role) - (EXCLUSIVE_ROLES - {Role.SECURITY_ADMIN}),
    Role.SYSTEM_ADMIN: _WORKING.difference(PRIVILEGED_ROLES),
}
"""Which roles a role may request for others, and end. Of the three that watch each other, none requests another."""

LEVELS: dict[Role, frozenset[Level]] = {
    Role.GROUP_ADMIN: frozenset({Level.GROUP}),
    Role.PROVINCE_ADMIN: frozenset({Level.PROVINCE}),
    Role.CITY_ADMIN: frozenset({Level.CITY}),
    Role.COUNTY_HEAD: frozenset({Level.COUNTY}),
    Role.OUTLET_HEAD: frozenset({Level.OUTLET, Level.SEGMENT}),
}
"""At which levels a role can be requested; roles that are not named here, at each."""
