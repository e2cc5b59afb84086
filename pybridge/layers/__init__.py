"""A whole layer of somebody else's, forward and backward, against the definitions of the Lean library.

In: a layer's name and its passes, or an object that is one, such as a torch module.  Out: a ``LayerFinding``: for each output
what is known of its numbers, and what else was wrong.  Open ``run.py`` first; ``known.py`` is the table of which definition an
output is compared with, and how arrays are cut into its arguments.
"""
