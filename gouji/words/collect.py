"""Words of `gouji collect`: what it did, and a sentence for each trouble at a source.

Belongs here: troubles by the names of `flows.collecting.contract`. Does not belong here: errors of the list of sources, of the home.
"""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "asked": (
        "来源 {sources} 个，请求 {requests} 次",
        "{sources} sources, {requests} requests",
    ),
    "found": (
        "发布：新 {new}，内容有变 {revised}，未变 {unchanged}，下线 {gone}，恢复 {returned}；没有读出报告 {set_aside}",
        "publications: {new} new, {revised} revised, {unchanged} unchanged, {gone} gone, {returned} back; {set_aside} set aside",
    ),
    "resumed": (
        "接着上次中断的采集继续，已问过的没有再问。",
        "went on with the run that was broken off; nothing was asked twice.",
    ),
    "revised": ("内容有变：{address}（改动 {cells} 格）", "revised: {address} ({cells} cells changed)"),
    "revised_words": ("内容有变：{address}", "revised: {address}"),
    "moved": (
        "已移到新网址：{address}。来历和数据接在新网址上。",
        "moved to another address: {address}; its history goes on there",
    ),
    "gone": ("已下线：{address}。数据保留。", "gone: {address}; its data is kept"),
    "returned": ("重新上线：{address}", "back: {address}"),
    "restored": (
        "补回快照 {n} 份（内容与当初收到的相同）",
        "{n} lost snapshots are back, with the content that was received then",
    ),
    "set_aside": ("没有读出报告：{address}：{why}", "set aside: {address}: {why}"),
    "trouble": ("{source}：{address}：{what}{detail}", "{source}: {address}: {what}{detail}"),
    "untold": ("通知没有送到：{why}", "the notification did not get through: {why}"),
    "more": ("……另有 {n} 处，全部见 --format json。", "... and {n} more; --format json lists all."),
    "nothing_lost": ("已存妥的不受影响，下次采集再试。", "what was kept is whole, the next collect tries again."),
    # -- troubles
    "problem_network": ("连不上服务器，下次再试", "the server cannot be reached; the next run tries again"),
    "problem_left_alone": (
        "网站没有应答，其余网址这次不再问，下次再试",
        "the host did not answer; its other addresses are left alone in this run, the next run tries again",
    ),
    "problem_timed_out": ("应答太慢，已放弃，下次再试", "the answer took too long; the next run tries again"),
    "problem_certificate": (
        '网站证书过期或不是这个网站的，没有读取；确认无妨可在来源里写 allow = ["expired_certificate"] 或 ["foreign_certificate"]',
        'the certificate has expired or names another host, nothing was read; if that is all right, the source may allow "expired_certificate" or "foreign_certificate"',
    ),
    "problem_private_address": (
        '指向内部网络地址，没有连接；确实是内网来源可在来源里写 allow = ["private_address"]',
        'leads to an address of a private network, no connection was made; a source inside may allow "private_address"',
    ),
    "problem_private_elsewhere": (
        "转到来源以外的内部网络地址，没有连接；确要采集，请把那个网址写成一个来源的 address",
        "leads to an address of a private network that is not the source's own, no connection was made; if it is wanted, make it a source's address",
    ),
    "problem_http_not_allowed": (
        '要走不加密的 http，没有读取；可在来源里写 allow = ["http"]',
        'would go over plain http, nothing was read; the source may allow "http"',
    ),
    "problem_bad_address": ("网址写法有误", "this is no address"),
    "problem_too_many_redirects": ("一直跳转，没有尽头", "redirects without end"),
    "problem_gone": ("页面不存在", "there is no such page"),
    "problem_forbidden": ("网站不让读取", "the site forbids it"),
    "problem_busy": ("网站要求过一会儿再来，下次再试", "the site asks to come back later; the next run does"),
    "problem_server_error": ("网站出错，下次再试", "the site fails; the next run tries again"),
    "problem_status": ("网站的应答不能用", "the site's answer is of no use"),
    "problem_too_large": (
        "文件太大，没有读取；可用设置 request_megabytes 放宽",
        "too large; the setting request_megabytes allows more",
    ),
    "problem_cut": (
        "传到一半断了，没有采用，下次再试",
        "only half of it came and was not used; the next run tries again",
    ),
    "problem_challenge": (
        "网站用脚本验证访客（防采集），没有读取，也不绕过；可与网站联系，或改用下载好的文件夹",
        "the site tests its visitors by a script; nothing was read, and it is not worked around. Write to the site, or use a folder of files",
    ),
    "problem_robots": ("robots.txt 不许采集这个页面", "robots.txt does not allow this page"),
    "problem_robots_unavailable": (
        "robots.txt 读不到，按规矩这次不采集",
        "robots.txt cannot be read, so nothing may be fetched this time",
    ),
    "problem_daily_cap": (
        "今天问这个网站的次数已满，其余明天继续",
        "the day's requests to this host are used up; the rest follows tomorrow",
    ),
    "problem_soft_404": (
        "应答正常，内容却是“页面不存在”，没有采用，已知的报告保留；请打开网页看看，报告可能换了网址",
        "answers well, but says that there is no such page; it was not used, what is known stays. Look at the page: the report may have another address now",
    ),
    "problem_home_page": (
        "应答的是首页，不是报告，没有采用，已知的报告保留；请打开网页看看，报告可能换了网址",
        "the home page came instead of a report and was not used, what is known stays. Look at the page: the report may have another address now",
    ),
    "problem_login_page": (
        "应答的是登录页，没有采用，已知的报告保留；请打开网页看看，要登录才能看的可下载后用 gouji ingest 入库",
        "a login page came and was not used, what is known stays; look at the page. What needs a login can be downloaded and read by gouji ingest",
    ),
    "problem_captcha": (
        "应答的是验证码页（防采集），没有采用，也不绕过，已知的报告保留；下次再试，一直这样可与网站联系，或改用下载好的文件夹",
        "a captcha came and was not used nor worked around, what is known stays; the next run tries again. If it stays so, write to the site, or use a folder of files",
    ),
    "problem_maintenance": (
        "网站正在维护，应答没有采用，已知的报告保留；下次再试",
        "the site is under maintenance, its answer was not used, what is known stays; the next run tries again",
    ),
    "problem_replaced": (
        "这里原来是报告，现在不是了，没有采用，已知的报告保留；请打开网页看看，确是更正可另存后用 gouji ingest 入库",
        "no report stands where one was known; what came was not used, the known report stays. Look at the page; a correction can be saved and read by gouji ingest",
    ),
    "problem_ends_early": (
        "没有收完（缺结尾），没有采用，已知的报告保留；下次再试，三天都是同样内容才采用",
        "its end is missing; it was not used, what is known stays. The next run tries again; what comes alike on three days is taken",
    ),
    "problem_no_list": ("没有认出列表", "no list was recognised"),
    "problem_encrypted_list": (
        "列表参数加密，只能读到第一页",
        "the list's parameters are encrypted; only its first page can be read",
    ),
    "problem_no_report": (
        "没有找到报告；请打开网页看看，本来不是报告的可在来源里用 not_words 排除",
        "no report was found; look at the page. What was never to be one the source may leave out by not_words",
    ),
    "problem_script_only": ("页面只有脚本，没有内容", "the page is a script without content"),
    "problem_too_many_hops": ("层层转到别的页面，没有找到报告", "leads from page to page and to no report"),
    "problem_failed": (
        "程序出错，这个来源没有采集完；详情写在数据目录的 error.log，请交给维护者",
        "the program failed at this source; details are in the home's error.log, please send it to the maintainers",
    ),
    "problem_too_many_pages": (
        "列表页数超过 most_pages，后面的没有翻",
        "the list has more pages than most_pages allows; the rest was not read",
    ),
    "problem_unreadable_path": (
        "读不了：没有这个文件夹或文件（共享盘可能没有挂载），或没有权限",
        "cannot be read: it is not there (a share may not be mounted), or it may not be opened",
    ),
    "problem_empty_folder": ("文件夹是空的，可能没有挂载", "the folder is empty; perhaps it is not mounted"),
}
