"""The values of a form, decoded from the ink by the grammar of their kind."""
