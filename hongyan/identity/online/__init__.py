"""One new record against known customers, in milliseconds, with the answer of the batch. Plain Python, no database.

``party``    one normalised row and what it is worth
``keys``     under which keys its candidates are looked up
``compiled`` conditions and safeguards as plain functions
``scoring``  the model in Python: outcomes, bits, band, verdict of a pair
``placing``  many pairs → where each new party belongs
"""
