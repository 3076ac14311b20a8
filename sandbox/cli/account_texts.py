"""What `datarange account` says, in both languages."""

from sandbox.cli.language import Phrase

PASSWORD = Phrase("Password: ", "密码：")
PRESENT = Phrase("Present password: ", "当前密码：")
NEW = Phrase("New password: ", "新密码：")
SIGNED_IN = Phrase(
    "Signed in as {name} ({role}) until {expires}. The token is kept in {file}.",
    "已以 {name}（{role}）的身份登录，有效期至 {expires}。令牌保存在 {file}。",
)
SIGNED_OUT = Phrase(
    "Signed out: the token is revoked and forgotten.", "已退出：令牌已撤销，本机不再保存。"
)
ISSUED = Phrase(
    "A token for {name} ({role}) until {expires}. It is shown once, now:",
    "已为 {name}（{role}）签发令牌，有效期至 {expires}。令牌仅显示这一次：",
)
REVOKED = Phrase(
    "Token {id} of {name} is revoked; it opens nothing from now on.",
    "{name} 的令牌 {id} 已撤销，立即失效。",
)
CHANGED = Phrase(
    "The password of {name} is changed; other tokens of {name} have ended.",
    "{name} 的密码已修改，其他令牌均已失效。",
)
OPENED = Phrase("{name} may sign in as {role}.", "{name} 现可以{role}身份登录。")
CLOSED = Phrase(
    "The account of {name} is closed; all of its tokens have ended.",
    "{name} 的账户已关闭，其全部令牌均已失效。",
)
ID = Phrase("Id", "编号")
NAME = Phrase("Name", "姓名")
ROLE = Phrase("Role", "角色")
LABEL = Phrase("Label", "备注")
STATE = Phrase("State", "状态")
EXPIRES = Phrase("Expires", "到期")
USED = Phrase("Last used", "最近使用")
CREATED = Phrase("Since", "开立时间")
NEVER = Phrase("never", "无")
STATES = {
    "valid": Phrase("valid", "有效"),
    "expired": Phrase("expired", "已过期"),
    "revoked": Phrase("revoked", "已撤销"),
    "open": Phrase("open", "正常"),
    "closed": Phrase("closed", "已关闭"),
}
