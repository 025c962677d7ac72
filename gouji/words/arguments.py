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
}  # fmt: skip

# What stands for a value in a usage, by the word that the commands write; a file's ending stays behind it.
STANDS_FOR = {
    "FILE": "文件", "PATH": "文件或文件夹", "FOLDER": "文件夹", "DIR": "文件夹", "DRAFTS": "草稿", "LAST": "去年年报",
    "FINISHED": "写好的草稿", "DATE": "日期", "DAY": "日期", "YEAR": "年度", "Y": "年度", "NAME": "名称", "N": "数",
    "HOME": "文件夹", "DATABASE": "文件名", "SCOPE": "范围", "VERSION": "版本", "LICENCE": "许可", "ALLOW": "文字",
    "ADDRESS": "网址", "BODY": "单位", "CODE": "代码", "PLACE": "地区", "SQL": "SQL",
}  # fmt: skip
