"""Who may use the gateway: people, roles, sign-in, and the record of who saw and who changed what."""
