"""What else a kernel may compute, where no single change of a definition is all of it.

In: the rows a diagnosis looks at.  Out: ``Fitting``s, each of which explains all numbers: another ε or γ, one factor, sums over
a part of the batch or over more than it, two slips at once.  Open ``find.py`` first, which tries them in this order.
"""
