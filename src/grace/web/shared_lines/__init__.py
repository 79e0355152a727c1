"""The list of lines and mail domains that many share."""
