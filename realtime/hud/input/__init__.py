"""Keys, clicks and the time bar, and the commands that they stand for.

What leaves the screen is a `UserCommand`, what stays a `ViewCommand`.
May import: realtime.hud.facts, realtime.hud.draw, realtime.view, realtime.records.
"""
