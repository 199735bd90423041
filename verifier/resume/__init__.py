"""Checks a résumé: every link and QR code in it that leads to a credential becomes one line of a table."""
