"""Whole screens: coach, runner, set-up."""
