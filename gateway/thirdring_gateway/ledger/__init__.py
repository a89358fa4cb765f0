"""The durable record: append-only facts, projected calls, hourly sums."""
