"""Officers, units and capabilities on one screen, for those who administer."""
