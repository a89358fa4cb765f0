"""Thin drivers that every CPython runtime of a desk shares: files, the broker, the two lights, the loop."""
