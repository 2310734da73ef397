"""The customer's life by application (申请): admission, exclusion, approval, rest and end."""
