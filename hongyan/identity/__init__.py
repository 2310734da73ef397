"""Who is who: normalise, find candidates, compare with safeguards, choose, explain (客户唯一性识别, CUS-003).

A library of its own: plain Python, no Django, no database, no clock. Modules in the order of use:

``record``     what one source system says about one party
``normalise``  its comparable form, a pure function
``keys``       the keys under which candidates are looked up (clear text: blind them before storing)
``profile``    the blinded summary of a party or of a whole customer
``rules``      two profiles → a verdict (join, review, new) with its evidence
``resolve``    many verdicts → one decision; many profiles → clusters
``explain``    a verdict in words, Chinese or English
"""
