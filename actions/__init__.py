"""Mutual's actions, one a file, named after what it does. `rasa run actions` finds them here."""
