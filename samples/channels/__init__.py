"""What scanners, fax machines, cameras, copiers and hands do to a sheet, each step with the true way of every point."""
