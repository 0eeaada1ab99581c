"""A company that takes orders while it is looked at: how many, and how soon figures have them."""
