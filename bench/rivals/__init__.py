"""Other ways of paying the same month, each as good as we could make it."""
