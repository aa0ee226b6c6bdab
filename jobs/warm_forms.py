"""Loaded once in the server process of a worker's children: every page of every form, cut into patches.

It takes some seconds, and spares every child a good part of them; a single ``gateway try`` does better without.
"""

from templates.load import load_forms
from templates.template import template_of

for _form in load_forms().forms:
    for _number in range(1, _form.page_count + 1):
        template_of(_form, _number).make_ready()
