"""What a number is: balls, exact rationals, floats, running error bounds, dual numbers, germs, symbols.

In: exact numbers and the operations that a term asks for.  Out: scalars and vectors of one algebra, and comparisons that
answer holds, fails or unknown.  Open ``base.py`` first: it has the protocol that each of the others keeps.
"""
