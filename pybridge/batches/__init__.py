"""Concrete batches for a theorem, made from its kinds and hypotheses, never from its name.

In: a theorem.  Out: its ``Plan``, which says what it asks of a batch; a stream of ``Batch``, exact values for the variables
that no hypothesis determines, drawn or recorded; and an environment with those that one does.  Open ``plan.py`` first, then
``generate.py``.
"""
