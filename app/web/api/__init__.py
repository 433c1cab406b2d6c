"""The REST API under `/api/v1`: what a merchant's own programs ask and change."""
