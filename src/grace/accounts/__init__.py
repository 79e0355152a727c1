"""Officers, units, capabilities and the viewer: who looks, for whom, and why."""
