"""Loaded once in the server process of a worker's children: every page of every form, cut into patches.

It takes some seconds, and spares every child a good part of them; a single ``gateway try`` does better without.
"""

from templates.identify import Identifier
from templates.load import load_forms

Identifier(load_forms()).make_ready()
