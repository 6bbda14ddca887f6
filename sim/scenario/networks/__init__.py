"""Road networks: every format they come in, the speeds on them, and which part is connected."""
