"""One callout, or one decision, told in sentences: what happened, and why it differs."""
