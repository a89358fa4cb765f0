"""Sound to signals in 20 ms frames; nothing is stored and nothing is sent but signals."""
