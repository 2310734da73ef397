"""Decisions about consent. Pure: no database, no clock, no framework."""
