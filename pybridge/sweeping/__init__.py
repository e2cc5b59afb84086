"""A check of many batches, for hours: theorems over families, sizes, formats and seeds, kept as it goes.

In: an export and what to go over, a ``Grid``.  Out: a folder with one line for each task, which a killed run goes on with, and
an ``Account`` of it.  Open ``sweep.py`` first: ``grid.py`` says which tasks there are, ``work.py`` does one, ``processes.py``
and ``cluster.py`` share them out, ``store.py`` keeps what was found.
"""
