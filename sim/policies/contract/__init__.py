"""What is asked of every rule: its declarations, its answers, and how its errors are told."""
