"""The ledger of differential privacy: what each budget allows, what was spent of it, and never more than that."""
