"""The demonstration: a whole branch at work on this machine, faster than life, and its numbers beside the truth."""
