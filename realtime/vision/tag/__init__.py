"""Printed square tags on waistband and ribs: reading them and printing them."""
