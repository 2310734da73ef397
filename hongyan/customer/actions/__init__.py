"""What can be done to customers: each act is one transaction with permission, audit and event."""
