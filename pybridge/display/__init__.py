"""What a notebook shows: exports, theorems, definitions, reports, verdicts, findings and evaluations as LaTeX and HTML.

In: one of them.  Out: LaTeX with its dollar signs, in the signs of the paper, or a piece of HTML that needs nothing else.  Open
``draw.py`` first; ``ir/shown.py`` has what the objects themselves say.
"""
