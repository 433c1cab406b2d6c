"""The address form: one page that the phone's own autofill fills in."""
