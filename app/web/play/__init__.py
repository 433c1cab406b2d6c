"""The playground: a social post, a shopper's phone and the shop's own view, on the real path."""
