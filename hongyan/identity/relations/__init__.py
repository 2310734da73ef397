"""Who belongs together without being the same (客户关系): households, company trees, legal representatives.

What must never join two customers still says something about them: a shared door, a phone two people answer, a name
that is another's with a branch behind it. Pure, like all of ``identity``; nothing here changes who is who.

``members``          a customer as its parties describe it
``grounds``          why two are held to belong together, and how sure that makes
``households``       persons under one roof or on one phone (家庭)
``companies``        branches and departments of a company (分支机构), companies of one owner (关联企业)
``representatives``  the person behind a company (法定代表人)
``derive``           all of it for many customers; ``keys`` where relatives are found; ``words`` the reasons in words
"""
