"""The channels by which people reach Mutual."""
