"""Drives a real Thunderbird under Xvfb as a person would, by mouse, keyboard and menus, and looks at the results."""
