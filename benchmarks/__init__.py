"""Fundtrail beside its peers: the same twelve steps, in one run, on both databases (``make bench``)."""
