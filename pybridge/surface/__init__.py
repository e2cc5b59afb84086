"""The Lean sources as a person wrote them: declarations with their places, statements as trees, names, premises.

In: the text of a ``.lean`` file, or a checkout.  Out: declarations (name, place, docstring, attributes, variables in scope,
statement, proof), terms as trees without parentheses, and which theorems of the project a proof names.  Nothing is elaborated,
and neither Lean nor LeanDojo is needed: this is surface syntax, read to be compared with what Lean exported.  Open
``library.py`` first.
"""
