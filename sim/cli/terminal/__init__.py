"""The terminal: telling people what is wrong with a file, and stopping when asked."""
