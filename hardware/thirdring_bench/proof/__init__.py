"""The proof: named requirements, measured on the simulated board at every corner."""
