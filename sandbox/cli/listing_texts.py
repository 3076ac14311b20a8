"""Labels of the catalogue's and the demand list's commands, in both languages."""

from sandbox.cli.language import Phrase

STATES = {
    "catalogued": Phrase("catalogued", "已编目"),
    "collected": Phrase("collected", "已归集"),
    "opened": Phrase("opened", "已开放"),
    "asked": Phrase("awaiting an answer", "待答复"),
    "accepted": Phrase("accepted", "已采纳"),
    "refused": Phrase("refused", "不予采纳"),
    "open": Phrase("open already", "已开放"),
}
WAYS = {
    "download": Phrase("download", "下载"),
    "api": Phrase("API", "接口"),
    "algorithm": Phrase("results by algorithm or model", "以算法模型获取结果数据"),
    "other": Phrase("other", "其他"),
}
STATE = Phrase("State", "状态")
CONTACT = Phrase("Office", "联系部门")
THEME = Phrase("Theme", "所属主题")
KEYWORDS = Phrase("Keywords", "关键词")
ORIGIN = Phrase("Obtained from", "来源地区")
ACCESS = Phrase("Access", "开放方式")
CONDITIONS = Phrase("Conditions", "开放条件")
UPDATE = Phrase("Updates", "更新频率")
NEVER = Phrase("none: they stay as they are", "不更新")
VERSIONS = Phrase("Versions", "版本")
CURRENT = Phrase("{snapshot}, taken in {created} (current)", "{snapshot}，{created} 归集（当前）")
LAST = Phrase("{snapshot}, taken in {created}", "{snapshot}，{created} 归集")
NOTHING_FOUND = Phrase(
    "Nothing that fits is listed. Ask for it: datarange demand ask",
    "目录中没有符合条件的数据，可提出需求：datarange demand ask",
)
NONE_HIDDEN = Phrase("Nothing is hidden.", "没有未公开列出的数据。")
MORE = Phrase("More: add --after {mark}", "还有更多：请加 --after {mark}")
IMPORTING = Phrase("{done} of {total} records", "已处理 {done} / {total} 条")
IMPORTED = Phrase(
    "Published: {published}. Unchanged: {unchanged}. Waiting for the body above: {waiting}.",
    "已发布 {published} 条，未变 {unchanged} 条，待上级汇总 {waiting} 条。",
)
CLASHES = Phrase(
    "Clashes: {count}. Nothing of them is published; the body above resolves them: "
    "datarange catalogue resolve NAME --owner OWNER",
    "冲突 {count} 处，均未发布，须由上级裁定：datarange catalogue resolve 标识 --owner 开放主体",
)
NO_CLASHES = Phrase("There are no clashes.", "没有冲突。")
NAME = Phrase("Name", "标识")
DIFFERS = Phrase("Differs in", "分歧")
SIDES = Phrase("Listed as", "各方所列")
FIELDS = {
    "owner": Phrase("owner", "开放主体"),
    "openness": Phrase("openness", "开放类别"),
    "grade": Phrase("grade", "分级"),
}
OPENED = Phrase(
    "{name} is open for download; version {snapshot}", "{name} 已开放下载，版本 {snapshot}"
)
TAKEN_DOWN = Phrase(
    "{name} is open no longer. To open it again: datarange catalogue open FILE --policy POLICY",
    "{name} 已停止开放。如需重新开放：datarange catalogue open 文件 --policy 策略",
)
WITHDRAWN = Phrase("No longer open", "已停止开放")
RESOLVED = Phrase("{name} stands as {owner} lists it.", "{name} 以{owner}所列为准。")
OWNER = Phrase("Body", "开放主体")
PARENT = Phrase("Body above", "上级")
NO_OWNERS = Phrase("No body answers for data here yet.", "尚无数据开放主体。")
NO_DEMANDS = Phrase("Nothing has been asked for.", "暂无需求。")
DATA = Phrase("Data", "所需数据")
USE = Phrase("Use", "用途")
ASKED = Phrase("Asked", "提出时间")
ANSWER = Phrase("Answer", "答复")
RECORD = Phrase("Record", "数据")
