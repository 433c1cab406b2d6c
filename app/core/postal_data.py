"""The provinces of the countries whose addresses are read."""

from __future__ import annotations

_KR = {
    "서울특별시": "서울 서울시",
    "부산광역시": "부산 부산시",
    "대구광역시": "대구 대구시",
    "인천광역시": "인천 인천시",
    "광주광역시": "광주 광주시",
    "대전광역시": "대전 대전시",
    "울산광역시": "울산 울산시",
    "세종특별자치시": "세종 세종시",
    "경기도": "경기",
    "강원특별자치도": "강원 강원도",
    "충청북도": "충북",
    "충청남도": "충남",
    "전북특별자치도": "전북 전라북도",
    "전라남도": "전남",
    "경상북도": "경북",
    "경상남도": "경남",
    "제주특별자치도": "제주 제주도",
}

KR_REGIONS = frozenset(_KR)
# Every way to write a province -> its name of today.
KR_ALIASES = {alias: name for name, aliases in _KR.items() for alias in (name, *aliases.split())}

_US = (
    "AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|"
    "DE Delaware|DC District of Columbia|FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|"
    "IN Indiana|IA Iowa|KS Kansas|KY Kentucky|LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|"
    "MI Michigan|MN Minnesota|MS Mississippi|MO Missouri|MT Montana|NE Nebraska|NV Nevada|"
    "NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|NC North Carolina|ND North Dakota|"
    "OH Ohio|OK Oklahoma|OR Oregon|PA Pennsylvania|RI Rhode Island|SC South Carolina|"
    "SD South Dakota|TN Tennessee|TX Texas|UT Utah|VT Vermont|VA Virginia|WA Washington|"
    "WV West Virginia|WI Wisconsin|WY Wyoming|PR Puerto Rico|GU Guam|VI Virgin Islands|"
    "AS American Samoa|MP Northern Mariana Islands"
)
_PAIRS = [x.split(" ", 1) for x in _US.split("|")]
# Code and name in lower case -> code.
US_STATES = {key.casefold(): code for code, name in _PAIRS for key in (code, name)}

JP_PREFECTURES = (
    "北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県",
    "栃木県", "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "富山県",
    "石川県", "福井県", "山梨県", "長野県", "岐阜県", "静岡県", "愛知県", "三重県",
    "滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県", "鳥取県", "島根県",
    "岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県", "高知県", "福岡県",
    "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県",
)  # fmt: skip
