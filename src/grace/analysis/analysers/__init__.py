"""The analysers that come with GRACE, a folder each; they run in the decoding program and import the kit and their own libraries only."""
