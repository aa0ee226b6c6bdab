"""The calibration of readings: what evidence is worth, fitted on pages whose truth is known."""
