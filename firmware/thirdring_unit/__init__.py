"""The desk unit: senses a desk's phone and buttons, shows two lights, publishes facts."""
