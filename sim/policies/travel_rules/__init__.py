"""Rules of where people are taken, and by which road teams drive."""
