"""What all figures share: their look, where labels go, and the page."""
