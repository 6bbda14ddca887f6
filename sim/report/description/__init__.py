"""A scenario or its results described for a reporting guideline: what is known, what is not."""
