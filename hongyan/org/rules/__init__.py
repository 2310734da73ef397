"""Decisions about the organisation, pure."""
