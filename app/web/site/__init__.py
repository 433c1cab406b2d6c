"""What every page of ours has in common: templates, words, static files, security headers."""
