"""Decisions about customers. Pure: no database, no clock, no framework."""
