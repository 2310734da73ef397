"""Who looks after whom (管户): pools, caps, changes of managers, hand-over. Owners themselves stand in `customer`."""
