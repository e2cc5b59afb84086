"""LeanDojo as a second reader of the Lean sources: what it reads against what Lean exported, and its tracing, where that works.

In: a checkout and an export.  Out: differences with both texts, or a folder of traced files.  LeanDojo is the extra ``dojo``;
it is imported in ``reading.py`` and ``tracing.py`` alone, and only when one of its functions is called.  A trace is recorded
with the sources (``recorded.py``), by a Lean program of ours, ``Trace.lean``.  Open ``compare.py`` first.
"""
