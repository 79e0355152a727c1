"""All that a plug-in author needs, standard library only: intake formats, analysers, hashers, signals."""
