"""Rules of which callout a team serves: the next in the queue, or another than it drives to."""
