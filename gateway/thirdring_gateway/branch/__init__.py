"""What a manager has set for the branch: kept key by key, read as one value."""
