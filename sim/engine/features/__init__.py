"""
Optional features of a run, one a module.

Each says whether a run has it (``is_in``) and registers at the hooks of the run (``install``). It
imports the state, the hooks and what is below them, and no other feature. (``homeward`` is a part
of ``closures``.)
"""
