"""The parts of ``grace validate``: a scratch installation, a world played through it, one module a section of the report."""
