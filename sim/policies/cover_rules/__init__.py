"""Rules that keep the area covered: where free teams wait, and who is called in."""
