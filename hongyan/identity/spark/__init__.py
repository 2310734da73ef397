"""The same on a cluster: Spark moves the data, DuckDB and Python answer on every part with the batch's own code.

``session``     a Spark that is there, or what is missing
``partitions``  DuckDB's SQL on the parts of Spark's tables
``run``         the batch's stages, those spread that cost time with every record or pair
"""
