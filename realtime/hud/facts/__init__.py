"""What a snapshot says, worked out before anything is drawn; pure."""
