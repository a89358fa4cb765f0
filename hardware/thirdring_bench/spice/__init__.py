"""The board in SPICE: decks made from board.toml, runs of ngspice, waveforms and edges."""
