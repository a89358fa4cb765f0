"""The manager's window: pages, live streams and downloads over the numbers of the domain."""
