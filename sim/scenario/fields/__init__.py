"""
The fields of a scenario file: the type of each value, the models, their schema and defaults.

Modules of models do not postpone their annotations: pydantic would have to evaluate each from its
text, which takes a quarter of the time in which models are made.
"""
