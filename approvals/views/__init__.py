"""The pages of the desks. Only here the clock is read."""
