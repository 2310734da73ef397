"""Which class a customer is in: tiers, behaviour, signals of loss (分类)."""
