"""How the recognition models that we ship were made, reproducibly. Nothing of it runs in the product."""
