"""Which form and page a sheet is, and how it lies on its template."""
