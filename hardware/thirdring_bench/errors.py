"""What the bench says when something is wrong: one line, with the way to mend it."""


class BenchError(ValueError):
    """Bad data or a missing tool; the message is one line that says what, where and how to mend it."""
