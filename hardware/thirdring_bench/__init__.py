"""The facilities bench: pins, board, drawings, images and bench checks."""
