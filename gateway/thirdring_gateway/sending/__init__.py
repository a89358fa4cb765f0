"""Reports that are made by themselves: when they are due, where they go, and what became of each."""
