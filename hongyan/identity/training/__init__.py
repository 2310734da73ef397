"""Weights for the model, learned from records: from judged pairs, or from the records alone.

``labelled``   chances from pairs that somebody judged
``judged``     weights corrected by the pairs that stewards judged
``kept``       the rows a house keeps of its parties, as training reads them
``unlabelled`` chances by expectation–maximisation with Splink, which is needed for training only
"""
