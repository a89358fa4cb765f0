"""Drawings for the workshop: schematic, wiring, enclosure and labels, as SVG on A4 sheets."""
