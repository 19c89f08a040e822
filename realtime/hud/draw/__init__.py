"""Drawing: surfaces, text, shapes, colours; knows no snapshot."""
