"""Getting about: the roads in every state of the network, and the drives on them."""
