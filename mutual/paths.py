"""Where Mutual's files are. Everything else takes paths as arguments with these as defaults."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
DOCUMENTS = DATA / "documents"
RESOURCES = DATA / "resources"
SAFETY = DATA / "safety"
TAXONOMY = SAFETY / "taxonomy.yml"
PATTERNS = SAFETY / "patterns.yml"
SPELLINGS = SAFETY / "spellings.yml"
CITIES = DATA / "cities.tsv"
MODELS = ROOT / "models"
CONFIG = ROOT / "config.yml"
DOMAIN = ROOT / "domain.yml"
ENDPOINTS = ROOT / "endpoints.yml"
CREDENTIALS = ROOT / "credentials.yml"
CONVERSATION_TESTS = ROOT / "tests" / "conversations"
