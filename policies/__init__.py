"""What may leave: policy documents and the pure function that judges a request by them."""
