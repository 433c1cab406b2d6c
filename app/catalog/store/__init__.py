"""All SQL of this slice: `listing` for what is sold, `stock` for the shelf and the holds on it."""
