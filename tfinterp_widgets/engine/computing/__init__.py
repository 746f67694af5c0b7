"""Compiled passes through the model: chunks, devices, gradients, and what makes them fast."""
