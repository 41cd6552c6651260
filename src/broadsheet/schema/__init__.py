"""The contract: strict Table Schema YAML, and one module for each form it is projected to."""
