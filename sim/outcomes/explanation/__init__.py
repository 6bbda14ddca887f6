"""Why things went as they did: one log, or two of the same callouts, looked up step by step."""
