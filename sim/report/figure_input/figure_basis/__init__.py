"""What the numbers of all figures use: how a figure is declared, its caption, rows by name."""
