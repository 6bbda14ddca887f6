"""The commands to plan with: scenarios are written and checked, policies and measures listed."""
