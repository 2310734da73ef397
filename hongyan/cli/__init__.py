"""The command line: `hongyan COMMAND`, one module per group, loaded when it is called."""
