"""The page: one file with the answer, two maps in step and how it was done."""
