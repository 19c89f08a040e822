"""What can be set, and every word: settings, cues, reasons, the texts of screen and report.

Each setting has a type, a range and a sentence that says when to change it. Reasons are codes
with numbers; the words for them, in every language, stand here and nowhere else.

May import: nothing.
"""
