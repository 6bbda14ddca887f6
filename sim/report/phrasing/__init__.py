"""How numbers, limits and names are said to people."""
