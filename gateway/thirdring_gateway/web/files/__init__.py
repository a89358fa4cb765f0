"""Reports as files: one computation, and formats that only show it."""
