"""Trouble: the one kind of error that is meant for the person at the keyboard."""


class Trouble(Exception):  # noqa: N818 -- it reads as what it is; `TroubleError` would say it twice
    """Something a person can mend; its text is one line that says what, where and how to mend it."""
