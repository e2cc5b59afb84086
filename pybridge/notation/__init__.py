"""How a term is written.

In: a term or proposition of ``ir``.  Out: LaTeX and Unicode text.  Open ``render.py`` first; ``signs.py`` has the signs of
both, ``paper.py`` and ``calls.py`` those of the paper, ``legend.py`` what they stand for.
"""
