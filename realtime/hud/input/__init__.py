"""Keys and clicks, and the commands that leave the screen."""
