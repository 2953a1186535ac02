"""What is made of the figures: kept results, the table against the requirements, charts."""
