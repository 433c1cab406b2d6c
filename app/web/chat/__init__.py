"""Web chat as pages see it: sessions, what was said, a stream of what is said, the widget."""
