"""What the `!` words do, a file for each family.

What belongs here: one function a word, called with the member, the verdict and the question. What must not:
the words themselves (`vocabulary`), deciding whether one was said (`manners`).
"""
