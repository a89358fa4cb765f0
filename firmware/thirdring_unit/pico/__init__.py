"""The Pico W unit: thin drivers under MicroPython around the same core; a counter without a microphone."""
