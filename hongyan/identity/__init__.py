"""Who is who: normalise, find candidates, compare with safeguards, choose, explain (客户唯一性识别, CUS-003).

A library of its own: plain Python, no Django, no database, no clock. Modules in the order of use:

``record``     what one source system says about one party
``normalise``  its comparable form, a pure function
``model``      comparisons, trained weights, safeguards: once for both doors
``batch``      a file of millions against itself
``online``     one record, or a chunk of them, among known customers
``verdict``    the answer for a pair
``explain``    a verdict in words, Chinese or English, and as a waterfall (``words`` holds the words)
``training``   weights learned from records; ``evaluate`` measures against the truth
"""
