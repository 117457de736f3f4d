"""Whether an agent's text asks the customer for a secret, which no agent ever may."""

import re

from .folding import fold

_SIMPLIFIED = str.maketrans(
    "發給碼驗證報訴請說傳寫輸這裡動態提供詞鑰簡訊", "发给码验证报诉请说传写输这里动态提供词钥简讯"
)
_SECRET = re.compile(
    r"密\s?[码碼]|[验驗]\s?[证證]\s?[码碼]|校验码|动态码|动态口令|短信码|安全码|助记词|私钥|"
    r"恢复短语|(?<![a-z])(?:cvv2?|cvc2?|cvn2?)(?![a-z])|背面[^,。]{0,4}位|"
    r"\b(?:pass ?words?|passwd|pwd|pass ?codes?|pass ?phrases?|pin(?: ?(?:code|number))?s?|"
    r"otps?|one[- ]time (?:code|password|passcode)s?|"
    r"(?:verification|security|sms|auth(?:entication)?|authenticator|2fa|login|confirmation|"
    r"access) (?:code|number)s?|seed (?:phrase|words)|"
    r"recovery (?:phrase|words)|private key|secret phrase|"
    r"(?:the|your|that) (?:[46][- ]?digit )?code)\b|\b[46][- ]digit code\b"
)
# Every word for a secret holds one of these, and no replacement below makes one.
_PARTS = re.compile(
    r"[码碼钥鑰词詞令背]|短语|短語|c(?:ode|vv|vc|vn)|p(?:ass|in|wd|hrase)|otp|number|seed|recovery|key"
)
_NO_SECRET = re.compile(
    r"(?:error|promo|coupon|discount|zip|postal|country|area|status|qr|bar|invite|invitation|"
    r"referral|booking|order|currency|swift)[ -]codes?|"
    r"(?:忘记|重置|修改|更改|找回|设置|设定)(?:了)?(?:您的|你的)?(?:支付|登录|登陆|交易)?密码|"
    r"密码(?:错误|重置|找回|提示框|输入框|页面)|"
    r"(?:reset|forgot(?:ten)?|change|changing|resetting|forgetting|update|set|"
    r"recover) (?:of )?(?:your|the|a|my)?\s?(?:new |login |payment )?(?:pass ?word|pin|"
    r"passcode)|"
    r"without (?:[a-z]+ ){0,3}(?:pass ?words?|pins?|codes?)|"
    r"(?:tell (?:me|us)|let (?:me|us) know|see|check|describe) (?:when|whether|if|how|where|"
    r"why|which|what happens|what you see)\b[^,.;!?]*"
)
_REQUEST = re.compile(
    r"(?:发|发送|报|转发|截图|贴|回复|提供|告诉|告知|说|念|给|传|交)[^。!?]{0,12}?(?:给?(?:我|"
    r"我们|客服|这边|这里|过来|一下))|"
    r"(?:提供|告诉|告知|报一下|回复|发一下|发来|发过来|说一下|给一下|核对一下|核实一下|发下|报下)|"
    r"(?:在)?(?:这里|此处|对话框|聊天框?|聊天窗口|下面|这个窗口)[^。!?]{0,6}(?:输入|填写|回复|发|写)|"
    r"(?:输入|填写|发|写)[^。!?]{0,8}(?:到|在)(?:这里|此处|对话框|聊天)|把[^。!?]{0,16}?(?:发|给|告诉|报|说)|"
    r"(?:是多少|是什么|是几|多少\?)|需要(?:您|你)?的?(?=[^。,!?]{0,6}(?:密码|验证码|校验码|cvv|"
    r"助记词|私钥))|我(?:们)?(?:需|要)要?(?:您|你)的|"
    r"\b(?:tell|send|give|share|provide|forward|text|email|message|dm|read|show|reply|respond|"
    r"type|enter|post|paste|write|confirm|verify|submit|supply|state|let me (?:have|know)|"
    r"need|require|ask for|asking for|want|have|get|know|what(?:'s| is| was| are)|which)\b"
)
# English verbs that are also what a customer does in the app: only towards us they are a request.
_ON_THEIR_OWN = re.compile(
    r"^(?:enter|type|confirm|verify|submit|have|get|know|show|read|post|paste|write|which|"
    r"message|text|email|need|require|want|share|reply|respond|state)$"
)
_TOWARDS_US = re.compile(
    r"\b(?:me|us|here|chat|support|in (?:this|the) (?:chat|window|conversation)|below|back|"
    r"with (?:me|us)|(?:please|kindly|can you|could you) share|share your|(?:reply|"
    r"respond) with|"
    r"(?:may|can|could) i (?:please )?(?:have|get|know))\b|"
    r"\b(?:i|we)(?:'ll|'d)? (?:\w+ )?(?:need|require|want|must have|have to have)\b"
)
_HARMLESS = re.compile(
    r"don't worry|do not worry|don't mind|no problem|no worries|not sure|别担心|不用担心|"
    r"请?不要?担心|没关系|不好意思|别急|不急|不要着急|without delay"
)
_NEGATION = re.compile(
    r"不会|不要|请勿|切勿|勿|别(?!人)|不得|无需|不需要|不必|绝不|从不|不能|不可|不应|禁止|谨防|"
    r"警惕|不用|没有人|骗子|诈骗|冒充|假冒|任何人|有人|对方|陌生人|凡是|"
    r"\b(?:never|not|no one|nobody|without|scam(?:mer)?s?|fraud(?:ster)?s?|anyone|anybody|"
    r"someone|somebody|whoever|nor|neither|avoid|refuse|beware|fake)\b|n't\b"
)
_RECEIVED = re.compile(
    r"收到(?:了)?[^。!?]{0,6}(?:吗|没|么)|有没有收到|\b(?:did|have|has) (?:you|"
    r"the)\b[^.!?]{0,30}\b(?:receive|received|get|got|arrive|arrived|come|tried|try|changed|"
    r"reset|set)\b"
)
_SENTENCE = re.compile(r"[。!?！？;；\n]+|\.(?:\s|$)|\bbut\b|\bhowever\b|但是|但请|不过|然后请|\bjust\b")


def asks_for_secret(text: str) -> bool:
    """Whether the text asks for a password, PIN, one-time code, card value, recovery phrase or key.

    Warnings ("we never ask for your password", "tell no one your code") and directions for the app
    ("enter the code in the app") are fine.
    """
    lower = fold(text).lower
    if _PARTS.search(lower) is None:
        return False
    lower = _HARMLESS.sub(" ", lower.translate(_SIMPLIFIED))
    return any(_sentence_asks(sentence) for sentence in _SENTENCE.split(lower) if sentence)


def _sentence_asks(sentence: str) -> bool:
    said = _NO_SECRET.sub(" ", sentence)
    if _SECRET.search(said) is None or _RECEIVED.search(said):
        return False
    negation = _NEGATION.search(said)
    for request in _REQUEST.finditer(said):
        if negation and negation.start() < request.end():
            return False
        if not _ON_THEIR_OWN.match(request.group()) or _TOWARDS_US.search(said):
            return True
    return False
