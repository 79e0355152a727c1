"""Signals become four explained axes and a rank, by rules that are data."""
