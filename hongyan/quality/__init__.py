"""How complete, valid and fresh the data of customers are (数据质量): scores, what is wrong, completing it."""
