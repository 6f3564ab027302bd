"""The wire contracts, generated from the models of the domain."""
