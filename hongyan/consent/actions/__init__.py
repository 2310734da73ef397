"""What can be done about consent: each act is one transaction with permission, audit and projection."""
