"""Measurements. Each module is one, runs by itself, and counts a figure only when the work behind it was right."""
