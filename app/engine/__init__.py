"""Floor 2: where truth lives. Embedded (SQLite, one process) or scaled (PostgreSQL and Redis)."""
