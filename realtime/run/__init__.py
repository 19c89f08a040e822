"""What drives the engine: live threads, files as fast as they go, many files at once."""
