"""The vault, files, digests, holdings, fingerprints, limited decoding, and the one gate to a picture."""
