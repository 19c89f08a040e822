"""Keys, clicks and the time bar, and the commands that they stand for.

What leaves the screen is a `UserCommand`, what stays a `ViewCommand`.

May import: realtime.hud.draw, realtime.hud.facts, realtime.view, realtime.records.
"""
