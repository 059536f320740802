"""The rooms behind `trainingloop.processor.policy`."""
