"""Worlds of other hands than ``bench.identity.persons``: other places, other habits, other slips of the pen.

Written from what hotlines, tellers, village clerks, shops and registries hand in, before looking at what the engine
makes of it, to see whether it has learnt one generator or the trade. Tuning seeds are below 1,000.
"""
