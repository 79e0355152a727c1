"""Hostile bytes become pixels in processes of their own: without network, files or keys, limited in memory and time."""
