"""Doors of the intake console (接入台): systems, deliveries, quarantine."""
