"""The evidence: how messages nothing was trained on are handled, as one page a clinician can read."""
