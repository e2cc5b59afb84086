"""A second proof of a statement, by symbols and without Lean, for batches of a given size.

In: a theorem, the export and a size.  Out: proved, disproved with a rational point, not decided, or nothing to prove.  Open
``prove.py`` first.
"""
