"""The branch's message broker: Mosquitto with a generated configuration, started and supervised here."""
