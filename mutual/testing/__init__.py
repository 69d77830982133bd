"""Conversation tests: files of example talks that pytest runs through the assistant that is served."""
