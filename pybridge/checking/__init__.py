"""Whether a theorem holds on concrete batches: a verdict.

In: a theorem and the export.  Out: a ``TheoremReport`` whose verdict is agrees, refuted (with the smallest batch found),
undecided or vacuous.  Open ``check.py`` first, then ``run.py``: ``hypotheses.py`` certifies, ``judge.py`` compares,
``shrink.py`` makes a witness small.
"""
