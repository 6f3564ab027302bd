"""The processes: intake of reports, feeds of other formats, the projector."""
