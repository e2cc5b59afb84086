"""The project as something to cite and to check: what rests on what, its metadata, its citation.

In: an export, the sources beside it, and the facts in ``facts.py``.  Out: graphs of the theorems, the metadata files at the
root of the repository, citations of the artifact and of a theorem in it.  Open ``facts.py`` first.
"""
