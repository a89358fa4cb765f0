"""One module for each page of the manager's window."""
