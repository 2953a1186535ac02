"""The database: engine, unit of work and the whole schema."""
