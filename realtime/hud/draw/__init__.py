"""Drawing: surfaces, text, shapes, colours, and panels that are kept while nothing changes.

Knows no snapshot and no words.

May import: config.
"""
