"""What people enter beside the sensed calls: records of calls, outcomes, promised replies."""
