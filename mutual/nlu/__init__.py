"""The NLU components of Mutual's Rasa pipeline."""
