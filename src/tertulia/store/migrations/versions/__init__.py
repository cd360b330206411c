"""One file a step, `vNNNN_what_it_does.py`; never edited after release."""
