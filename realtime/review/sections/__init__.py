"""The facts that the sections of the report show, one subject each; templates draw them."""
