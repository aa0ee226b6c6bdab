"""The steps that bring the domain tables from one version to the next, run by Alembic."""
