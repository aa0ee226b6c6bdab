"""What stands in each zone of a sheet: characters with probabilities, marks, or nothing."""
