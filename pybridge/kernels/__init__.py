"""Somebody else's arrays and kernels against a definition of the Lean library.

In: arrays of NumPy, torch or JAX, or a callable that makes them.  Out: a ``Finding``: within the bound, another function
(with a guess which), digits lost, or not told.  Open ``rows.py`` first, for arrays, or ``run.py``, for a callable: both end in
``diagnosis.py``.
``satisfies.py`` puts arrays into a theorem; ``oracle.py`` makes a definition a NumPy function, and ``generated.py`` code with a
source.
"""
