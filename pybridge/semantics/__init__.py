"""What a term and a proposition mean, in any algebra.

In: a term or proposition, an algebra, and an ``Environment`` with a value for each of its variables.  Out: its value, its
two sides, or its truth.  Open ``evaluate.py`` first; ``environment.py`` says what a variable's value can be.  A term is
lowered to a program (``lowering.py``, ``program.py``), derivatives are programs too (``tangents.py``), and ``machine.py`` runs
them.
"""
