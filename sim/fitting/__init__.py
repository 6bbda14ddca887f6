"""
From a record of past callouts to a scenario: rates, durations, speeds, teams, with their intervals.

`fitted_input` turns a record into arrays, the modules next to it fit one subject each, and
`scenario_text` writes what was found as a commented scenario. May use the scenario stage, numpy and
scipy; knows no world, no engine and no figure.
"""
