"""The face for a terminal: commands, options, output and exit codes, and nothing that decides.

In: the command line.  Out: tables, or JSON, on stdout, progress and refusals on stderr, and an exit code.  Open
``commands.py`` first.
"""
