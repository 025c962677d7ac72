"""Words of a command's usage, and of what is wrong with its arguments.

Belongs here: what argparse says in English, in both languages. Does not belong here: when it is said (`gouji.arguments`).
"""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "head": ("参数有误，看用法请用 {prog} --help", "wrong arguments; for the usage: {prog} --help"),
    "dashed": (
        "“{word}”开头的不是半角减号（可能是输入法或 Word 改成了破折号），选项前要写两个半角减号：{option}",
        "{word} begins with a dash that is no hyphen; an option begins with two hyphens: {option}",
    ),
    "unrecognized": ("没有这样的选项或多出了参数：{what}", "unrecognized arguments: {what}"),
    "perhaps": ("。是不是要写 {option}？", ". Did you mean {option}?"),
    "required": ("缺少必须写的参数：{what}", "the following arguments are required: {what}"),
    "one_of": ("下列参数必须写一个：{what}", "one of the arguments {what} is required"),
    "expects": ("{name} 后面要写内容，现在没有写", "argument {name}: a value is expected behind it"),
    "choice": ("{name} 不能写 {what}，只能写：{choices}", "argument {name}: invalid choice: {what} (choose from {choices})"),
    "value": ("{name} 后面写的 {what} 不对", "argument {name}: invalid value: {what}"),
    "together": ("{name} 和 {what} 不能同时用", "argument {name}: not allowed with argument {what}"),
    "ambiguous": ("{name} 不够明确，可以指：{what}", "ambiguous option: {name} could match {what}"),
    "usage": ("用法：", "usage: "),
    "positionals": ("要写的", "positional arguments"),
    "optionals": ("选项", "options"),
    "help": ("显示这些说明，不做别的", "show this help message and exit"),
    "no_value": ("{name} 后面不写内容，多写了 {what}", "argument {name}: ignored explicit argument {what}"),
    "format": ("结果的格式", "format of the results"),
    "paths": ("要读的文件或文件夹，可写几个", "files and folders"),
    # What stands for a value in a usage, by the word that the commands write.
    "for_FILE": ("文件", "FILE"),
    "for_PATH": ("文件或文件夹", "PATH"),
    "for_FOLDER": ("文件夹", "FOLDER"),
    "for_DIR": ("文件夹", "DIR"),
    "for_DRAFTS": ("草稿", "DRAFTS"),
    "for_LAST": ("去年年报", "LAST"),
    "for_FINISHED": ("写好的草稿", "FINISHED"),
    "for_DATE": ("日期", "DATE"),
    "for_DAY": ("日期", "DAY"),
    "for_YEAR": ("年度", "YEAR"),
    "for_Y": ("年度", "Y"),
    "for_NAME": ("名称", "NAME"),
    "for_PART": ("做什么", "PART"),
    "for_N": ("数", "N"),
    "for_HOME": ("文件夹", "HOME"),
    "for_DATABASE": ("文件名", "DATABASE"),
    "for_SCOPE": ("范围", "SCOPE"),
    "for_VERSION": ("版本", "VERSION"),
    "for_LICENCE": ("许可", "LICENCE"),
    "for_ALLOW": ("文字", "ALLOW"),
    "for_ADDRESS": ("网址", "ADDRESS"),
    "for_BODY": ("单位", "BODY"),
    "for_CODE": ("代码", "CODE"),
    "for_PLACE": ("地区", "PLACE"),
}  # fmt: skip
