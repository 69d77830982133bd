"""Mutual: a Rasa assistant on sympathy sex, emotional intimacy and consent.

Rasa reports usage to Segment and errors to Sentry unless told not to; people write here about the worst thing that
happened to them, so telemetry is switched off before Rasa can be imported, whatever the environment says.
"""

import os

os.environ["RASA_TELEMETRY_ENABLED"] = "false"
# TensorFlow and SQLAlchemy print pages at import; Mutual uses the first not at all and pins the second.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
# The vectors are small: more threads than one only wait for each other, at half the machine's time.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
