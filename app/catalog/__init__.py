"""What a shop sells, how much of it there is, and who keeps some of it for a while."""
