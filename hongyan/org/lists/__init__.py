"""Lists of the organisation room: staff, log-ins, audit."""
