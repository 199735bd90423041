"""Checks many credentials in one request: a list of links, or an archive of files, becomes one table."""
