"""The catalogue as delivered: families (L06, REF-i04) and their products.

Which code of a source means which product is said by its connector. Codes are the house's own, five digits: the line's
group, the family, the product.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

FAMILIES = (
    # code, name, English name, line
    ("0101", "函件", "Letters", "01"),
    ("0102", "包裹", "Parcels", "01"),
    ("0103", "报刊", "Newspapers and magazines", "01"),
    ("0104", "集邮", "Philately", "01"),
    ("0105", "汇兑与代理", "Remittance and agency", "01"),
    ("0201", "标准快递", "Standard express", "02"),
    ("0202", "快递包裹", "Express parcels", "02"),
    ("0203", "国际", "International", "02"),
    ("0204", "代收货款", "Cash on delivery", "02"),
    ("0301", "活期", "Demand deposits", "03"),
    ("0302", "定期", "Time deposits", "03"),
    ("0303", "理财", "Wealth management", "03"),
    ("0304", "贷款", "Loans", "03"),
    ("0305", "代理金融", "Agency finance", "03"),
    ("0401", "寿险", "Life insurance", "04"),
    ("0402", "财险", "Property insurance", "04"),
    ("0501", "股票与基金", "Shares and funds", "05"),
    ("0502", "资产管理", "Asset management", "05"),
)

POSTAL = (
    # code, family, name, English name, base product, contents, credit allowed
    ("10110", "0101", "平常信函", "Ordinary letter", "", "2", True),
    ("10120", "0101", "挂号信函", "Registered letter", "", "2", True),
    ("10130", "0101", "商业信函", "Direct mail", "", "2", True),
    ("10140", "0101", "贺年封片", "Greeting card", "", "2", False),
    ("10210", "0102", "普通包裹", "Ordinary parcel", "", "4", True),
    ("10220", "0102", "国内小包", "Domestic small packet", "", "4", True),
    ("10310", "0103", "报刊零售", "Newspaper retail", "", "", False),
    ("10320", "0103", "报刊订阅", "Subscription", "", "", True),
    ("10410", "0104", "集邮品", "Philatelic items", "", "", False),
    ("10510", "0105", "汇兑", "Remittance", "", "", False),
    ("10520", "0105", "代理缴费", "Bill payment", "", "", False),
    ("10530", "0105", "代办速递", "Express accepted for others", "", "", False),
    ("10540", "0105", "代办快递包裹", "Express parcels accepted for others", "2", "4", False),
    ("11210", "0201", "标准快递（文件）", "Standard express, documents", "1", "1", True),
    ("11220", "0201", "标准快递（信函）", "Standard express, letters", "1", "2", True),
    ("11230", "0201", "标准快递（物品）", "Standard express, goods", "1", "3", True),
    ("11310", "0202", "快递包裹", "Express parcel", "2", "4", True),
    ("11410", "0203", "国际特快专递", "International express", "1", "3", True),
    ("11420", "0203", "国际小包", "International small packet", "2", "4", True),
    ("11510", "0204", "代收货款", "Cash on delivery", "3", "3", True),
)

FINANCIAL = (
    # code, family, name, English name, risk level, is revenue
    ("20110", "0301", "活期储蓄", "Savings account", "", False),
    ("20120", "0301", "单位活期", "Corporate current account", "", False),
    ("20210", "0302", "整存整取", "Time deposit", "", False),
    ("20220", "0302", "大额存单", "Certificate of deposit", "", False),
    ("20310", "0303", "开放式理财", "Open-end wealth product", "R2", True),
    ("20320", "0303", "封闭式理财", "Closed-end wealth product", "R3", True),
    ("20410", "0304", "个人消费贷款", "Consumer loan", "", True),
    ("20420", "0304", "小额经营贷款", "Small business loan", "", True),
    ("20510", "0305", "代销基金", "Funds sold for others", "R4", True),
    ("20520", "0305", "代销国债", "Treasury bonds sold for others", "R1", True),
    ("20530", "0305", "账户服务费", "Account service fees", "", True),
    ("30110", "0401", "两全保险", "Endowment insurance", "", True),
    ("30120", "0401", "年金保险", "Annuity", "", True),
    ("30130", "0401", "终身寿险", "Whole life insurance", "", True),
    ("30140", "0401", "健康保险", "Health insurance", "", True),
    ("30210", "0402", "机动车辆保险", "Motor insurance", "", True),
    ("30220", "0402", "家庭财产保险", "Household insurance", "", True),
    ("30230", "0402", "企业财产保险", "Commercial property insurance", "", True),
    ("40110", "0501", "股票交易", "Share trading", "R4", True),
    ("40120", "0501", "基金交易", "Fund trading", "R3", True),
    ("40210", "0502", "集合资产管理", "Collective asset management", "R3", True),
)


def fill(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    family, product = apps.get_model("ledger", "ProductFamily"), apps.get_model("ledger", "Product")
    family.objects.bulk_create(
        family(code=code, name=name, name_en=name_en, line=line, sort=sort)
        for sort, (code, name, name_en, line) in enumerate(FAMILIES, 1)
    )
    product.objects.bulk_create(
        product(
            code=code,
            family_id=of,
            name=name,
            name_en=name_en,
            base=base,
            contents=contents,
            credit_allowed=credit,
        )
        for code, of, name, name_en, base, contents, credit in POSTAL
    )
    product.objects.bulk_create(
        product(code=code, family_id=of, name=name, name_en=name_en, risk_level=risk, is_revenue=revenue)
        for code, of, name, name_en, risk, revenue in FINANCIAL
    )


def empty(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("ledger", "Product").objects.all().delete()
    apps.get_model("ledger", "ProductFamily").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_row_level_security")]
    operations = [migrations.RunPython(fill, empty)]
