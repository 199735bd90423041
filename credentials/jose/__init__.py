"""Signed tokens: the strict compact JWS, and W3C credentials and presentations secured with it; it holds no keys."""
