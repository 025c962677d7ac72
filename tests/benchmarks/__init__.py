"""Tests of measurements and campaigns: they must see what is wrong."""
