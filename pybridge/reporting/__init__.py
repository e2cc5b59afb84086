"""A report that a browser shows: the chain of equations as a reader walks it, and plots of what was computed.

In: an export, and which of its theorems to check.  Out: the text of one HTML file, which asks for nothing outside itself.
Nothing in it is kept from an earlier run: every number is computed when the report is written, and text and formulas are the
export's.  Open ``report.py`` first.
"""
