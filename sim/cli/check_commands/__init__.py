"""The commands that check the model and its results against what is known."""
