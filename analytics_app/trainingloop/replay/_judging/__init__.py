"""How two answers are judged without a model."""
