"""A small city in three languages: services, groups, a guide, faults; what samples show."""

_HR = {
    "zh": "长春市人力资源和社会保障局",
    "en": "Changchun Human Resources and Social Security Bureau",
    "ko": "창춘시 인력자원사회보장국",
}
_POLICE = {"zh": "长春市公安局", "en": "Changchun Public Security Bureau", "ko": "창춘시 공안국"}
_TRANSPORT = {
    "zh": "长春市交通运输局",
    "en": "Changchun Transport Bureau",
    "ko": "창춘시 교통운수국",
}

SERVICES: tuple[tuple[str, dict[str, str], dict[str, str], str, str, bool], ...] = (
    (
        "social_insurance_participation_certificate",
        {
            "zh": "社会保险参保证明",
            "en": "Social insurance participation certificate",
            "ko": "사회보험 가입 증명서",
        },
        _HR,
        "shield-check",
        "blue",
        True,
    ),
    (
        "residence_permit",
        {"zh": "居住证申领", "en": "Residence permit", "ko": "거주증 신청"},
        _POLICE,
        "identification-card",
        "violet",
        True,
    ),
    (
        "elderly_transport_card",
        {
            "zh": "老年人公交卡（敬老卡）申领",
            "en": "Senior citizen bus card",
            "ko": "어르신 교통카드(경로카드) 신청",
        },
        _TRANSPORT,
        "bus",
        "teal",
        True,
    ),
    (
        "driving_licence_renewal",
        {
            "zh": "机动车驾驶证期满换证",
            "en": "Renewal of an expiring driving licence",
            "ko": "운전면허증 기간 만료 갱신",
        },
        _POLICE,
        "car",
        "teal",
        False,
    ),
    (
        "pension_qualification",
        {
            "zh": "城镇职工养老保险待遇领取资格认证",
            "en": "Yearly confirmation for receiving an employee pension",
            "ko": "직장인 연금 수급 자격 확인",
        },
        _HR,
        "hand-heart",
        "brown",
        False,
    ),
    (
        "household_move",
        {"zh": "户口迁移审批", "en": "Moving a household registration", "ko": "호적 이전 승인"},
        _POLICE,
        "house-line",
        "green",
        False,
    ),
)

GROUPS: tuple[tuple[str, dict[str, str], dict[str, str], str, str], ...] = (
    (
        "social",
        {"zh": "社保养老", "en": "Social insurance", "ko": "사회보험·연금"},
        {
            "zh": "参保证明 · 社保卡 · 养老金",
            "en": "Certificates · card · pension",
            "ko": "가입증명 · 사회보장카드 · 연금",
        },
        "shield-check",
        "blue",
    ),
    (
        "identity",
        {"zh": "户籍身份", "en": "Identity & residence", "ko": "호적·신분증"},
        {
            "zh": "身份证 · 居住证 · 落户",
            "en": "ID card · residence permit · register",
            "ko": "신분증 · 거주증 · 전입",
        },
        "identification-card",
        "violet",
    ),
    (
        "medical",
        {"zh": "医疗医保", "en": "Health & insurance", "ko": "의료·의료보험"},
        {
            "zh": "参保 · 报销 · 慢病",
            "en": "Enrolment · refunds · long illness",
            "ko": "가입 · 환급 · 만성질환",
        },
        "first-aid-kit",
        "red",
    ),
    (
        "transport",
        {"zh": "公交出行", "en": "Bus & driving", "ko": "교통·운전"},
        {
            "zh": "敬老卡 · 驾驶证 · 车辆",
            "en": "Senior card · licence · vehicle",
            "ko": "경로카드 · 면허증 · 차량",
        },
        "bus",
        "teal",
    ),
    (
        "education",
        {"zh": "教育入学", "en": "School & study", "ko": "교육·입학"},
        {
            "zh": "报名 · 转学 · 资助",
            "en": "Enrolment · transfer · aid",
            "ko": "입학 · 전학 · 지원금",
        },
        "graduation-cap",
        "orange",
    ),
    (
        "housing",
        {"zh": "住房公积金", "en": "Housing fund", "ko": "주택 적립금"},
        {
            "zh": "余额 · 提取 · 公租房",
            "en": "Balance · withdrawal · rent",
            "ko": "잔액 · 인출 · 임대주택",
        },
        "house-line",
        "green",
    ),
    (
        "tax",
        {"zh": "税费缴纳", "en": "Taxes & fees", "ko": "세금·요금"},
        {
            "zh": "个税 · 车船 · 水电",
            "en": "Income · vehicle · utilities",
            "ko": "소득세 · 자동차 · 수도전기",
        },
        "wallet",
        "pink",
    ),
    (
        "care",
        {"zh": "养老助残", "en": "Care & support", "ko": "돌봄·장애 지원"},
        {
            "zh": "津贴 · 残疾人证 · 低保",
            "en": "Allowance · disability card",
            "ko": "수당 · 장애인증 · 생계지원",
        },
        "hand-heart",
        "brown",
    ),
)

GUIDE: tuple[tuple[str, dict[str, str], str, dict[str, tuple[str, ...]]], ...] = (
    (
        "get",
        {"zh": "您会得到", "en": "What you get", "ko": "받으시는 것"},
        "seal-check",
        {
            "zh": ("社会保险参保证明（带电子印章，可在线验证）",),
            "en": ("A certificate with an electronic seal that anyone can verify online",),
            "ko": ("전자 인장이 있는 가입 증명서(온라인 확인 가능)",),
        },
    ),
    (
        "bring",
        {"zh": "您要带", "en": "What you bring", "ko": "가져오실 것"},
        "files",
        {
            "zh": ("居民身份证或社会保障卡", "户口簿本人页（如有）"),
            "en": (
                "Resident card or social security card",
                "Your page of the household register (if you have it)",
            ),
            "ko": ("주민 신분증 또는 사회보장카드", "호적부 본인 페이지(있는 경우)"),
        },
    ),
    (
        "time",
        {"zh": "多久能办好", "en": "How long it takes", "ko": "걸리는 시간"},
        "clock",
        {
            "zh": ("1 个工作日内", "资料齐全时通常当天办结。"),
            "en": ("Within 1 working day.", "Usually the same day when nothing is missing."),
            "ko": ("1 근무일 이내", "서류가 갖춰지면 보통 당일에 끝납니다."),
        },
    ),
    (
        "fee",
        {"zh": "费用", "en": "What it costs", "ko": "비용"},
        "coins",
        {"zh": ("不收费。",), "en": ("Nothing.",), "ko": ("무료입니다.",)},
    ),
    (
        "steps",
        {"zh": "办理步骤", "en": "How it goes", "ko": "진행 순서"},
        "list-numbers",
        {
            "zh": ("刷身份证或社保卡", "核对信息，回答几个问题", "签名，取回执"),
            "en": (
                "Lay your card on the reader",
                "Check what we know, answer a few questions",
                "Sign and take your receipt",
            ),
            "ko": (
                "카드를 판독기에 올리기",
                "정보를 확인하고 몇 가지 질문에 답하기",
                "서명하고 접수증 받기",
            ),
        },
    ),
)

SENTENCES = {
    "card.unreadable": (
        {
            "zh": "还没有读到您的卡。",
            "en": "I can't read the card yet.",
            "ko": "아직 카드를 읽지 못했습니다.",
        },
        {
            "zh": "请把卡平放在亮灯的区域，放好后不要移动。",
            "en": "Lay it flat on the lit field and leave it there.",
            "ko": "불이 켜진 곳에 평평하게 올려놓고 움직이지 마세요.",
        },
    ),
    "hub.unreachable": (
        {
            "zh": "现在连不上市政务中心。",
            "en": "The city centre can't be reached right now.",
            "ko": "지금 시 센터에 연결되지 않습니다.",
        },
        {
            "zh": "您仍可办理，恢复后会自动送达。",
            "en": "You can go on; your case is sent as soon as the line is back.",
            "ko": "계속하실 수 있습니다. 연결되면 자동으로 보냅니다.",
        },
    ),
    "kiosk.not_enrolled": (
        {
            "zh": "这台终端暂时不能使用。",
            "en": "This terminal is not in use yet.",
            "ko": "이 단말기는 아직 사용할 수 없습니다.",
        },
        {
            "zh": "请到服务台办理，工作人员很乐意帮您。",
            "en": "Please go to the desk; a member of staff is happy to help you.",
            "ko": "안내 데스크로 가시면 직원이 도와드립니다.",
        },
    ),
}
