"""Declarations as SymPy expressions, and a SymPy expression held against a definition.

In: the name of a definition or theorem, and the size of a batch, or none.  Out: a ``Formula`` of SymPy's expressions and
relations; and the other way round, whether an expression is the definition.  Open ``to_sympy.py`` first: ``terms.py`` writes
terms, ``statements.py`` propositions, ``reading.py`` evaluates an expression, and ``compare.py`` compares one.
"""
