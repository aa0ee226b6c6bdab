"""Loaded once in the server process from which children are forked: engines and templates, ready to use.

The import itself is the purpose. Nothing here opens bytes from outside.
"""

from jobs.look import engines

engines()
