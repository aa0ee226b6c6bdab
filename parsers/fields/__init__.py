"""One small module for each kind of value, with the same verbs everywhere."""
