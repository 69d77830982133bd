"""The directory of helplines and therapist finders, one file a country, and the reading of where a person is."""
