"""All SQL of this slice: `people` for who they are, `points` for what they earned."""
