"""What programs read: the pages' numbers and lists as documented JSON."""

BASE = "api/v1/"
