"""The layers of a framework as it is installed, against the definitions of the Lean library.

In: the name of a framework.  Out: a ``Conformance``: for each layer, layout and format what its outputs are, and how many
digits are left as the mean grows against the spread.  Open ``run.py`` first; ``cases.py`` says which layers there are.
"""
