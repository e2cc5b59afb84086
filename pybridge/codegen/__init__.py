"""A definition as code that runs by itself: Python with NumPy, Python for numba, or C.

In: a definition of the export and a target.  Out: the source of a function, and a runner that computes it on arrays.  Open
``lower.py`` first: a definition's program (``semantics``) becomes ``Value``s, one for each entry of a batch or one for each
batch (``values.py``); ``schedule.py`` groups them into sweeps over the entries; ``numpy_source.py``, ``numba_source.py`` and
``c_source.py`` write these down; ``numpy_runner.py`` and ``native_runner.py`` run them on arrays, walked as ``blocks.py`` says.
``bound.py`` says how far from the real number the result may be.
"""
