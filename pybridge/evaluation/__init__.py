"""Somebody's own batch, put into the theorems: both sides enclosed, each hypothesis with its value, the terms one by one.

In: the name of a theorem or equation, and arrays under the names of its variables, or a file that holds them.  Out: an
``Evaluation``.  Open ``evaluate.py`` first: ``needs.py`` says which variables an array is asked for, ``arrays.py`` makes exact
batches of the arrays, and ``on_batch.py`` puts one of them into a theorem.
"""
