"""What the customer is told."""
