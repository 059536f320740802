"""What trainingloop costs, measured. ``python -m benchmarks`` runs them all."""
