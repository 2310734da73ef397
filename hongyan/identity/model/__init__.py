"""The model of who is who: comparisons, their trained weights, the safeguards in front of them.

``conditions``   what can be said of two rows, once for SQL and for Python
``columns``      columns derived from the normalised table, likewise
``comparisons``  the outcomes of each piece of evidence, in order
``safeguards``   which outcomes keep a pair apart whatever else agrees
``weights``      the trained part: one readable JSON for each kind
"""
