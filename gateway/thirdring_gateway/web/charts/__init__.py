"""Charts as SVG, drawn by the server: the same on a page, on paper and in a report, with no script and no library.

Each function takes numbers and finished words and returns one picture. A table with the same numbers stands beside
every chart, so a picture carries one sentence as its name and is otherwise hidden from screen readers.
"""
