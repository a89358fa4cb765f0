"""Cards for a Raspberry Pi that set a desk unit up at their first boot, without a network and without a question."""
