"""May they? Each question has one function and one answer: None for yes, or what stands in the way."""
