"""Wrong statements, which a check has to refute.

In: the export.  Out: each theorem and definition with one small change, and what became of it: refuted with a witness,
explained, or a hole in the check.  Open ``run.py`` first; ``mutants.py`` makes them of the mistakes that ``slips/`` lists,
``needed.py`` leaves out hypotheses.
"""
