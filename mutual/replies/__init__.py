"""Pure functions that turn passages and resources into messages; the actions only look up and say."""
