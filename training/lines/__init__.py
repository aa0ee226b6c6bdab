"""How the shipped reader of typed lines was made: drawn fields, a small net, a judge of its own."""
