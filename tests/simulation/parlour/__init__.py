"""Models, people and agents in one simulated parlour: the whole of a talk from a seed.

Beside `tests.simulation.world`, which watches every line of the server, this world watches what models do
with what they hear: their manners, their prompts, what they spend, and what a killed process leaves of it.
"""
