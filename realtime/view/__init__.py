"""What a screen may know, of now or of a recording: immutable snapshots."""
