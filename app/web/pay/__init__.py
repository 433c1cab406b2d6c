"""The payment page: what is bought, one form per method, and the way back from the provider."""
