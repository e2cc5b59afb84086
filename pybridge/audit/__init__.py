"""An audit of the export without Lean: its terms read again from the text that Lean printed, and what else can be seen here.

In: an export, and the checkout that it is of.  Out: what was compared, and the differences, each with both sides.  No code is
shared with the exporter, and none with the evaluator: a statement's text is read by ``surface``, given types here, and made a
term, which has to be the one in the export.  Open ``terms.py`` first.
"""
