"""What the pages say, in both languages; the glossary of `design.md` holds here too."""

ENGLISH = {
    "lang": "en",
    "product": "Data Range",
    "catalogue": "Catalogue",
    "account": "Account",
    "desk": "Desk",
    "records": "Search records",
    "demands": "Demand list",
    "lead": "Ask questions of data that may not be handed over. Only protected results leave.",
    "other_language": "简体中文",
    "search": "Search",
    "search_label": "Search by name, title or column",
    "found": "Datasets found: {count}",
    "next": "Next page",
    "nothing": "No dataset matches. Try another word, or clear the search.",
    "skip": "Skip to content",
    "back": "All datasets",
    "apply": "Apply for it",
    "facts": "At a glance",
    "name": "Name",
    "owner": "Data owner",
    "openness": "Openness",
    "access": "Way of access",
    "grade": "Grade",
    "update_cycle": "Updates",
    "purposes": "Purposes",
    "people": "People (owner's estimate)",
    "columns": "Columns",
    "columns_note": "Keys and bounds come from the release policy, never from the rows.",
    "column": "Column",
    "kind": "Kind",
    "use": "Open for",
    "keys_or_bounds": "Values",
    "description": "Description",
    "range": "{low} to {high}, in steps of {step}",
    "dates": "{low} to {high}",
    "more": "and {count} more",
    "privacy": "Privacy",
    "protected": "Protected is each person, named by the column “{unit}”, with up to {rows} rows.",
    "largest": "One answer may have an ε of {epsilon} at most.",
    "at_most": "At that limit:",
    "programs": "Run a program of your own",
    "programs_note": "A program is run over {least} to {most} blocks of people, each in a sandbox "
    "of its own with {memory} MiB, for at most {seconds} seconds. Only noised statistics of what "
    "the blocks give come out.",
    "programs_held": "Programs are held by {name}; {workers} blocks run at once.",
    "programs_off": "This site runs no programs at present.",
    "packages": "What programs may import",
    "connect": "Ask from Python",
    "connect_note": "Set DATARANGE_URL and DATARANGE_TOKEN first. Mock rows need no agreement.",
    "shut_columns": "Closed to every question: ",
    "separator": ", ",
}
CHINESE = {
    "lang": "zh-CN",
    "product": "数据靶场",
    "catalogue": "数据目录",
    "account": "我的账户",
    "desk": "工作台",
    "records": "目录检索",
    "demands": "需求清单",
    "lead": "原始数据不出域，问题照样有答案：对外提供的只有经过隐私保护的结果数据。",
    "other_language": "English",
    "search": "搜索",
    "search_label": "按名称、标题或字段搜索",
    "found": "共 {count} 个数据集",
    "next": "下一页",
    "nothing": "没有符合条件的数据集，请换个关键词，或清空搜索条件。",
    "skip": "跳到正文",
    "back": "返回数据目录",
    "apply": "申请开放",
    "facts": "基本信息",
    "name": "数据集名称",
    "owner": "数据开放主体",
    "openness": "开放类别",
    "access": "开放方式",
    "grade": "数据分级",
    "update_cycle": "更新频率",
    "purposes": "利用目的",
    "people": "涉及人数（开放主体估计）",
    "columns": "字段",
    "columns_note": "类别取值和数值范围均由释放策略公开给定，与实际数据无关。",
    "column": "字段名",
    "kind": "类型",
    "use": "可用于",
    "keys_or_bounds": "取值",
    "description": "说明",
    "range": "{low} 至 {high}，步长 {step}",
    "dates": "{low} 至 {high}",
    "more": "等，另有 {count} 项",
    "privacy": "隐私保护",
    "protected": "保护对象是每一个人，以字段“{unit}”区分；每人最多计入 {rows} 行数据。",
    "largest": "单次结果的 ε 不超过 {epsilon}。",
    "at_most": "以上限计：",
    "programs": "运行自己的程序",
    "programs_note": "程序在 {least} 至 {most} 个数据块上各运行一次，每个数据块使用独立的隔离环境，"
    "内存 {memory} MiB，最长 {seconds} 秒。对外只提供各数据块输出加噪后的统计量。",
    "programs_held": "程序由 {name} 隔离运行，同时运行 {workers} 个数据块。",
    "programs_off": "本节点目前不运行程序。",
    "packages": "程序可以导入的软件包",
    "connect": "用 Python 提问",
    "connect_note": "请先设置环境变量 DATARANGE_URL 和 DATARANGE_TOKEN；样例数据无须签约即可使用。",
    "shut_columns": "以下字段不予开放：",
    "separator": "、",
}
TERMS = {
    "en": {
        "unconditional": "unconditional",
        "conditional": "conditional",
        "closed": "closed",
        "download": "download",
        "api": "API",
        "algorithm": "algorithm or model",
        "other": "other",
        "category": "category",
        "number": "number",
        "date": "date",
        "group": "grouping",
        "filter": "filtering",
        "measure": "measuring",
        "none": "none",
    },
    "zh-CN": {
        "unconditional": "无条件开放",
        "conditional": "有条件开放",
        "closed": "不予开放",
        "download": "下载",
        "api": "接口",
        "algorithm": "以算法模型获取结果数据",
        "other": "其他",
        "category": "类别",
        "number": "数值",
        "date": "日期",
        "group": "分组",
        "filter": "筛选",
        "measure": "统计",
        "none": "不更新",
    },
}
"""Fixed values of the wire, in words; `none` is the update cycle of data that stay as they are."""


def words_for(asked: str, accepted: str) -> dict[str, str]:
    """Choose a language: the one asked for (`zh`, `en`), else the better of Accept-Language."""
    if asked in {"zh", "en"}:
        return CHINESE if asked == "zh" else ENGLISH
    return CHINESE if _weight(accepted, "zh") > _weight(accepted, "en") else ENGLISH


def _weight(accepted: str, language: str) -> float:
    """Give the greatest quality (RFC 9110, section 12.4.2) that a header grants a language."""
    weights = [0.0]
    for part in accepted.lower().split(","):
        tag, _, parameter = part.strip().partition(";")
        if tag.split("-")[0] == language:
            weights.append(_quality(parameter.strip()))
    return max(weights)


def _quality(parameter: str) -> float:
    try:
        return float(parameter.removeprefix("q=")) if parameter else 1.0
    except ValueError:
        return 0.0
