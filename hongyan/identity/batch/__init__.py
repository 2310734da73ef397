"""Millions of records against each other, without a database; modules in the order of use.

``records``   what is handed in, checked
``chunks``    its normalised table, on several cores
``parties``   records that say the same are one party; what is worth how much
``blocking``  which parties meet
``scoring``   the model as SQL: outcomes, bits, band of each pair
``clusters``  constrained agglomeration
``engine``    all of it, stage by stage
"""
