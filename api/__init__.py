"""Where online submissions come in, and where cases go out."""
