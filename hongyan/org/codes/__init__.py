"""Code lists, events and small types of the organisation (机构、岗位、权限、审批)."""

from __future__ import annotations

from hongyan.org.codes.approvals import (
    ApprovalAct,
    ApprovalAsked,
    ApprovalDecided,
    ApprovalReminded,
    ApprovalState,
    ApprovalSubmitted,
    Asked,
    Joins,
    OnTimeout,
    Risk,
    StepState,
    Verdict,
)
from hongyan.org.codes.deliveries import Bringer, Counts, DivisionRow, PostcodeRow, PostRow, Refusal, UnitRow
from hongyan.org.codes.places import Agreement, DivisionLevel, Match
from hongyan.org.codes.posts import EXCLUSIVE_ROLES, AccountAct, PostGranted, PostLent, PostSource, Role
from hongyan.org.codes.units import Level, Line, Management, ReorganisationState, Tree, TreeRenumbered
from hongyan.org.codes.viewers import Holder, Right, Viewer

__all__ = [
    "EXCLUSIVE_ROLES",
    "AccountAct",
    "Agreement",
    "ApprovalAct",
    "ApprovalAsked",
    "ApprovalDecided",
    "ApprovalReminded",
    "ApprovalState",
    "ApprovalSubmitted",
    "Asked",
    "Bringer",
    "Counts",
    "DivisionLevel",
    "DivisionRow",
    "Holder",
    "Joins",
    "Level",
    "Line",
    "Management",
    "Match",
    "OnTimeout",
    "PostGranted",
    "PostLent",
    "PostRow",
    "PostSource",
    "PostcodeRow",
    "Refusal",
    "ReorganisationState",
    "Right",
    "Risk",
    "Role",
    "StepState",
    "Tree",
    "TreeRenumbered",
    "UnitRow",
    "Verdict",
    "Viewer",
]
