"""Codes that are drawn, split or written, and what codes may say."""

from pathlib import Path

from codes_truth import Truth


def make(folder: Path, truth: Truth) -> None:
    _ = (folder, truth)
