"""Whether a policy behaves as every policy has to, tried in worlds made for it."""
