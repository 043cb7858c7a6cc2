"""What the tests of the advice family share: a script in parts, of which each test gives some."""

from __future__ import annotations

IMPORTS = """
import argparse
import json
import logging
import os
import joblib
import numpy as np
import pandas as pd
import torch
from sklearn.svm import SVC
from torch import nn
log = logging.getLogger(__name__)
"""

OPTIONS = """
parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=20)
parser.add_argument("--model-dir", default=os.environ.get("SM_MODEL_DIR"))
args = parser.parse_args()
"""
