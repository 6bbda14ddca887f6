"""The results of a study as text: the answer on one screen, and every table."""
