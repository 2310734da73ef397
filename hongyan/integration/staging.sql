-- Macros of staging: how a text of a source becomes a value, and what is wrong with it.
-- plain/tidy prepare a text; norm_<type> gives the normal form (NULL: cannot be one); fault_<type> gives a reason
-- code of reasons.py or NULL. Types are those of descriptors.FieldType. Pure functions of their arguments, so the
-- tests hold each against its Python counterpart in identity.normalise.

-- Full-width digits, letters and signs to their ASCII forms. Most texts of these columns have none, and looking for one
-- is ten times as fast as replacing none.
CREATE MACRO plain(x) AS CASE
    WHEN strlen(x) = length(x) OR NOT regexp_matches(x, '[　０-９Ａ-Ｚａ-ｚ－／．（），＋＠＃：＿]') THEN trim(x)
    ELSE trim(translate(x,
    '　０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ－／．（），＋＠＃：＿',
    ' 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-/.(),+@#:_')) END;

-- Text for people: outer blanks off, runs of white space to one blank, invisible characters out, full-width
-- digits and letters narrowed; Chinese punctuation stays.
CREATE MACRO tidy(x) AS CASE WHEN regexp_matches(x, '[\s\p{C}\p{Z}０-９Ａ-Ｚａ-ｚ]') THEN
    trim(regexp_replace(regexp_replace(translate(x,
        '０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ',
        '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'),
        '[\s\p{Z}]+', ' ', 'g'), '\p{C}+', '', 'g'))
    ELSE x END;

CREATE MACRO norm_text(x) AS x;
CREATE MACRO norm_name(x) AS x;
CREATE MACRO norm_division(x) AS x;
CREATE MACRO norm_postcode(x) AS x;
CREATE MACRO norm_unit(x) AS x;
CREATE MACRO norm_staff(x) AS x;
CREATE MACRO norm_email(x) AS lower(replace(x, ' ', ''));
CREATE MACRO norm_number(x) AS
    CASE WHEN regexp_full_match(x, '\d{1,18}') THEN CAST(CAST(x AS BIGINT) AS VARCHAR) END;

-- Yuan with at most two decimals.
CREATE MACRO amount_text(x) AS regexp_replace(x, '[,¥￥元\s]', '', 'g');
CREATE MACRO norm_money(x) AS
    CASE WHEN regexp_full_match(amount_text(x), '-?\d{1,15}(\.\d{1,2})?')
         THEN CAST(CAST(amount_text(x) AS DECIMAL(18, 2)) AS VARCHAR) END;

-- Amounts of host systems: whole fen, or yuan, with the sign before or behind.
CREATE MACRO signed_text(x) AS ltrim(regexp_replace(x, '^(.*\d)([+-])$', '\2\1'), '+');
CREATE MACRO norm_fen(x) AS
    CASE WHEN regexp_full_match(signed_text(x), '-?\d{1,17}')
         THEN CAST(CAST(CAST(signed_text(x) AS BIGINT) AS DECIMAL(18, 0)) * CAST(0.01 AS DECIMAL(3, 2)) AS VARCHAR) END;
CREATE MACRO norm_signed(x) AS norm_money(signed_text(x));
CREATE MACRO norm_quantity(x) AS
    CASE WHEN regexp_full_match(signed_text(x), '-?\d{1,18}')
         THEN CAST(CAST(signed_text(x) AS BIGINT) AS VARCHAR) END;

-- Days: 1980-01-02, 1980/1/2, 1980.1.2, 1980年1月2日, 19800102, each perhaps with a time behind it. What systems
-- store for "unknown" (the epochs of spreadsheets and databases) is no day. Same as identity.normalise.dates.
-- `day` is a layer of its own beneath norm_date and norm_moment.
CREATE MACRO day(x) AS TRY_CAST(
    CASE WHEN regexp_full_match(x, '\d{8}(\d{6})?')
         THEN substr(x, 1, 4) || '-' || substr(x, 5, 2) || '-' || substr(x, 7, 2)
         WHEN regexp_matches(x, '^\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}(\D|$)')
         THEN regexp_replace(x, '^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(\D.*)?$', '\1-\2-\3')
    END AS DATE);
CREATE MACRO known_day(day) AS day BETWEEN DATE '1850-01-01' AND DATE '2099-12-31'
    AND day <> DATE '1900-01-01' AND day <> DATE '1901-01-01'
    AND day <> DATE '1899-12-30' AND day <> DATE '1899-12-31';
CREATE MACRO norm_date(x, day) AS CASE WHEN known_day(day) THEN CAST(day AS VARCHAR) END;

-- Instants in Chinese time: 20261121083000, or a day with a time (midnight without).
CREATE MACRO time_text(x) AS
    CASE WHEN regexp_full_match(x, '\d{8}([01]\d|2[0-3])([0-5]\d){2}')
         THEN substr(x, 9, 2) || ':' || substr(x, 11, 2) || ':' || substr(x, 13, 2)
         WHEN regexp_matches(x, '[ T]([01]\d|2[0-3]):[0-5]\d:[0-5]\d$') THEN right(x, 8)
         WHEN regexp_matches(x, '[ T]([01]\d|2[0-3]):[0-5]\d$') THEN right(x, 5) || ':00'
         WHEN regexp_full_match(x, '\d{8}|[^: T]+') AND length(x) <= 14 AND NOT regexp_full_match(x, '\d{14}')
         THEN '00:00:00' END;
CREATE MACRO norm_moment(x, day) AS CASE WHEN known_day(day) THEN CAST(day AS VARCHAR) || 'T' || time_text(x) END;

-- Mobile numbers: eleven digits; foreign ones keep their plus and country code.
CREATE MACRO phone_digits(x) AS
    CASE WHEN regexp_full_match(x, '\d+') THEN x ELSE regexp_replace(x, '[^0-9]', '', 'g') END;
CREATE MACRO norm_mobile(x) AS
    CASE WHEN regexp_full_match(x, '1[3-9]\d{9}') THEN x
         WHEN regexp_matches(x, '^(\+|00)\s*([1-79]|8[0-57-9])') THEN '+' || regexp_replace(phone_digits(x), '^00', '')
         ELSE regexp_extract(phone_digits(x), '^(?:(?:00)?86|0)?(1[3-9]\d{9})$', 1) END;
CREATE MACRO fault_mobile(n) AS
    CASE WHEN NOT regexp_full_match(n, '1[3-9]\d{9}|\+([1-79]|8[0-57-9])\d{6,13}') THEN 'mobile'
         WHEN replace(substr(n, 5), substr(n, 5, 1), '') = '' THEN 'placeholder' END;

-- Fixed lines: area code, number, extension, as 0531-82345678-802; service numbers 400…, 800….
CREATE MACRO norm_landline(x) AS
    CASE WHEN regexp_full_match(phone_digits(x), '[48]00\d{7}') THEN phone_digits(x)
         ELSE rtrim(regexp_replace(regexp_extract(regexp_replace(x, '[\s()]', '', 'g'),
              '^(?:(?:\+|00)?86-?)?0?((?:10|2\d|[3-9]\d{2})-?\d{7,8}(?:(?:转|轉|分机|-|x|#|ext\.?)\d{1,6})?)$', 1),
              '^(10|2\d|[3-9]\d{2})-?(\d{7,8})(?:\D*(\d{1,6}))?$', '0\1-\2-\3'), '-') END;
CREATE MACRO fault_landline(n) AS CASE WHEN n = '' THEN 'landline' END;

CREATE MACRO fault_email(n) AS CASE WHEN NOT regexp_full_match(n, '[^@\s]+@[^@\s]+\.[a-z]{2,}') THEN 'email' END;
CREATE MACRO fault_postcode(n) AS CASE WHEN NOT regexp_full_match(n, '\d{6}') THEN 'postcode' END;

CREATE MACRO is_province(code) AS code IN (
    '11', '12', '13', '14', '15', '21', '22', '23', '31', '32', '33', '34', '35', '36', '37', '41', '42', '43', '44',
    '45', '46', '50', '51', '52', '53', '54', '61', '62', '63', '64', '65', '71', '81', '82');
-- GB/T 2260; 100000 is the whole country.
CREATE MACRO fault_division(n) AS
    CASE WHEN n = '100000' THEN NULL
         WHEN NOT regexp_full_match(n, '\d{6}') OR NOT is_province(substr(n, 1, 2)) THEN 'division' END;

-- A name has letters, no stars, and is no number that slipped into the wrong column.
CREATE MACRO fault_name(n) AS
    CASE WHEN regexp_matches(n, '[*＊※]') THEN 'masked_name'
         WHEN NOT regexp_matches(n, '\p{L}') OR regexp_full_match(n, '[0-9A-Z]{15,18}') THEN 'not_a_name' END;

-- Credentials (L03), in layers that staging.py puts one above the other so that nothing is calculated twice: the
-- text, whether it is a citizen's number (GB 11643), that number's body of 17 digits, the 18 characters.
CREATE MACRO credential_text(x) AS
    CASE WHEN regexp_full_match(x, '[0-9A-Z]*') THEN x
         ELSE upper(regexp_replace(x, '[\s\-_—–./,:：''"号]+', '', 'g')) END;
CREATE MACRO is_citizen(kind, party, x) AS
    kind IN ('01', '02', '03') OR (kind = '' AND party = 'P' AND regexp_full_match(x, '\d{15}|\d{17}[\dX]'));
CREATE MACRO citizen_body(x) AS
    CASE WHEN length(x) = 15 THEN TRY_CAST(substr(x, 1, 6) || '19' || substr(x, 7) AS BIGINT)
         WHEN length(x) = 18 THEN TRY_CAST(substr(x, 1, 17) AS BIGINT) END;
CREATE MACRO citizen_check(body) AS substr('10X98765432', CAST((
    (body // 10000000000000000) * 7 + (body // 1000000000000000) % 10 * 9 + (body // 100000000000000) % 10 * 10 +
    (body // 10000000000000) % 10 * 5 + (body // 1000000000000) % 10 * 8 + (body // 100000000000) % 10 * 4 +
    (body // 10000000000) % 10 * 2 + (body // 1000000000) % 10 + (body // 100000000) % 10 * 6 +
    (body // 10000000) % 10 * 3 + (body // 1000000) % 10 * 7 + (body // 100000) % 10 * 9 +
    (body // 10000) % 10 * 10 + (body // 1000) % 10 * 5 + (body // 100) % 10 * 8 + (body // 10) % 10 * 4 +
    body % 10 * 2) % 11 AS INTEGER) + 1, 1);
CREATE MACRO norm_citizen(x, body, digit) AS
    CASE WHEN length(x) = 15 AND body IS NOT NULL THEN CAST(body AS VARCHAR) || digit ELSE x END;
CREATE MACRO fault_citizen(n, body, digit) AS
    CASE WHEN length(n) <> 18 THEN 'credential_length'
         WHEN body IS NULL OR NOT regexp_full_match(n, '[1-9]\d{16}[\dX]') THEN 'credential_format'
         WHEN digit <> substr(n, 18) THEN 'credential_checksum'
         WHEN known_day(day(substr(n, 7, 8))) IS NOT TRUE THEN 'credential_birth'
         WHEN NOT is_province(substr(n, 1, 2)) AND substr(n, 1, 2) <> '83' AND substr(n, 1, 1) <> '9'
         THEN 'credential_province' END;

-- Unified social credit code (GB 32100): 17 characters weighted by powers of 3 modulo 31, and the check character.
CREATE MACRO credit_value(n, place) AS instr('0123456789ABCDEFGHJKLMNPQRTUWXY', substr(n, place, 1)) - 1;
CREATE MACRO credit_check(n) AS substr('0123456789ABCDEFGHJKLMNPQRTUWXY', CAST((31 - (
    credit_value(n, 1) + credit_value(n, 2) * 3 + credit_value(n, 3) * 9 + credit_value(n, 4) * 27 +
    credit_value(n, 5) * 19 + credit_value(n, 6) * 26 + credit_value(n, 7) * 16 + credit_value(n, 8) * 17 +
    credit_value(n, 9) * 20 + credit_value(n, 10) * 29 + credit_value(n, 11) * 25 + credit_value(n, 12) * 13 +
    credit_value(n, 13) * 8 + credit_value(n, 14) * 24 + credit_value(n, 15) * 10 + credit_value(n, 16) * 30 +
    credit_value(n, 17) * 28) % 31) % 31 AS INTEGER) + 1, 1);
CREATE MACRO fault_credit(n) AS
    CASE WHEN length(n) <> 18 THEN 'credential_length'
         WHEN NOT regexp_full_match(n, '[1-9ANY][1-9A-HJ-NPQRTUWXY]\d{6}[0-9A-HJ-NPQRTUWXY]{10}')
         THEN 'credential_format'
         WHEN credit_check(n) <> substr(n, 18) THEN 'credential_checksum' END;
-- A number that is right as the other kind is what it is, whatever type the source gave it.
CREATE MACRO fault_credential(n, kind, citizen, body, digit) AS
    CASE WHEN citizen THEN CASE WHEN fault_citizen(n, body, digit) IS NULL THEN NULL
                                WHEN fault_credit(n) IS NULL THEN NULL ELSE fault_citizen(n, body, digit) END
         WHEN kind = '20' THEN CASE WHEN fault_credit(n) IS NULL THEN NULL
                                    WHEN fault_citizen(n, body, digit) IS NULL THEN NULL ELSE fault_credit(n) END
         WHEN NOT regexp_full_match(n, '[0-9A-Z()\p{Han}]{4,30}') OR NOT regexp_matches(n, '\d')
         THEN 'credential_format' END;

-- Numbers of mail items: UPU S10, or domestic ones, whose patterns are a parameter: the caller says whether one fits.
-- Same as ledger.rules.item_numbers. The check digit is taken from the eight digits of the serial as one number.
CREATE MACRO norm_item(x) AS upper(regexp_replace(x, '[\s\-]+', '', 'g'));
CREATE MACRO is_country(code) AS regexp_full_match(code, 'AA|Q[M-Z]|X[A-Z]|ZZ') OR code IN (
    'AD', 'AE', 'AF', 'AG', 'AI', 'AL', 'AM', 'AO', 'AQ', 'AR', 'AS', 'AT', 'AU', 'AW', 'AX', 'AZ', 'BA', 'BB',
    'BD', 'BE', 'BF', 'BG', 'BH', 'BI', 'BJ', 'BL', 'BM', 'BN', 'BO', 'BQ', 'BR', 'BS', 'BT', 'BV', 'BW', 'BY',
    'BZ', 'CA', 'CC', 'CD', 'CF', 'CG', 'CH', 'CI', 'CK', 'CL', 'CM', 'CN', 'CO', 'CR', 'CU', 'CV', 'CW', 'CX',
    'CY', 'CZ', 'DE', 'DJ', 'DK', 'DM', 'DO', 'DZ', 'EC', 'EE', 'EG', 'EH', 'ER', 'ES', 'ET', 'FI', 'FJ', 'FK',
    'FM', 'FO', 'FR', 'GA', 'GB', 'GD', 'GE', 'GF', 'GG', 'GH', 'GI', 'GL', 'GM', 'GN', 'GP', 'GQ', 'GR', 'GS',
    'GT', 'GU', 'GW', 'GY', 'HK', 'HM', 'HN', 'HR', 'HT', 'HU', 'ID', 'IE', 'IL', 'IM', 'IN', 'IO', 'IQ', 'IR',
    'IS', 'IT', 'JE', 'JM', 'JO', 'JP', 'KE', 'KG', 'KH', 'KI', 'KM', 'KN', 'KP', 'KR', 'KW', 'KY', 'KZ', 'LA',
    'LB', 'LC', 'LI', 'LK', 'LR', 'LS', 'LT', 'LU', 'LV', 'LY', 'MA', 'MC', 'MD', 'ME', 'MF', 'MG', 'MH', 'MK',
    'ML', 'MM', 'MN', 'MO', 'MP', 'MQ', 'MR', 'MS', 'MT', 'MU', 'MV', 'MW', 'MX', 'MY', 'MZ', 'NA', 'NC', 'NE',
    'NF', 'NG', 'NI', 'NL', 'NO', 'NP', 'NR', 'NU', 'NZ', 'OM', 'PA', 'PE', 'PF', 'PG', 'PH', 'PK', 'PL', 'PM',
    'PN', 'PR', 'PS', 'PT', 'PW', 'PY', 'QA', 'RE', 'RO', 'RS', 'RU', 'RW', 'SA', 'SB', 'SC', 'SD', 'SE', 'SG',
    'SH', 'SI', 'SJ', 'SK', 'SL', 'SM', 'SN', 'SO', 'SR', 'SS', 'ST', 'SV', 'SX', 'SY', 'SZ', 'TC', 'TD', 'TF',
    'TG', 'TH', 'TJ', 'TK', 'TL', 'TM', 'TN', 'TO', 'TR', 'TT', 'TV', 'TW', 'TZ', 'UA', 'UG', 'UM', 'US', 'UY',
    'UZ', 'VA', 'VC', 'VE', 'VG', 'VI', 'VN', 'VU', 'WF', 'WS', 'YE', 'YT', 'ZA', 'ZM', 'ZW');
CREATE MACRO s10_rest(serial) AS (serial // 10000000 * 8 + serial // 1000000 % 10 * 6 + serial // 100000 % 10 * 4 +
    serial // 10000 % 10 * 2 + serial // 1000 % 10 * 3 + serial // 100 % 10 * 5 + serial // 10 % 10 * 9 +
    serial % 10 * 7) % 11;
CREATE MACRO s10_check(serial) AS
    CASE s10_rest(serial) WHEN 0 THEN 5 WHEN 1 THEN 0 ELSE 11 - s10_rest(serial) END;
CREATE MACRO fault_item(n, is_domestic) AS
    CASE WHEN NOT regexp_full_match(n, '[A-Z]{2}\d{9}[A-Z]{2}') THEN CASE WHEN NOT is_domestic THEN 'item' END
         WHEN substr(n, 1, 1) IN ('J', 'K', 'S', 'T', 'W') THEN 'item_reserved'
         WHEN s10_check(TRY_CAST(substr(n, 3, 8) AS INTEGER)) <> TRY_CAST(substr(n, 11, 1) AS INTEGER)
         THEN 'item_check'
         WHEN NOT is_country(substr(n, 12)) THEN 'item_country' END;

-- Numbers of accounts.
CREATE MACRO norm_account(x) AS
    CASE WHEN regexp_full_match(regexp_replace(x, '[\s\-]', '', 'g'), '[0-9A-Za-z]{4,40}')
         THEN upper(regexp_replace(x, '[\s\-]', '', 'g')) END;

-- Texts of COPY: a backslash doubled, an account masked as core.masking.mask_credential does, an
-- instant in Chinese time as the seconds since 1970.
CREATE MACRO copy_text(x) AS replace(x, '\', '\\');
CREATE MACRO mask_number(x) AS
    CASE WHEN length(x) > 10 THEN left(x, 4) || repeat('*', length(x) - 8) || right(x, 4)
         WHEN length(x) > 4 THEN left(x, 2) || repeat('*', length(x) - 4) || right(x, 2)
         ELSE repeat('*', length(x)) END;
CREATE MACRO seconds_of(x) AS CAST(CAST(epoch(CAST(x AS TIMESTAMP)) AS BIGINT) - 28800 AS VARCHAR);
