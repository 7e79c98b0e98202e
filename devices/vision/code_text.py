"""The text in a code that does not say in which character set its bytes are.

QR codes of Chinese forms and tickets hold GBK, Japanese ones Shift-JIS, others Big5 or Latin-1, and
hardly any names its set. Every set that can read the bytes is scored: how likely are these
characters, in this order, in a text of that language? The likeliest reading wins, with a start for
UTF-8 and for GB18030, because this reads codes in China. Costs are −ln of rough probabilities of a
character class divided by its size (level 1 of GB 2312: 3,755 hanzi; of JIS X 0208: 2,965 kanji;
of Big5: 5,401 hanzi).
"""

from collections.abc import Callable
from unicodedata import category

# The most frequent hanzi of running text, then frequent family names and given names, places and
# words of forms.
COMMON_HANZI = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发"
    "后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开"
    "但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并"
    "物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先"
    "海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才"
    "结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书"
    "非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领"
    "共确传师观清今切院让识候带导争运笔红台单吃火车快亲字早花六七八九百千元角收款付证号码姓性别族址"
    "省县镇乡街室楼栋层幢座村组户籍职称费税险养老医疗失业伤育缴纳参网站址编电邮箱请勿需查询办理预约"
    "李刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶"
    "阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔"
    "伟芳娜秀英敏静丽强磊洋艳勇军杰娟涛超明霞平刚桂兰玉华梅建国志文辉斌波宇浩鑫婷雪琳晶莉宁凤淑珍红"
    "长春吉林延边朝阳宽城绿园双德惠榆树农安京津沪渝广州深圳武汉成都杭州苏哈尔滨沈辽黑龙河湖四川陕甘"
    "欣怡馨妮倩茜薇蕾瑶璐琪琦涵梓轩睿泽雅悦婉宸炜翊骏媛菲琼瑞祥荣庆旭凯彬翔坤岩松鹤欧阳司徒闫苗翁驾照换"
    "青福建贵云藏疆蒙宁夏港澳测试中文汉你好欢迎扫描支付宝微信二维票据发药品检疫票务服公司有限责任股份"
)
# Given names, many of them beyond GB 2312.
NAME_HANZI = frozenset(
    "璟祎珺琇玥玟珂琬琮璇璞璨瑄瑾瑀珩珉珅昇昉昱晔晟暄暐曈炜炘烜焜煊熹燊彧懿翀翊羿翎翮翯芃芮苡茉荃菡萱葳蓁蔚薏蘅"
    "澍澔沅沄沐沣泓洵浠淏淇湉滢漪潇潼濛溪嘉妍妤姝娅婕婧嫣嬿宥宬寔岚崟峣嵘弈怿恺悰愔慕懋攸斐旻昕昶晁晗晖晞晰暘曜"
    "朔杺栩桐桓梓棠楷榕樱毓甯畅皓盈睿瞳祺禧禾稷笙筠箐粲绮绾缦缨翾聿舜苒若茗茹莛莞菁菀葶蕊蕙衍裕觅诺诗谨谦贤赟跃"
    "轶辰迦逸遥邈郁郗郢鄢鉴钊钥铄铠铭锦镕闵闻陶隽霁霖霏靓靖颉颖颢颜飒骁骅骞骥鲲鸢鸿麒麟黛"
)
_PRIORS = {"gb18030": 0.5, "shift_jis": 8.0, "big5": 5.0, "latin-1": 4.6}
_BYTE_ORDER_MARK = "\ufeff"
_NEVER = 40.0
_VOICED_MARKS = "ﾞﾟ"
_VOICEABLE = frozenset("ｳｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎ")
_HALF_VOICEABLE = frozenset("ﾊﾋﾌﾍﾎ")
_NEVER_FIRST = frozenset("ﾞﾟｰｧｨｩｪｫｬｭｮｯ｡､｣･")  # no word begins with these


def decode_text(raw: bytes) -> str | None:
    """The bytes of a code as text by the likeliest character set; None when no set reads them.

    ASCII and UTF-8 with any character from U+0800 on is taken as it is: other sets hardly ever
    make such bytes. Its byte order mark is no part of the text.
    """
    best: str | None = None
    least = float("inf")
    for coding, cost in _READINGS:
        try:
            text = raw.decode(coding)
        except UnicodeDecodeError:
            continue
        if coding == "utf-8" and (text.isascii() or _is_surely_utf8(text)):
            return text.removeprefix(_BYTE_ORDER_MARK)
        total = _PRIORS.get(coding, 0.0) + cost(text)
        if total < least:
            best, least = text, total
    return best


def _is_surely_utf8(text: str) -> bool:
    return max(text) >= "\u0800" and all(category(character) != "Cn" for character in text)


def _utf8(text: str) -> float:
    """Two-byte characters only: letters of one alphabet are likely, a mixture is not."""
    total, last = 0.0, ""
    for character in text:
        point = ord(character)
        if point < 0x80:
            continue
        if 0xC0 <= point <= 0xFF:
            script, cost = "latin", 5.0
        elif 0xA0 <= point <= 0xBF:
            script, cost = last, 6.5
        elif 0x100 <= point <= 0x17F:
            script, cost = "latin", 7.0
        elif 0x400 <= point <= 0x45F:
            script, cost = "cyrillic", 4.5
        elif 0x386 <= point <= 0x3CE:
            script, cost = "greek", 4.5
        else:
            script, cost = f"{point >> 7}", 10.0 if category(character) != "Cn" else _NEVER
        if script not in ("latin", last):
            cost += 4.0  # a text of that script begins: rare here, while one hanzi is two bytes too
        if last and script != last:
            cost += 7.0
        total, last = total + cost, script
    return total


def _gb18030(text: str) -> float:
    return sum(_gb_character(character) for character in text if character >= "\x80")


def _gb_character(character: str) -> float:
    if character in COMMON_HANZI:
        return 6.6
    if character in NAME_HANZI:
        return 9.0
    coded = character.encode("gb18030", "surrogatepass")
    if len(coded) != 2:
        return 15.0 if len(coded) == 4 and character >= "\u3400" else _NEVER
    lead, trail = coded
    if trail < 0xA1 or lead < 0xA1:
        return 15.7  # GBK's own additions: rare in names, hardly seen elsewhere
    if 0xB0 <= lead <= 0xD7:
        return 9.7
    if 0xD8 <= lead <= 0xF7:
        return 12.6
    return 8.0 if lead in (0xA1, 0xA3) else 11.5 if lead <= 0xA9 else _NEVER


def _shift_jis(text: str) -> float:
    total, last = 0.0, ""
    for character in text:
        total += _jis_character(character, last)
        last = character
    return total


def _jis_character(character: str, last: str) -> float:
    if character < "\x80":
        # Half-width katakana never runs into small letters or signs: those are second halves.
        torn = character.islower() or character in "@[]^`{|}~"
        return 5.0 if torn and "｡" <= last <= "ﾟ" else 0.0
    if "｡" <= character <= "ﾟ":
        if character == "ﾞ":
            return 1.4 if last in _VOICEABLE else 12.0
        if character == "ﾟ":
            return 1.4 if last in _HALF_VOICEABLE else 12.0
        if last not in _VOICED_MARKS and not "｡" <= last <= "ﾟ" and character in _NEVER_FIRST:
            return 9.0
        return 4.5
    if "ぁ" <= character <= "ん":
        return 5.0
    if "ァ" <= character <= "ー":
        return 5.6
    coded = character.encode("shift_jis", "replace")
    if len(coded) != 2:
        return _NEVER
    number = coded[0] << 8 | coded[1]
    if number < 0x8200:
        return 8.0
    if number < 0x889F:
        return 10.5
    return 9.2 if number <= 0x9872 else 13.0


def _big5(text: str) -> float:
    total = 0.0
    for character in text:
        if character < "\x80":
            continue
        coded = character.encode("big5", "replace")
        lead = coded[0] if len(coded) == 2 else 0
        total += 8.6 if 0xA4 <= lead <= 0xC6 else 8.5 if lead == 0xA1 else 13.0 if lead else _NEVER
    return total


def _latin_1(text: str) -> float:
    """Accented letters among plain ones; two beside each other hardly occur."""
    total, last = 0.0, ""
    for character in text:
        if character >= "\x80":
            letter = character >= "À" and character not in "×÷"
            total += 5.0 if letter else 6.0 if character in "°§£©®²³µ«»¡¿" else _NEVER
            if last >= "\x80":
                total += 8.0
            elif letter and last and not last.isalpha() and not last.isspace():
                total += 3.0
        last = character
    return total


_Cost = Callable[[str], float]
_READINGS: tuple[tuple[str, _Cost], ...] = (
    ("utf-8", _utf8),
    ("gb18030", _gb18030),
    ("shift_jis", _shift_jis),
    ("big5", _big5),
    ("latin-1", _latin_1),
)
