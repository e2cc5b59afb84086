"""From Lean's JSON to terms: the one door to what Lean proved.

In: ``data/export.json``, or a file like it, and the Lean sources beside it.  Out: an ``Export``, the definitions and
theorems as terms of ``ir``, or a refusal in one line.  Open ``loading.py`` first; ``extract.py`` writes the file anew.
"""
