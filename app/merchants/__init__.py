"""Shops, their accounts at platforms and providers, and the keys that open the API."""
