"""What is missing, wrong or not admissible in one submission."""
