"""What is measured of an alternative: every measure, over every grouping of callouts and staff."""
