"""The ledger (业务台账): what customers bought, hold and sent, as facts that are never changed."""
