"""The flash of a Pico W: its file system, as an image, as a file to drag and drop, or copied to an attached board."""
