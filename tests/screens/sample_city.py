"""What samples say of faults, in three languages."""

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
