"""JSON Schemas of what others write or read, generated from our models."""
