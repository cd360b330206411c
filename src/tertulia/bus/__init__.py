"""The order of events: on one node, the order of arrival."""
