"""Who is who, measured (P2, P3, P4): made-up records with the field's errors, the truth beside them, and a rival.

``places``         divisions with today's and former names, and how people write an address
``persons``        people in their households, and what each system's clerk wrote of them
``organisations``  companies, branches, shops, bodies, and what was written of them
``habits``         how often which system leaves what out or gets it wrong
``relations``      P2R: households and company trees
``measure``        P2 and P3: our engine and Splink on the same records; ``febrl``: P4
"""
