"""What the dispatch centre and the optional features stand on: clock, state, log, hooks."""
