"""The desk unit on a Raspberry Pi: real pins, real sound cards, and the service that runs for years."""
