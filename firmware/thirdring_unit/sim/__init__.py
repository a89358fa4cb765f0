"""A desk without hardware: a day told in plain words becomes edges, sound, signals, and the numbers they must yield."""
