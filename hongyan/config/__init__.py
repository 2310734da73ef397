"""Settings and wiring: where the state lives, its secrets, Django's settings, addresses, the web server."""
