"""What all rules build on: what they may see and answer, and what they share."""
