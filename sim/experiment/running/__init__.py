"""
Running a study: replications of its alternatives, in processes or on a cluster, until it is
precise enough; each is kept in a journal, and all end up in tables.
"""
