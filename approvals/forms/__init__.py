"""The forms of the desks, made from what the acts take."""
