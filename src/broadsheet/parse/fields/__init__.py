"""Fields: what dates, names, addresses and language tags mean, whoever printed them."""
