"""Weights for the model, learned from records: from judged pairs, or from the records alone.

``labelled``   chances from pairs that somebody judged
``unlabelled`` chances by expectation–maximisation with Splink, which is needed for training only
"""
