"""Dispatch rules: who goes."""
